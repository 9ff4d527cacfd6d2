const CHUNK_ROWS = 65_536;

/** Byte offsets of rows in a file: 8 bytes a row, grown in chunks so that nothing is ever copied. */
export class RowOffsets {
  readonly #chunks: Float64Array[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  push(offset: number): void {
    const within = this.#count % CHUNK_ROWS;
    if (within === 0) this.#chunks.push(new Float64Array(CHUNK_ROWS));
    const chunk = this.#chunks.at(-1);
    if (chunk !== undefined) chunk[within] = offset;
    this.#count++;
  }

  /** @throws RangeError when there is no such row. */
  at(row: number): number {
    const offset =
      row < this.#count ? this.#chunks[Math.floor(row / CHUNK_ROWS)]?.[row % CHUNK_ROWS] : undefined;
    if (offset === undefined) throw new RangeError(`row ${row} of ${this.#count}`);
    return offset;
  }
}
