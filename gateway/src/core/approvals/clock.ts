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
