/** Batches that the client allows. A sender waits here until there is one, or until nobody wants any. */
export class Credit {
  #batches: number;
  #discarding = false;
  #wake: (() => void) | null = null;

  constructor(batches: number) {
    this.#batches = batches;
  }

  /** Resolves to true when a batch may be sent, to false when it is to be dropped. */
  async spend(): Promise<boolean> {
    while (this.#batches === 0 && !this.#discarding) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#discarding) return false;
    this.#batches -= 1;
    return true;
  }

  grant(batches: number): void {
    this.#batches += batches;
    this.#wake?.();
  }

  /** Drops everything from now on: the run was cancelled or the client is gone. */
  discard(): void {
    this.#discarding = true;
    this.#wake?.();
  }
}
