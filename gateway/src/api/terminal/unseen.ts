/** What was shown and that nobody has acknowledged yet: a stream whose bytes are counted from 0. */
export class Unseen {
  readonly #chunks: Uint8Array[] = [];
  #from = 0;
  #bytes = 0;

  /** Which byte of the stream is the first of it. */
  get from(): number {
    return this.#from;
  }

  /** How many bytes it holds. */
  get bytes(): number {
    return this.#bytes;
  }

  get chunks(): readonly Uint8Array[] {
    return this.#chunks;
  }

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.byteLength;
  }

  /** Lets go of everything before byte `upTo` of the stream. False when that was never shown. */
  acknowledge(upTo: number): boolean {
    let rest = upTo - this.#from;
    if (rest > this.#bytes) return false;
    while (rest > 0) {
      const [first] = this.#chunks;
      if (first === undefined) return false;
      const taken = Math.min(rest, first.byteLength);
      if (taken === first.byteLength) this.#chunks.shift();
      else this.#chunks[0] = first.subarray(taken);
      rest -= taken;
      this.#from += taken;
      this.#bytes -= taken;
    }
    return true;
  }
}
