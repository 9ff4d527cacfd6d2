import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { AuditEvent } from '../../../contract/audit-event.ts';
import { RecordId } from '../../../contract/ids.ts';
import { ActionRecord } from '../../../contract/record.ts';
import type { LogEntry, LogReader } from '../../core/recording/log-reader.ts';
import { pageOf } from './pages.ts';

/** `opening` is the body of the record that a `closed` row ends. */
const LogRow = z.object({
  seq: z.int(),
  kind: z.enum(['opened', 'kept', 'closed', 'event']),
  record: RecordId,
  body: z.string().nullable(),
  opening: z.string().nullable(),
  bytes: z.int(),
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
          when 'closed' then json_remove(log.body, '$.answer') when 'event' then log.body end as body,
        coalesce(octet_length(log.body), 0) + coalesce(octet_length(opening.body), 0) as bytes
      from log left join log as opening
        on log.kind = 'closed' and opening.record = log.record and opening.kind <> 'closed'
      where log.seq > ? order by log.seq limit ?`,
    );
  }

  async after(seq: number, limit: number): Promise<{ entries: LogEntry[]; reached: number }> {
    const { rows } = pageOf(this.#rows.iterate(seq, limit), LogRow);
    return { entries: rows.flatMap(entryOf), reached: rows.at(-1)?.seq ?? seq };
  }
}

/** An entry that can't be read is told as one: it holds up none of those behind it. */
function entryOf({ seq, kind, record, body, opening }: LogRow): LogEntry[] {
  if (body === null || (kind === 'closed' && opening === null)) return [];
  const unreadable: LogEntry = { seq, kind: 'unreadable', record };
  const value: unknown = JSON.parse(body);
  if (kind === 'event') {
    const event = AuditEvent.safeParse(value);
    return [event.success ? { seq, kind: 'event', event: event.data } : unreadable];
  }
  const whole = kind === 'closed' ? { ...JSON.parse(opening ?? '{}'), outcome: value } : value;
  const action = ActionRecord.safeParse(whole);
  return [action.success ? { seq, kind: 'action', record: action.data } : unreadable];
}
