export const MIN_COLUMN_PX = 48;
export const MAX_COLUMN_PX = 1200;
const WIDEST_AT_FIRST_PX = 340;
/** Frozen columns never take more than this share of the view, so that something is left to scroll. */
const FROZEN_SHARE = 0.6;

/** Columns side by side. `leftsPx` has one entry more than there are columns: the last is the whole width. */
export type ColumnLayout = {
  readonly widthsPx: readonly number[];
  readonly leftsPx: readonly number[];
  readonly frozen: number;
};

/** Half-open range of columns. */
export type ColumnRange = { readonly from: number; readonly to: number };

export function layoutColumns(widthsPx: readonly number[], frozen: number, viewportPx: number): ColumnLayout {
  const leftsPx = [0];
  for (const width of widthsPx) leftsPx.push((leftsPx.at(-1) ?? 0) + width);
  let held = Math.min(frozen, widthsPx.length);
  while (held > 0 && (leftsPx[held] ?? 0) > viewportPx * FROZEN_SHARE) held--;
  return { widthsPx, leftsPx, frozen: held };
}

export function totalWidthPx({ leftsPx }: ColumnLayout): number {
  return leftsPx.at(-1) ?? 0;
}

export function frozenWidthPx({ leftsPx, frozen }: ColumnLayout): number {
  return leftsPx[frozen] ?? 0;
}

/** The columns that scroll and are seen, with one more at each side. `viewportPx` excludes row numbers. */
export function visibleColumns(layout: ColumnLayout, scrollLeftPx: number, viewportPx: number): ColumnRange {
  const { leftsPx, frozen, widthsPx } = layout;
  const fromPx = frozenWidthPx(layout) + scrollLeftPx;
  const toPx = scrollLeftPx + viewportPx;
  const first = Math.max(frozen, columnAt(leftsPx, fromPx) - 1);
  const last = Math.min(widthsPx.length - 1, columnAt(leftsPx, toPx) + 1);
  return { from: first, to: Math.max(first, last + 1) };
}

/** The column under a place `atPx` from the first column's left, clamped to the columns there are. */
export function columnAt(leftsPx: readonly number[], atPx: number): number {
  let low = 0;
  let high = leftsPx.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((leftsPx[middle] ?? 0) <= atPx) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

/** The scroll that brings a column into view beside the frozen ones, with the least movement. */
export function scrollShowingColumn(
  layout: ColumnLayout,
  column: number,
  scrollLeftPx: number,
  viewportPx: number,
): number {
  if (column < layout.frozen) return scrollLeftPx;
  const left = (layout.leftsPx[column] ?? 0) - frozenWidthPx(layout);
  const right = layout.leftsPx[column + 1] ?? 0;
  if (left < scrollLeftPx || right - left > viewportPx) return left;
  return right > scrollLeftPx + viewportPx ? right - viewportPx : scrollLeftPx;
}

/** A first width from the longest text seen, in characters. */
export function widthForText(characters: number, characterPx: number, extraPx: number): number {
  return clampWidth(Math.min(WIDEST_AT_FIRST_PX, Math.ceil(characters * characterPx) + extraPx));
}

export function clampWidth(widthPx: number): number {
  return Math.round(Math.min(MAX_COLUMN_PX, Math.max(MIN_COLUMN_PX, widthPx)));
}
