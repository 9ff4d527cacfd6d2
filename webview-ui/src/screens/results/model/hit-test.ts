import { type ColumnLayout, columnAt, frozenWidthPx } from './column-layout.ts';

/** Where the grid's parts stand, in pixels. */
export type GridGeometry = {
  readonly layout: ColumnLayout;
  readonly rows: number;
  readonly rowPx: number;
  readonly headerPx: number;
  readonly rowHeaderPx: number;
  readonly topPx: number;
  readonly scrollLeftPx: number;
};

export type Hit = {
  readonly area: 'corner' | 'header' | 'rowHeader' | 'cell';
  readonly row: number;
  readonly column: number;
};

/** What lies at a point of the grid's view; points outside count for the nearest row and column. */
export function hitTest(geometry: GridGeometry, xPx: number, yPx: number): Hit {
  const { layout, rows, rowPx, headerPx, rowHeaderPx, topPx, scrollLeftPx } = geometry;
  const fromColumns = xPx - rowHeaderPx;
  const inFrozen = fromColumns < frozenWidthPx(layout);
  const column = columnAt(layout.leftsPx, inFrozen ? fromColumns : fromColumns + scrollLeftPx);
  const row = Math.max(0, Math.min(rows - 1, Math.floor((yPx - headerPx + topPx) / rowPx)));
  const inHeader = yPx < headerPx;
  if (fromColumns < 0) return { area: inHeader ? 'corner' : 'rowHeader', row, column };
  return { area: inHeader ? 'header' : 'cell', row, column };
}
