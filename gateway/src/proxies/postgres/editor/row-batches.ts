const BATCH_BYTES = 64 * 1024;
const BATCH_MS = 50;

/** Gathers DataRow bodies, each behind its uint32 length, into batches of some 64 KB or 50 ms. */
export class RowBatches {
  readonly #send: (rowCount: number, rows: Uint8Array) => Promise<void>;
  #buffer = Buffer.allocUnsafe(BATCH_BYTES);
  #at = 0;
  #rows = 0;
  #sinceMs = 0;

  constructor(send: (rowCount: number, rows: Uint8Array) => Promise<void>) {
    this.#send = send;
  }

  get empty(): boolean {
    return this.#rows === 0;
  }

  /** Adds the row `bytes[start, end)`. Returns a promise when a batch went out and the next must wait. */
  add(bytes: Buffer, start: number, end: number): Promise<void> | undefined {
    const length = end - start;
    if (this.#at + 4 + length > this.#buffer.length) this.#grow(length);
    this.#buffer.writeUInt32BE(length, this.#at);
    bytes.copy(this.#buffer, this.#at + 4, start, end);
    this.#at += 4 + length;
    if (this.#rows === 0) this.#sinceMs = performance.now();
    this.#rows += 1;
    return this.#at >= BATCH_BYTES || this.#late() ? this.flush() : undefined;
  }

  /** Sends what is there. Resolves when more may be sent. */
  async flush(): Promise<void> {
    if (this.#rows === 0) return;
    const rows = this.#buffer.subarray(0, this.#at);
    const count = this.#rows;
    this.#buffer = Buffer.allocUnsafe(BATCH_BYTES);
    this.#at = 0;
    this.#rows = 0;
    await this.#send(count, rows);
  }

  #late(): boolean {
    return this.#rows % 64 === 0 && performance.now() - this.#sinceMs > BATCH_MS;
  }

  #grow(length: number): void {
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + 4 + length));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}
