import type { BodyReader } from '../../bytes/body-reader.ts';
import { frame } from '../../bytes/frame-builder.ts';
import { violation } from '../../violation.ts';

/** DataRow: one row; NULL is null. For few rows only; many are read with `DataRowCells`. */
export type DataRow = { type: 'dataRow'; cells: (Buffer | null)[] };

export function decodeDataRow(body: BodyReader): DataRow {
  const cells = body.list(() => body.nullableBytes());
  body.end();
  return { type: 'dataRow', cells };
}

export function encodeDataRow(message: DataRow): Buffer {
  return frame('D')
    .list(message.cells, (builder, cell) => builder.nullableBytes(cell))
    .end();
}

/**
 * Walks over the cells of rows without allocating. After `next()` said true, the cell is
 * `bytes[start, start + length)`, or NULL when `length` is -1.
 */
export class DataRowCells {
  start = 0;
  length = -1;
  /** Cells of this row. */
  count = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;
  #left = 0;

  /** Begins a row whose body is `bytes[start, end)`. @throws SluiceError `wire.protocolViolation` */
  read(bytes: Buffer, start: number, end: number): void {
    if (end - start < 2) throw violation('a DataRow ends too soon');
    this.#bytes = bytes;
    this.#at = start + 2;
    this.#end = end;
    this.count = bytes.readUInt16BE(start);
    this.#left = this.count;
  }

  /** Moves to the next cell. @throws SluiceError `wire.protocolViolation` when the row is malformed. */
  next(): boolean {
    if (this.#left === 0) {
      if (this.#at !== this.#end) throw violation('bytes follow the last cell of a DataRow');
      return false;
    }
    if (this.#end - this.#at < 4) throw violation('a DataRow ends too soon');
    this.length = this.#bytes.readInt32BE(this.#at);
    this.start = this.#at + 4;
    this.#at = this.start + Math.max(this.length, 0);
    if (this.length < -1 || this.#at > this.#end) throw violation('a cell is longer than its DataRow');
    this.#left -= 1;
    return true;
  }
}
