import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { AuditEvent } from '../../../contract/audit-event.ts';
import { SluiceError } from '../../../contract/error.ts';
import { ActionRecord } from '../../../contract/record.ts';
import type { LogEntry, LogReader } from '../../core/recording/log-reader.ts';

/** `opening` is the body of the record that a `closed` row ends. */
const LogRow = z.object({
  seq: z.int(),
  kind: z.enum(['opened', 'kept', 'closed', 'event']),
  record: z.string(),
  body: z.string().nullable(),
  opening: z.string().nullable(),
});
type LogRow = z.infer<typeof LogRow>;

/**
 * The log as it is in the database, over a connection of its own that reads alone: what was written in the last moments
 * may still be on its way there.
 */
export class LogFile implements LogReader {
  readonly #rows;

  constructor(raw: DatabaseSync) {
    // Recorded answers, which may be large, are left out. `body` is null of openings and of what was purged.
    this.#rows = raw.prepare(
      `select log.seq, log.kind, log.record, opening.body as opening,
        case log.kind when 'kept' then json_remove(log.body, '$.outcome.answer')
          when 'closed' then json_remove(log.body, '$.answer') when 'event' then log.body end as body
      from log left join log as opening
        on log.kind = 'closed' and opening.record = log.record and opening.kind <> 'closed'
      where log.seq > ? order by log.seq limit ?`,
    );
  }

  async after(seq: number, limit: number): Promise<{ entries: LogEntry[]; reached: number }> {
    const rows = this.#rows.all(seq, limit).map((row) => LogRow.parse(row));
    return { entries: rows.flatMap(entryOf), reached: rows.at(-1)?.seq ?? seq };
  }
}

function entryOf({ seq, kind, record, body, opening }: LogRow): LogEntry[] {
  if (body === null || (kind === 'closed' && opening === null)) return [];
  const value: unknown = JSON.parse(body);
  if (kind === 'event') {
    const event = AuditEvent.safeParse(value);
    if (event.success) return [{ seq, kind: 'event', event: event.data }];
    throw unreadable(record, event.error);
  }
  const whole = kind === 'closed' ? { ...JSON.parse(opening ?? '{}'), outcome: value } : value;
  const action = ActionRecord.safeParse(whole);
  if (action.success) return [{ seq, kind: 'action', record: action.data }];
  throw unreadable(record, action.error);
}

function unreadable(record: string, cause: unknown): SluiceError {
  return new SluiceError(
    'store.corrupt',
    `Record ${record} is not as this gateway writes records.`,
    'Keep the data folder for examination; was it written by a newer version?',
    { cause },
  );
}
