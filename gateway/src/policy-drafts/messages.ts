import type { DraftReport } from '../../contract/policy-draft.ts';
import type { PolicyFile } from '../../contract/policy-endpoints.ts';
import type { WantedPart } from '../core/policy/drafts/drafts.ts';
import type { Part } from '../core/policy/drafts/part.ts';

export type ToThread =
  | { kind: 'check'; documents: readonly PolicyFile[] }
  | { kind: 'part'; wanted: WantedPart };

export type FromThread =
  | { kind: 'checked'; report: DraftReport }
  | { kind: 'part'; part: Part | { problem: string } }
  | { kind: 'failed'; why: string };
