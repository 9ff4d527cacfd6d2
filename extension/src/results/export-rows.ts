import type { FileHandle } from 'node:fs/promises';
import type { FormatName } from '../../contract/formats/format.ts';
import { formatColumn, formatRows } from '../../contract/formats/index.ts';
import type { ArrangedRows } from './copy-rows.ts';
import type { Row } from './row-store.ts';

/** Bytes written at once. */
const CHUNK_LENGTH = 256 * 1024;

/**
 * Streams all arranged rows into an open file. Gives the event loop a turn after each chunk.
 * @returns the number of rows written.
 */
export async function exportRows(
  source: ArrangedRows,
  rowCount: number,
  format: FormatName,
  table: readonly string[],
  file: Pick<FileHandle, 'appendFile'>,
  signal?: AbortSignal,
): Promise<number> {
  let count = 0;
  function* counted(): Generator<Row> {
    for (const row of source.rowsSync(0, rowCount)) {
      count++;
      yield row;
    }
  }
  const columns = source.columns.map(formatColumn);
  let chunk = '';
  for (const piece of formatRows(format, columns, counted(), { headers: true, table })) {
    chunk += piece;
    if (chunk.length < CHUNK_LENGTH) continue;
    signal?.throwIfAborted();
    await file.appendFile(chunk);
    chunk = '';
  }
  await file.appendFile(chunk);
  return count;
}
