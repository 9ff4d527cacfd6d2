import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { RecordOutcome } from '../../../contract/record.ts';
import type { TreeLog } from './audit/tree-log.ts';

const LOST: RecordOutcome = { status: 'lost', sqlState: null, rows: 0, bytes: 0, durationMs: 0 };

const RunningRow = z.object({ record: z.string() });

/**
 * Closes, as lost, what a gateway that died had open. The lock on the folder says that nobody else's actions are
 * among them.
 */
export function recover(raw: DatabaseSync, log: TreeLog): void {
  const rows = raw.prepare('select record from running order by record').all();
  const body = JSON.stringify(LOST);
  raw.exec('begin immediate');
  for (const row of rows) log.append({ type: 'closed', record: RunningRow.parse(row).record, body });
  raw.exec('commit');
}

/** Expired documents are never given out; this makes room. */
export function forgetExpired(raw: DatabaseSync, now: Date): void {
  raw.prepare('delete from documents where expires_at_ms <= ?').run(now.getTime());
}
