/** What a `purged` event says: so many leaves from one to before another lost their bodies. */
export type Purge = { from: number; to: number; count: number };

/** Whether the bodies that are gone are those that purges say they took. */
export class Purges {
  readonly #told: Purge[] = [];
  readonly #gone: number[] = [];

  get count(): number {
    return this.#gone.length;
  }

  told(purge: Purge): void {
    this.#told.push(purge);
  }

  gone(leaf: number): void {
    this.#gone.push(leaf);
  }

  /** The first leaf whose body no purge took, where there is one. */
  untold(): number | null {
    return this.#gone.find((leaf) => !this.#told.some(({ from, to }) => leaf >= from && leaf < to)) ?? null;
  }

  /** How many bodies more are gone than purges took. */
  excess(): number {
    return this.#gone.length - this.#told.reduce((sum, { count }) => sum + count, 0);
  }
}
