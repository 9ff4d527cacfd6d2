/**
 * Cuts rows off that are more than so many. Pieces are what a `FrameScanner` calls `passed`: frames in a row, of which
 * the first and the last may be there in part, but no header is.
 */
export class RowsWithin {
  readonly #maxRows: number;
  #rows = 0;
  /** Bytes still to come of a row that was let through. */
  #left = 0;
  #exceeded = false;

  constructor(maxRows: number) {
    this.#maxRows = maxRows;
  }

  /** Where what may go on of `bytes[start, end)` ends. */
  cut(bytes: Buffer, start: number, end: number): number {
    if (this.#exceeded) return start;
    let at = Math.min(end, start + this.#left);
    this.#left -= at - start;
    while (at < end) {
      if (this.#rows === this.#maxRows) {
        this.#exceeded = true;
        return at;
      }
      this.#rows += 1;
      const frameEnd = at + 1 + bytes.readInt32BE(at + 1);
      this.#left = Math.max(0, frameEnd - end);
      at = Math.min(frameEnd, end);
    }
    return at;
  }
}
