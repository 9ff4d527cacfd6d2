import { setTimeout as sleep } from 'node:timers/promises';

const LAG = /^sluice_import_lag_bytes (\d+)$/m;
const LOOK_EVERY_MS = 5;
const GIVE_UP_MS = 120_000;

/** How far the database was behind the journal when this was asked, and how long it took until it was not. */
export type CatchUp = { behindBytes: number; catchUpMs: number };

/** Waits until all that the journal has is in the database. `metricsUrl`: of the gateway. */
export async function catchUp(metricsUrl: string): Promise<CatchUp> {
  const beganMs = performance.now();
  const behindBytes = await lag(metricsUrl);
  for (let left = behindBytes; left > 0; left = await lag(metricsUrl)) {
    if (performance.now() - beganMs > GIVE_UP_MS) throw new Error(`the log is still ${left} bytes behind`);
    await sleep(LOOK_EVERY_MS);
  }
  return { behindBytes, catchUpMs: performance.now() - beganMs };
}

async function lag(metricsUrl: string): Promise<number> {
  const text = await (await fetch(metricsUrl)).text();
  const bytes = LAG.exec(text)?.[1];
  if (bytes === undefined) throw new Error(`${metricsUrl} tells nothing of the log: ${text.slice(0, 200)}`);
  return Number(bytes);
}
