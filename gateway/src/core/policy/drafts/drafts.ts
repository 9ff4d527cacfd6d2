import type { DraftReport } from '../../../../contract/policy-draft.ts';
import type { PolicyFile } from '../../../../contract/policy-endpoints.ts';
import type { Part } from './part.ts';

/** Drafts of policies, judged apart from the statements that run meanwhile. */
export interface PolicyDrafts {
  /** @throws SluiceError `request.invalid` where it takes too long */
  check(documents: readonly PolicyFile[], signal: AbortSignal): Promise<DraftReport>;
  /** A part of a draft, by the path that leads to it. @throws as `check` */
  partAt(wanted: WantedPart, signal: AbortSignal): Promise<Part | { problem: string }>;
}

/** `path` leads from the top of `file`. */
export type WantedPart = {
  documents: readonly PolicyFile[];
  file: string;
  path: ReadonlyArray<string | number>;
};
