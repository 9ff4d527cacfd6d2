/** Does one thing after another, in the order in which they came. */
export class Lane {
  #last: Promise<void> | null = null;

  /** Whether nothing is under way: what need not wait may then be done without a promise. */
  get isIdle(): boolean {
    return this.#last === null;
  }

  /** @param task handles its own errors: what it throws ends the lane's order and is thrown on */
  run(task: () => Promise<void>): Promise<void> {
    const done = (this.#last ?? Promise.resolve()).then(task);
    this.#last = done;
    return done.finally(() => {
      if (this.#last === done) this.#last = null;
    });
  }
}
