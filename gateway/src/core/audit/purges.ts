/** What a `purged` event says: so many leaves from one to before another lost their bodies, and which. */
export type Purge = {
  from: number;
  to: number;
  count: number;
  /** Absent in what older gateways wrote. */
  ranges?: ReadonlyArray<readonly [number, number]> | undefined;
};

/** Leaves from one to before another. */
type Range = readonly [from: number, to: number];

/** Whether the bodies that are gone are those that purges say they took, and whether all of those are. */
export class Purges {
  /** Of purges that name their leaves. */
  readonly #named: Range[] = [];
  /** Of these, what was read no earlier than that they are purged. */
  readonly #judged: Range[] = [];
  readonly #told: Purge[] = [];
  readonly #gone: number[] = [];

  get count(): number {
    return this.#gone.length;
  }

  /** `readSince`: leaves before this one were read earlier, when the purge may not have been yet. */
  told(purge: Purge, readSince: number): void {
    if (purge.ranges === undefined) {
      this.#told.push(purge);
      return;
    }
    this.#named.push(...purge.ranges);
    for (const [from, to] of purge.ranges) this.#judged.push([Math.max(from, readSince), to]);
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

  /** Leaves of `size` that a purge names and whose bodies are there: the first `most`, in the order of the log. */
  restored(size: number, most: number): number[] {
    const restored: number[] = [];
    let [leaf, next] = [0, 0];
    for (const [from, to] of inOrder(this.#judged)) {
      for (leaf = Math.max(leaf, from); leaf < Math.min(to, size) && restored.length < most; leaf++) {
        while ((this.#gone[next] ?? Number.POSITIVE_INFINITY) < leaf) next += 1;
        if (this.#gone[next] !== leaf) restored.push(leaf);
      }
    }
    return restored;
  }

  /** How many bodies more are gone than purges took. */
  excess(): number {
    return this.#unnamed().length - this.#told.reduce((sum, { count }) => sum + count, 0);
  }

  #unnamed(): number[] {
    const named = inOrder(this.#named);
    let at = 0;
    return this.#gone.filter((leaf) => {
      while ((named[at]?.[1] ?? Number.POSITIVE_INFINITY) <= leaf) at += 1;
      return leaf < (named[at]?.[0] ?? Number.POSITIVE_INFINITY);
    });
  }
}

function inOrder(ranges: readonly Range[]): Range[] {
  return ranges.toSorted(([one], [other]) => one - other);
}
