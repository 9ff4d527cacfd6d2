/** What a `purged` event says: so many leaves from one to before another lost their bodies, and which. */
export type Purge = {
  from: number;
  to: number;
  count: number;
  /** Absent in what older gateways wrote. */
  ranges?: ReadonlyArray<readonly [number, number]> | undefined;
};

/** Whether the bodies that are gone are those that purges say they took. */
export class Purges {
  /** Of purges that name their leaves. */
  readonly #named: Array<readonly [number, number]> = [];
  readonly #told: Purge[] = [];
  readonly #gone: number[] = [];

  get count(): number {
    return this.#gone.length;
  }

  told(purge: Purge): void {
    if (purge.ranges === undefined) this.#told.push(purge);
    else this.#named.push(...purge.ranges);
  }

  /** In the order of the log. */
  gone(leaf: number): void {
    this.#gone.push(leaf);
  }

  /** The first leaf whose body no purge took, where there is one. */
  untold(): number | null {
    return (
      this.#unnamed().find((leaf) => !this.#told.some(({ from, to }) => leaf >= from && leaf < to)) ?? null
    );
  }

  /** How many bodies more are gone than purges took. */
  excess(): number {
    return this.#unnamed().length - this.#told.reduce((sum, { count }) => sum + count, 0);
  }

  #unnamed(): number[] {
    const named = this.#named.toSorted(([one], [other]) => one - other);
    let at = 0;
    return this.#gone.filter((leaf) => {
      while ((named[at]?.[1] ?? Number.POSITIVE_INFINITY) <= leaf) at += 1;
      return leaf < (named[at]?.[0] ?? Number.POSITIVE_INFINITY);
    });
  }
}
