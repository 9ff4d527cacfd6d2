import type { DatabaseSync } from 'node:sqlite';
import type { RecordOutcome } from '../../../contract/record.ts';

const LOST: RecordOutcome = { status: 'lost', sqlState: null, rows: 0, bytes: 0, durationMs: 0 };

/**
 * Closes, as lost, what a gateway that died had open. The lock on the folder says that nobody else's actions are
 * among them.
 */
export function recover(raw: DatabaseSync): void {
  raw
    .prepare(
      `insert into log (kind, record, body)
       select 'closed', record, ? from log as opening where kind = 'opened'
       and not exists (select 1 from log where kind = 'closed' and record = opening.record)`,
    )
    .run(JSON.stringify(LOST));
}

/** Expired documents are never given out; this makes room. */
export function forgetExpired(raw: DatabaseSync, now: Date): void {
  raw.prepare('delete from documents where expires_at_ms <= ?').run(now.getTime());
}
