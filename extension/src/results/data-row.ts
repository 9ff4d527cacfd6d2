import { SluiceError } from '../../../gateway/contract/error.ts';

/** Bytes before a DataRow body in a row batch: its length. */
const LENGTH_BYTES = 4;

/**
 * Where each row of a batch starts, relative to `rows`, in order. Checks that lengths fit.
 * @throws SluiceError `wire.protocolViolation` when the batch is not `rowCount` whole rows.
 */
export function rowStarts(rows: Uint8Array, rowCount: number): number[] {
  const view = viewOf(rows);
  const starts: number[] = [];
  let at = 0;
  while (at + LENGTH_BYTES <= rows.byteLength && starts.length < rowCount) {
    starts.push(at);
    at += LENGTH_BYTES + view.getUint32(at);
  }
  if (at === rows.byteLength && starts.length === rowCount) return starts;
  throw malformed('a row batch is not as long as it says');
}

/** Values of the row that starts at `at`: its text form, or null for NULL. */
export function decodeRow(bytes: Uint8Array, at: number): (string | null)[] {
  const view = viewOf(bytes);
  const values: (string | null)[] = [];
  const count = view.getInt16(at + LENGTH_BYTES);
  let from = at + LENGTH_BYTES + 2;
  for (let column = 0; column < count; column++) {
    const length = view.getInt32(from);
    from += 4;
    values.push(length < 0 ? null : textOf(bytes, from, length));
    if (length > 0) from += length;
  }
  return values;
}

/** One value of the row that starts at `at`, without decoding the others. */
export function decodeCell(bytes: Uint8Array, at: number, column: number): string | null {
  const view = viewOf(bytes);
  const count = view.getInt16(at + LENGTH_BYTES);
  if (column < 0 || column >= count) throw malformed(`a row has ${count} columns, not ${column + 1}`);
  let from = at + LENGTH_BYTES + 2;
  for (let skipped = 0; skipped < column; skipped++) from += 4 + Math.max(0, view.getInt32(from));
  const length = view.getInt32(from);
  return length < 0 ? null : textOf(bytes, from + 4, length);
}

function textOf(bytes: Uint8Array, from: number, length: number): string {
  if (from + length > bytes.byteLength) throw malformed('a value is longer than its row');
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, length).toString('utf8');
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function malformed(what: string): SluiceError {
  return new SluiceError('wire.protocolViolation', `The gateway sent a malformed result: ${what}.`);
}
