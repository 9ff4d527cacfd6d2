import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { madeAtMs } from '../../core/flow/record-id.ts';

const Row = z.object({ record: z.string() }).optional();

/** When the newest id in the log was made, in milliseconds since the epoch; null where there is none. */
export function newestIdMs(raw: DatabaseSync): number | null {
  // As ids of gateways begin: what sorts behind them is none.
  const newest = raw.prepare(
    "select record from log where kind <> 'closed' and record < ':' order by record desc limit 1",
  );
  const row = Row.parse(newest.get());
  return row === undefined ? null : madeAtMs(row.record);
}
