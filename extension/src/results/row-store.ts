import { randomUUID } from 'node:crypto';
import { readSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeRow, rowStarts } from './data-row.ts';
import { RowOffsets } from './row-offsets.ts';

export type Row = (string | null)[];

const SHORTENED = 'the file of this result has been shortened';
const READ_AHEAD_BYTES = 128 * 1024;
/** Bytes read at once when all rows are passed over. */
const SCAN_BYTES = 1024 * 1024;

/**
 * The rows of one result set, in a private file as they came off the wire; memory holds 8 bytes a row.
 * The file is unlinked while it is open, so that nothing stays behind when the editor is killed.
 */
export class RowStore {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #offsets = new RowOffsets();
  #bytes = 0;
  #closed = false;

  private constructor(file: FileHandle, path: string) {
    this.#file = file;
    this.#path = path;
  }

  /** Opens an empty store in `folder`, which must exist and be private. */
  static async create(folder: string): Promise<RowStore> {
    const path = join(folder, `${randomUUID()}.rows`);
    const file = await open(path, 'wx+', 0o600);
    // Windows refuses to unlink an open file; there it goes at `close` and at the next start.
    await rm(path).catch(() => undefined);
    return new RowStore(file, path);
  }

  get rowCount(): number {
    return this.#offsets.count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Keeps the first `keep` rows of a batch; they can be read when this resolves.
   * @throws SluiceError when the batch is malformed.
   */
  async append(batch: Uint8Array, rowCount: number, keep: number = rowCount): Promise<void> {
    const starts = rowStarts(batch, rowCount);
    const rows = batch.subarray(0, starts[keep] ?? batch.byteLength);
    const base = this.#bytes;
    let written = 0;
    while (written < rows.byteLength) {
      const { bytesWritten } = await this.#file.write(
        rows,
        written,
        rows.byteLength - written,
        base + written,
      );
      written += bytesWritten;
    }
    this.#bytes = base + rows.byteLength;
    for (const start of starts.slice(0, keep)) this.#offsets.push(base + start);
  }

  /** Rows `from` (in) to `to` (out) as fetched; rows that don't exist are left out. */
  async range(from: number, to: number): Promise<Row[]> {
    const end = Math.min(to, this.rowCount);
    if (from >= end) return [];
    const start = this.#offsets.at(from);
    const bytes = await this.#read(start, this.#endOf(end - 1) - start);
    const rows: Row[] = [];
    for (let row = from; row < end; row++) rows.push(decodeRow(bytes, this.#offsets.at(row) - start));
    return rows;
  }

  /** One row, by its number as fetched. */
  async row(row: number): Promise<Row> {
    const start = this.#offsets.at(row);
    return decodeRow(await this.#read(start, this.#endOf(row) - start), 0);
  }

  /** Every row kept so far, in fetched order; memory is bounded by one block. */
  async *scan(): AsyncGenerator<Row> {
    for await (const { bytes, starts } of this.blocks()) for (const at of starts) yield decodeRow(bytes, at);
  }

  /** All rows kept so far as blocks of about 1 MB: the row at `starts[i]` follows the one before. */
  async *blocks(): AsyncGenerator<{ bytes: Uint8Array; starts: number[] }> {
    const total = this.rowCount;
    let row = 0;
    while (row < total) {
      const start = this.#offsets.at(row);
      const starts = [0];
      while (row + starts.length < total && this.#endOf(row + starts.length) - start <= SCAN_BYTES) {
        starts.push(this.#offsets.at(row + starts.length) - start);
      }
      row += starts.length;
      yield { bytes: await this.#read(start, this.#endOf(row - 1) - start), starts };
    }
  }

  /**
   * Rows by their numbers as fetched, read as they are pulled. Neighbours are read ahead together; for
   * copying and exporting, where a format can't wait.
   */
  *rowsSync(numbers: Iterable<number>): Generator<Row> {
    let block = { from: 0, to: 0, bytes: Buffer.alloc(0) };
    let previous = -1;
    for (const row of numbers) {
      if (row < block.from || row >= block.to) block = this.#readBlockSync(row, row === previous + 1);
      previous = row;
      yield decodeRow(block.bytes, this.#offsets.at(row) - this.#offsets.at(block.from));
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#file.close();
    await rm(this.#path, { force: true });
  }

  #readBlockSync(from: number, ahead: boolean): { from: number; to: number; bytes: Buffer<ArrayBuffer> } {
    const start = this.#offsets.at(from);
    let to = from + 1;
    while (ahead && to < this.rowCount && this.#endOf(to) - start <= READ_AHEAD_BYTES) to++;
    const bytes = Buffer.allocUnsafe(this.#endOf(to - 1) - start);
    if (readSync(this.#file.fd, bytes, 0, bytes.length, start) !== bytes.length) throw new Error(SHORTENED);
    return { from, to, bytes };
  }

  #endOf(row: number): number {
    return row + 1 < this.rowCount ? this.#offsets.at(row + 1) : this.#bytes;
  }

  async #read(position: number, length: number): Promise<Uint8Array> {
    const bytes = Buffer.allocUnsafe(length);
    let read = 0;
    while (read < length) {
      const { bytesRead } = await this.#file.read(bytes, read, length - read, position + read);
      if (bytesRead === 0) throw new Error(SHORTENED);
      read += bytesRead;
    }
    return bytes;
  }
}
