import type { AuditEvent } from '../../../contract/audit-event.ts';
import type { RecordId } from '../../../contract/ids.ts';
import type { ActionRecord, RecordOutcome } from '../../../contract/record.ts';
import type { RecordSearch } from '../../../contract/record-search.ts';

/** An action's record with everything but its end. */
export type OpeningRecord = Omit<ActionRecord, 'outcome'>;

/** The beginning of an action, which is written with its end, once somebody waits for it, or within moments. */
export interface Opening {
  /** Has it written now if it isn't yet; resolves once it is on disk. */
  durable(): Promise<void>;
}

/**
 * Where actions and events are kept. Every promise resolves once the write is on disk (group commit: all writes that wait
 * at one moment share one fsync). A rejection carries `record.unavailable`, and the caller closes its session.
 */
export interface Recorder {
  open(record: OpeningRecord): Opening;
  close(id: RecordId, outcome: RecordOutcome): Promise<void>;
  /** Opens and closes in one write, for actions that were refused or whose end is already known. */
  keep(record: ActionRecord): Promise<void>;
  /** Keeps something that happened and is no action on a target. Its id is new: `newRecordId`. */
  note(event: AuditEvent): Promise<void>;
}

/** A page of records, newest first. `before` is the `next` of the page before. */
export type RecordQuery = {
  /** Whose records, by exact id; null: everybody's. */
  principal: string | null;
  search?: Omit<RecordSearch, 'target'>;
  target: string | null;
  before: string | null;
  limit: number;
};

/** Pages have fewer than `limit` where records are long: `next` alone says whether more follow. */
export interface RecordReader {
  list(query: RecordQuery): Promise<{ records: ActionRecord[]; next: string | null }>;
  /** The same as JSON, as it is kept and unparsed: for whoever reads very many. Ends of actions aren't in it. */
  texts(query: RecordQuery): Promise<{ texts: string[]; next: string | null }>;
}
