import type { Frame } from './frame.ts';
import type { Row } from './layout.ts';
import { Pen } from './pen.ts';
import type { Cell } from './styled.ts';

/** A cell of a frame by its row and its index there. */
type Spot = { readonly row: number; readonly index: number };

/**
 * Escape sequences that turn what shows `previous` into what shows `next`: from the first cell that differs. Without
 * `previous` the cursor is at the left margin and everything from there on is blank.
 */
export function paint(previous: Frame | null, next: Frame): string {
  const pen = new Pen(previous?.cursor ?? { row: 0, column: 0 }, next.columns);
  const spot = firstDifference(previous?.rows ?? [], next.rows);
  if (spot !== null) drawFrom(pen, spot, previous?.rows ?? [], next.rows);
  pen.moveTo(next.cursor);
  return pen.output;
}

/** Moves from where `frame` has the cursor to the left margin of the row below it. */
export function leave(frame: Frame): string {
  const pen = new Pen(frame.cursor, frame.columns);
  const last = frame.rows.length - 1;
  pen.moveTo({ row: last, column: Math.min(frame.rows[last]?.width ?? 0, frame.columns - 1) });
  pen.newRow();
  return pen.output;
}

function firstDifference(previous: readonly Row[], next: readonly Row[]): Spot | null {
  const rows = Math.max(previous.length, next.length);
  for (let row = 0; row < rows; row += 1) {
    const index = differenceInRow(previous[row], next[row]);
    if (index !== null) return wrapIncluded(next, { row, index });
  }
  return null;
}

function differenceInRow(previous: Row | undefined, next: Row | undefined): number | null {
  const before = previous?.cells ?? [];
  const after = next?.cells ?? [];
  const length = Math.max(before.length, after.length);
  for (let index = 0; index < length; index += 1) {
    if (!sameCell(before[index], after[index])) return index;
  }
  if (previous === undefined || next === undefined) return 0;
  return previous.wraps === next.wraps ? null : Math.max(0, after.length - 1);
}

function sameCell(one: Cell | undefined, other: Cell | undefined): boolean {
  return one?.text === other?.text && one?.style === other?.style && one?.width === other?.width;
}

/** The spot, or where drawing has to begin so that the terminal wraps into its row by itself; within `rows`. */
function wrapIncluded(rows: readonly Row[], { row, index }: Spot): Spot {
  const last = rows.length - 1;
  if (row > last) return { row: last, index: rows[last]?.cells.length ?? 0 };
  const above = rows[row - 1];
  if (index > 0 || above === undefined || !above.wraps) return { row, index };
  return { row: row - 1, index: Math.max(0, above.cells.length - 1) };
}

function drawFrom(pen: Pen, spot: Spot, previous: readonly Row[], next: readonly Row[]): void {
  pen.moveTo({ row: spot.row, column: columnOf(next[spot.row], spot.index) });
  for (let index = spot.row; index < next.length; index += 1) {
    const row = next[index];
    if (row === undefined) break;
    for (const cell of row.cells.slice(index === spot.row ? spot.index : 0)) pen.write(cell);
    if (row.width < (previous[index]?.width ?? 0)) pen.eraseRow();
    if (index + 1 < next.length) endRow(pen, row, next[index + 1]);
  }
  if (previous.length > next.length) pen.eraseBelow();
  pen.plain();
}

function endRow(pen: Pen, row: Row, below: Row | undefined): void {
  const [first] = below?.cells ?? [];
  if (!row.wraps) pen.newRow();
  else if (first === undefined || first.unsure) pen.forceWrap();
  else pen.wrapped();
}

function columnOf(row: Row | undefined, index: number): number {
  return (row?.cells ?? []).slice(0, index).reduce((sum, { width }) => sum + width, 0);
}
