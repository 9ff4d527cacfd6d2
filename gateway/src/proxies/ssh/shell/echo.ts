const MAX_TYPED_BYTES = 1024;

/** What somebody typed while a program runs, until it comes back: a terminal shows it as it was typed. */
export class Echo {
  #typed: Buffer = Buffer.alloc(0);

  typed(bytes: Uint8Array): void {
    const typed = Buffer.concat([this.#typed, bytes]);
    this.#typed = typed.byteLength > MAX_TYPED_BYTES ? Buffer.alloc(0) : typed;
  }

  /** Whether this is what was typed, and nothing else: their person has it already. Anything else ends the waiting. */
  takes(shown: Buffer): boolean {
    const isEcho = shown.equals(this.#typed.subarray(0, shown.byteLength));
    this.#typed = isEcho ? this.#typed.subarray(shown.byteLength) : Buffer.alloc(0);
    return isEcho;
  }
}
