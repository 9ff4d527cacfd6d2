import { SluiceError } from '../../../gateway/contract/error.ts';
import type { ResultColumn } from '../../../gateway/contract/query-channel.ts';
import type { FormatColumn, FormatName } from '../../contract/formats/format.ts';
import { formatColumn, formatRows } from '../../contract/formats/index.ts';
import type { CellRange } from '../../contract/results-messages.ts';
import type { Row } from './row-store.ts';

/** What `copy` and `export` read: rows as arranged. */
export type ArrangedRows = {
  columns: readonly ResultColumn[];
  /** Arranged rows `from` (in) to `to` (out), values in full; reads as it is pulled. */
  rowsSync(from: number, to: number): Iterable<Row>;
};

/** A clipboard that holds more freezes other programs. */
const MAX_CLIPBOARD_LENGTH = 50_000_000;

export type Copied = { text: string; rows: number; cells: number };

/**
 * Cells of the ranges in a format. Ranges that share their columns follow one another; ranges that share
 * their rows stand side by side.
 * @throws SluiceError `request.invalid` when it is too long for a clipboard.
 */
export function copyRows(
  source: ArrangedRows,
  ranges: readonly CellRange[],
  format: FormatName,
  options: { headers: boolean; table: readonly string[] },
): Copied {
  const { columns, rowRanges } = shapeOf(ranges);
  const shown = columns.map((column) => columnOf(source.columns, column));
  let count = 0;
  function* picked(): Generator<Row> {
    for (const { fromRow, toRow } of rowRanges) {
      for (const row of source.rowsSync(fromRow, toRow)) {
        count++;
        yield columns.map((column) => row[column] ?? null);
      }
    }
  }
  const pieces: string[] = [];
  let length = 0;
  for (const piece of formatRows(format, shown, picked(), options)) {
    length += piece.length;
    if (length > MAX_CLIPBOARD_LENGTH) {
      throw new SluiceError(
        'request.invalid',
        'This is too much for the clipboard.',
        'Export it to a file instead.',
      );
    }
    pieces.push(piece);
  }
  return { text: pieces.join(''), rows: count, cells: count * columns.length };
}

type Shape = { columns: number[]; rowRanges: { fromRow: number; toRow: number }[] };

function shapeOf(ranges: readonly CellRange[]): Shape {
  const [first] = ranges;
  if (first === undefined) return { columns: [], rowRanges: [] };
  const sameRows = ranges.every((range) => range.fromRow === first.fromRow && range.toRow === first.toRow);
  const columns = new Set((sameRows ? ranges : [first]).flatMap(columnsOf));
  return {
    columns: [...columns].sort((a, b) => a - b),
    rowRanges: sameRows ? [first] : [...ranges].sort((a, b) => a.fromRow - b.fromRow),
  };
}

function columnsOf({ fromColumn, toColumn }: CellRange): number[] {
  return Array.from({ length: toColumn - fromColumn }, (_, i) => fromColumn + i);
}

function columnOf(columns: readonly ResultColumn[], index: number): FormatColumn {
  const column = columns[index];
  if (column === undefined) throw new SluiceError('request.invalid', `There is no column ${index + 1}.`);
  return formatColumn(column);
}
