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
    if (index !== null) return reachable({ row, index }, previous.length, next);
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

/**
 * The spot, or the one before it from where drawing gets there: the terminal wraps by itself only from the row above,
 * and rows that were not on the screen yet can't be moved to.
 */
function reachable({ row, index }: Spot, existing: number, next: readonly Row[]): Spot {
  const last = next.length - 1;
  if (row > last) return reachable(endOf(next, last), existing, next);
  const above = next[row - 1];
  if (index > 0 || above === undefined) return { row, index };
  if (above.wraps) return { row: row - 1, index: Math.max(0, above.cells.length - 1) };
  return row < existing ? { row, index } : endOf(next, row - 1);
}

function endOf(rows: readonly Row[], row: number): Spot {
  return { row, index: rows[row]?.cells.length ?? 0 };
}

function drawFrom(pen: Pen, spot: Spot, previous: readonly Row[], next: readonly Row[]): void {
  pen.moveTo({ row: spot.row, column: columnOf(next[spot.row], spot.index) });
  for (const [index, row] of next.entries()) {
    if (index < spot.row) continue;
    for (const cell of row.cells.slice(index === spot.row ? spot.index : 0)) pen.write(cell);
    if (!isForced(next, index) && row.width < (previous[index]?.width ?? 0)) pen.eraseRow();
    if (index + 1 < next.length) endRow(pen, next, index, previous.length > index + 1);
  }
  if (previous.length > next.length && !isForced(next, next.length - 1)) pen.eraseBelow();
  pen.plain();
}

/** `stale`: something of before stands below. */
function endRow(pen: Pen, rows: readonly Row[], index: number, stale: boolean): void {
  const [first] = rows[index + 1]?.cells ?? [];
  if (!rows[index]?.wraps) pen.newRow();
  else if (first === undefined || first.unsure) pen.forceWrap(stale);
  else pen.wrapped();
}

/** Whether a row is there only because the one above is full. */
function isForced(rows: readonly Row[], index: number): boolean {
  return rows[index]?.width === 0 && rows[index - 1]?.wraps === true;
}

function columnOf(row: Row | undefined, index: number): number {
  return (row?.cells ?? []).slice(0, index).reduce((sum, { width }) => sum + width, 0);
}
