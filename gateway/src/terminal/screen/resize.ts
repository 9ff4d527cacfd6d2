import { assertNever } from '../../../contract/assert-never.ts';
import type { Frame } from './frame.ts';
import type { Row } from './layout.ts';
import { up } from './pen.ts';

/**
 * What a terminal does with lines that it wrapped when its width changes. `none`: nothing (xterm); `all`: breaks them
 * anew (VTE, kitty, Windows Terminal); `allButCursor`: leaves the one that the cursor is in alone (xterm.js, so VS
 * Code). Where it is `unknown`, as few rows are taken for ours as any of them leaves, and other output is never erased.
 */
export type Reflow = 'unknown' | 'none' | 'all' | 'allButCursor';

/** Moves to where `frame` begins in a terminal that has changed to `columns`, and erases from there on. */
export function eraseAfterResize(frame: Frame, columns: number, reflow: Reflow): string {
  return `${up(rowsAbove(frame, columns, reflow))}\r\x1b[J`;
}

function rowsAbove(frame: Frame, columns: number, reflow: Reflow): number {
  switch (reflow) {
    case 'none':
      return frame.cursor.row;
    case 'all':
      return rowsReflowed(frame, columns, true);
    case 'allButCursor':
      return rowsReflowed(frame, columns, false);
    case 'unknown':
      return Math.min(
        frame.cursor.row,
        rowsReflowed(frame, columns, true),
        rowsReflowed(frame, columns, false),
      );
    default:
      return assertNever(reflow);
  }
}

/** Rows between the first one and the cursor's when every line is broken anew, the cursor's own too or not. */
function rowsReflowed(frame: Frame, columns: number, cursorLineToo: boolean): number {
  const { row, column } = frame.cursor;
  let first = row;
  while (first > 0 && frame.rows[first - 1]?.wraps) first -= 1;
  const before = linesOf(frame.rows.slice(0, first)).reduce(
    (sum, line) => sum + 1 + breaksIn(line, columns, null),
    0,
  );
  if (!cursorLineToo) return before + row - first;
  const line = frame.rows.slice(first);
  const offset = line.slice(0, row - first).reduce((sum, { width }) => sum + width, 0) + column;
  return before + breaksIn(line, columns, offset);
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
  for (const { width } of line.flatMap(({ cells }) => cells)) {
    if (column + width > columns) {
      breaks += 1;
      column = 0;
    }
    if (offset !== null && passed + width > offset) return breaks;
    column += width;
    passed += width;
  }
  return offset !== null && column >= columns ? breaks + 1 : breaks;
}
