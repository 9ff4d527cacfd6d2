/**
 * What a session has changed is made to last only when it was made sure that it was done by the meaning of its names
 * that it was decided on.
 */
export class Conclusion {
  /** What was handled and goes on by itself until it is concluded. */
  underWay: Promise<void> | null = null;
  /** Everything that was sent is answered; true when the server waits for COPY data instead. */
  readonly #settle: () => Promise<boolean>;
  readonly #failure = Promise.withResolvers<never>();
  /** Rows were changed since it was last made sure what they were changed by. */
  #changing = false;
  /** Since the last Sync a transaction was ended. */
  #endsTransaction = false;
  /** Settles when that was asked again of all that was changed. */
  #askedAgain: Promise<void> = Promise.resolve();

  constructor(settle: () => Promise<boolean>) {
    this.#settle = settle;
    this.#failure.promise.catch(() => undefined);
  }

  /** Whether a transaction was ended since the last Sync: what that makes last is made so by the Sync. */
  get endsTransaction(): boolean {
    return this.#endsTransaction;
  }

  noteChanging(): void {
    this.#changing = true;
  }

  noteTransactionEnd(): void {
    this.#endsTransaction = true;
  }

  noteSync(): void {
    this.#endsTransaction = false;
  }

  /** What was changed is asked about again: `holds` rejects when it must not last. */
  noteAsked(holds: Promise<void>): void {
    const asked = Promise.all([this.#askedAgain, holds]).then(() => undefined);
    // Whoever concludes it sees that.
    asked.catch(() => undefined);
    this.#askedAgain = asked;
  }

  /** Nothing else is handled until the work is done, but that the client takes its leave. */
  by(work: Promise<void>): void {
    const underWay = work
      .catch((error: unknown) => this.#failure.reject(error))
      .finally(() => {
        if (this.underWay === underWay) this.underWay = null;
      });
    this.underWay = underWay;
  }

  /** Rejects when what goes on by itself fails. */
  get failure(): Promise<never> {
    return this.#failure.promise;
  }

  /**
   * Before what was changed is made to last: whatever of it may have been done by another meaning of its names was asked
   * for again. Null when there is nothing to wait for.
   *
   * @throws SluiceError `statement.cancelled`: it must not last.
   */
  sure(): Promise<void> | null {
    return this.#changing ? this.#makeSure() : null;
  }

  async #makeSure(): Promise<void> {
    // Who has not begun to answer was not asked for again.
    const isCopying = await this.#settle();
    if (isCopying) return;
    this.#changing = false;
    const asked = this.#askedAgain;
    this.#askedAgain = Promise.resolve();
    await asked;
  }
}
