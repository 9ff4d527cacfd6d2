/** More than this is typed to nobody. */
const MAX_BYTES = 1024 * 1024;

/** What was typed and the program does not take yet, within bounds. */
export class TypedAhead {
  readonly #waiting: Uint8Array[] = [];
  #bytes = 0;

  /** False when there is no room left: none of it is kept. */
  add(bytes: Uint8Array): boolean {
    if (this.#bytes + bytes.byteLength > MAX_BYTES) return false;
    this.#waiting.push(bytes);
    this.#bytes += bytes.byteLength;
    return true;
  }

  /** What came first; null when nothing waits. */
  take(): Uint8Array | null {
    const next = this.#waiting.shift() ?? null;
    this.#bytes -= next?.byteLength ?? 0;
    return next;
  }
}
