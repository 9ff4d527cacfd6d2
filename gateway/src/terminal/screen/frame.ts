import type { Layout, Place, Row } from './layout.ts';

/** What of a layout is on the screen: all of it, or as many rows around the cursor as the terminal has. */
export type Frame = {
  readonly rows: readonly Row[];
  /** Relative to the first of `rows`. */
  readonly cursor: Place;
  /** The first of `rows` in the layout. */
  readonly top: number;
  readonly columns: number;
};

/** Terminal size in columns and rows. */
export type Size = { readonly columns: number; readonly rows: number };

/** The part of `layout` that a terminal of `size` shows; it moves no further from `previousTop` than it must. */
export function frameOf({ rows, cursor }: Layout, size: Size, previousTop: number): Frame {
  const height = Math.max(1, size.rows);
  const lowest = Math.max(0, rows.length - height);
  const top = Math.min(lowest, Math.max(cursor.row - height + 1, Math.min(previousTop, cursor.row)));
  return {
    rows: rows.slice(top, top + height),
    cursor: { row: cursor.row - top, column: cursor.column },
    top,
    columns: size.columns,
  };
}
