import { assertNever } from '../../../contract/assert-never.ts';
import type { Frame } from './frame.ts';
import type { Row } from './layout.ts';
import { byRows } from './pen.ts';

/**
 * What a terminal does with lines that it wrapped when its width changes. `none`: nothing (xterm); `all`: breaks them
 * anew (VTE, kitty, Windows Terminal); `allButCursor`: leaves the one that the cursor is in alone (xterm.js, so VS
 * Code). Where it is `unknown`, as few rows are taken for ours as any of them leaves, and other output is never erased.
 */
export type Reflow = 'unknown' | 'none' | 'all' | 'allButCursor';

/** Moves to where `frame` begins in a terminal that has changed to `columns`, and erases from there on. */
export function eraseAfterResize(frame: Frame, columns: number, reflow: Reflow): string {
  return `${byRows(-rowsAbove(frame, columns, reflow))}\r\x1b[J`;
}

function rowsAbove(frame: Frame, columns: number, reflow: Reflow): number {
  switch (reflow) {
    case 'none':
      return frame.cursor.row;
    case 'all':
      return rowsWhenAll(frame, columns);
    case 'allButCursor':
      return rowsWhenAllButCursor(frame, columns);
    case 'unknown':
      return Math.min(frame.cursor.row, rowsWhenAll(frame, columns), rowsWhenAllButCursor(frame, columns));
    default:
      return assertNever(reflow);
  }
}

function rowsWhenAll(frame: Frame, columns: number): number {
  const { row, column } = frame.cursor;
  const first = firstOfLine(frame);
  const [line = []] = linesOf(frame.rows.slice(first));
  const offset = line.slice(0, row - first).reduce((sum, { width }) => sum + width, 0) + column;
  return first + growth(frame.rows.slice(0, first), columns) + breaksIn(line, columns, offset);
}

/**
 * xterm.js moves the cursor by the rows that came or went below it too, and when lines get longer it goes by where the
 * cursor then is, from the last line up. The cursor may end above the line: negative.
 */
function rowsWhenAllButCursor({ rows, cursor, columns: before }: Frame, columns: number): number {
  let row = cursor.row;
  let end = rows.length;
  for (const line of linesOf(rows).reverse()) {
    const start = end - line.length;
    const at = columns < before ? row : cursor.row;
    if (at < start || at >= end) row += growth(line, columns);
    end = start;
  }
  return row;
}

/** The row where the line begins, to the terminal, that the cursor is in. */
function firstOfLine({ rows, cursor }: Frame): number {
  let first = cursor.row;
  while (first > 0 && rows[first - 1]?.wraps) first -= 1;
  return first;
}

/** How many rows more these take when their lines are broken anew; fewer when negative. */
function growth(rows: readonly Row[], columns: number): number {
  return linesOf(rows).reduce((sum, line) => sum + 1 + breaksIn(line, columns, null), -rows.length);
}

function linesOf(rows: readonly Row[]): Row[][] {
  const lines: Row[][] = [[]];
  for (const row of rows) {
    lines.at(-1)?.push(row);
    if (!row.wraps) lines.push([]);
  }
  return lines.filter((line) => line.length > 0);
}

/** How often a line is broken before the cell at `offset` columns, or up to its end. */
function breaksIn(line: readonly Row[], columns: number, offset: number | null): number {
  let breaks = 0;
  let column = 0;
  let passed = 0;
  for (const width of line.flatMap(partsOf)) {
    if (column + width > columns) {
      breaks += 1;
      column = 0;
    }
    if (offset !== null && passed + width > offset) return breaks;
    column += width;
    passed += width;
  }
  // Behind a row that is full now the cursor may be held at its end: rather a row too few than one of other output.
  return breaks;
}

/** Columns that stay together. Of what terminals disagree on none is sure to: rather a row too few here too. */
function partsOf({ cells }: Row): number[] {
  // A row is begun with a blank when the one above is full.
  if (cells.length === 0) return [1];
  return cells.flatMap(({ width, unsure }) => (unsure ? Array.from({ length: width }, () => 1) : [width]));
}
