import type { ErrorBody } from '../../../contract/error.ts';
import type { RecordQuery } from '../../core/recording/recorder.ts';

/** What crosses between the gateway's thread and the store's. Bodies are JSON texts, made and read on the gateway's side. */

/** One row to be kept. Every row of one message is on disk, or none. */
export type Write =
  | { type: 'opened' | 'kept'; record: string; principal: string; target: string; body: string }
  | { type: 'closed'; record: string; body: string }
  | { type: 'put'; collection: string; key: string; value: string; expiresAtMs: number | null }
  | { type: 'delete'; collection: string; key: string };

/** A question, answered in its own time. */
export type Ask =
  | { type: 'records'; query: RecordQuery }
  | { type: 'document'; collection: string; key: string; nowMs: number }
  | { type: 'documents'; collection: string; prefix: string; nowMs: number }
  | { type: 'take'; collection: string; key: string; nowMs: number };

/** `body` is the record without its outcome; `outcome` is JSON, or null while the action runs. */
export type RecordRow = { record: string; body: string; outcome: string | null };
export type DocumentRow = { key: string; value: string };

export type Answer = { records: RecordRow[]; documents: DocumentRow[] };

export type ToStore =
  | { type: 'write'; writes: Write[] }
  | { type: 'ask'; id: number; ask: Ask }
  | { type: 'close' };

export type FromStore =
  | { type: 'ready' }
  /** All writes of the oldest unanswered message are on disk. */
  | { type: 'written' }
  | { type: 'answer'; id: number; answer: Answer }
  | { type: 'refused'; id: number; error: ErrorBody }
  /** The store is finished: nothing after this is kept. */
  | { type: 'broken'; error: ErrorBody };
