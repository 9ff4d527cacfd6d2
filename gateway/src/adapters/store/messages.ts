import type { AuditEvent } from '../../../contract/audit-event.ts';
import type { ErrorBody } from '../../../contract/error.ts';
import type { RecordQuery } from '../../core/recording/recorder.ts';
import type { PurgeOrder } from './audit/purge.ts';
import type { Position } from './journal/files.ts';

/** What crosses between the gateway's thread and the store's. Values are JSON texts, made and read on the gateway's side. */

type Document = { collection: string; key: string };

/** What administrators do to the log as a whole; its answer is a text. */
export type AuditAsk =
  /** The new verifier key. */
  | { type: 'rotateKey'; by: AuditEvent['by'] }
  /** How many contents are gone. */
  | { type: 'purge'; order: PurgeOrder }
  /** The newest checkpoint. */
  | { type: 'checkpoint' };

/** A question or a change, done in its own time and in the order of asking. What `put`, `delete` and `take` did is on disk when answered. */
export type Ask =
  | { type: 'records'; query: RecordQuery }
  | { type: 'lastSeq' }
  | ({ type: 'document' | 'take'; nowMs: number } & Document)
  | { type: 'documents'; collection: string; prefix: string; nowMs: number }
  | ({ type: 'put'; value: string; expiresAtMs: number | null } & Document)
  | ({ type: 'delete' } & Document)
  | AuditAsk;

/** `body` is the record without its outcome; `outcome` is JSON, or null while the action runs. */
export type RecordRow = { record: string; body: string; outcome: string | null };
export type DocumentRow = { key: string; value: string };

export type Answer = {
  records: RecordRow[];
  /** Of a page of records: where the next one begins. */
  next?: string | null;
  documents: DocumentRow[];
  last?: number;
  text?: string;
};

export type ToStore =
  | { type: 'ask'; id: number; ask: Ask }
  /** Everything of the journal up to here is to be in the database. */
  | { type: 'import'; upTo: Position }
  | { type: 'close' };

export type FromStore =
  /** The database is open and recovered; the journal goes on with this segment, and ids behind the newest one's time. */
  | { type: 'ready'; segment: number; newestMs: number | null }
  /** Everything before this segment is in the database. */
  | { type: 'imported'; segment: number }
  /** Was signed, and is in the database. */
  | { type: 'signed'; checkpoint: string }
  /** One sentence for whoever runs the gateway. */
  | { type: 'told'; line: string }
  | { type: 'answer'; id: number; answer: Answer }
  | { type: 'refused'; id: number; error: ErrorBody }
  /** The store is finished: nothing after this is kept. */
  | { type: 'broken'; error: ErrorBody };
