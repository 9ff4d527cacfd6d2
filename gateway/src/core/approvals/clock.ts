import type { Clock } from './approvals.ts';

/** The machine's own. It keeps no process alive. */
export const MACHINE_CLOCK: Clock = {
  now: () => new Date(),
  wake(afterMs, call) {
    const timer = setTimeout(call, Math.min(afterMs, MAX_TIMER_MS));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Node's timers hold no more; what is woken too early looks at its clock and waits on. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Time as requests see it: what has lapsed stays lapsed when the machine's clock is set back. */
export class ForwardClock {
  readonly #now: () => Date;
  #latestMs = 0;

  constructor(now: () => Date) {
    this.#now = now;
  }

  now(): Date {
    this.atLeast(this.#now());
    return new Date(this.#latestMs);
  }

  /** It was that late already: known from what was kept. */
  atLeast(at: Date): void {
    this.#latestMs = Math.max(this.#latestMs, at.getTime());
  }
}
