/** Lets so many through at a time, in the order in which they came. */
export class Turnstile {
  #free: number;
  readonly #waiting: Array<() => void> = [];

  constructor(atATime: number) {
    this.#free = atATime;
  }

  /** Runs `work` when it is its turn; what it gives or throws is what this does. */
  async pass<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
