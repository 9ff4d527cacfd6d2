import type { AuditEvent } from '../../../contract/audit-event.ts';
import type { RecordId } from '../../../contract/ids.ts';
import type { ActionRecord } from '../../../contract/record.ts';

/** What happened, as the log has it. An action stands where its end does; the recorded answer is left out. */
export type LogEntry =
  | { seq: number; kind: 'action'; record: ActionRecord }
  | { seq: number; kind: 'event'; event: AuditEvent }
  /** This gateway does not know what it says: another version wrote it. */
  | { seq: number; kind: 'unreadable'; record: RecordId };

/** Reads the log in its order. */
export interface LogReader {
  /**
   * What stands in the `rows` rows behind `seq`, or in fewer where they are long; `reached` is the last of them, to go on
   * from, and `seq` itself when there is none. Rows hold openings too, and bodies that were purged, so that there are fewer entries.
   */
  after(seq: number, rows: number): Promise<{ entries: LogEntry[]; reached: number }>;
}
