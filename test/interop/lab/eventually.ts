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

const SETTLED_MS = 1500;

/** Waits until a quantity has not moved by more than a twentieth for a while. */
export async function settled(measure: () => number): Promise<void> {
  let reference = measure();
  let since = performance.now();
  await eventually('it settles', () => {
    const value = measure();
    if (Math.abs(value - reference) > reference / 20) {
      reference = value;
      since = performance.now();
    }
    return performance.now() - since > SETTLED_MS;
  });
}
