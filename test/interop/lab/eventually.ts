import { setTimeout as pause } from 'node:timers/promises';

const DEADLINE_MS = 20_000;
const POLL_MS = 25;

/** Asks again until the answer is yes. Throws with `what` when it stays no. */
export async function eventually(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`It did not come about in ${DEADLINE_MS} ms: ${what}`);
    await pause(POLL_MS);
  }
}
