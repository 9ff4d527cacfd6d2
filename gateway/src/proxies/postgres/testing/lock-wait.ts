import { setTimeout as elapsed } from 'node:timers/promises';
import type { Client } from 'pg';

const WAITING =
  "select 1 from pg_stat_activity where usename = 'sluice_gateway' and wait_event_type = 'Lock'";

/** Resolves when a statement of the gateway's waits for a lock, as `owner` sees it. */
export async function untilWaiting(owner: Client): Promise<void> {
  while ((await owner.query(WAITING)).rowCount === 0) await elapsed(10);
}
