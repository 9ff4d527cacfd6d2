/**
 * Browsers stop growing an element at some 16 to 33 million pixels. Past this height the scroll bar is scaled:
 * small moves stay pixel for pixel, a drag of the thumb goes by proportion.
 */
export const MAX_SCROLL_PX = 8_000_000;

/** This near an end, a bar that has come to its end takes the rows with it. */
const NEAR_VIEWS = 2;

/** All rows' height, and how much of it is seen at once. */
export type Extent = { readonly contentPx: number; readonly viewportPx: number };

/** `topPx`: where the rows are. `scrollTopPx`: where the browser's scroll bar was when they got there. */
export type ScrollPosition = { readonly topPx: number; readonly scrollTopPx: number };

/** Height of the element that gives the scroll bar its size. */
export function scrollHeightPx({ contentPx }: Extent): number {
  return Math.min(contentPx, MAX_SCROLL_PX);
}

/** Where the rows' top can be at most. */
export function maxTopPx({ contentPx, viewportPx }: Extent): number {
  return Math.max(0, contentPx - viewportPx);
}

/** The scroll bar's place for a top of the rows. */
export function scrollTopAt(extent: Extent, topPx: number): number {
  const maxTop = maxTopPx(extent);
  return maxTop === 0 ? 0 : (topPx / maxTop) * maxScrollTopPx(extent);
}

/** The rows' top after the browser scrolled to `scrollTopPx`. */
export function scrolled(from: ScrollPosition, extent: Extent, scrollTopPx: number): ScrollPosition {
  const maxScrollTop = maxScrollTopPx(extent);
  const maxTop = maxTopPx(extent);
  if (maxTop === maxScrollTop) return { topPx: clamp(scrollTopPx, maxTop), scrollTopPx };
  const delta = scrollTopPx - from.scrollTopPx;
  const byProportion = maxScrollTop === 0 ? 0 : (scrollTopPx / maxScrollTop) * maxTop;
  const small = Math.abs(delta) <= extent.viewportPx;
  const top = clamp(small ? from.topPx + delta : byProportion, maxTop);
  const near = NEAR_VIEWS * extent.viewportPx;
  if (scrollTopPx <= 0 && top <= near) return { topPx: 0, scrollTopPx };
  // Browsers with fractions of pixels may stop short of the end by one.
  if (scrollTopPx >= maxScrollTop - 1 && maxTop - top <= near) return { topPx: maxTop, scrollTopPx };
  return { topPx: top, scrollTopPx };
}

/** The rows' top moved by us: the scroll bar follows. */
export function movedTo(extent: Extent, topPx: number): ScrollPosition {
  const top = clamp(topPx, maxTopPx(extent));
  return { topPx: top, scrollTopPx: scrollTopAt(extent, top) };
}

/**
 * True when the scroll bar has drifted so near an end that it would stop before the rows do, and must be put
 * back at once rather than when scrolling has come to rest.
 */
export function mustSettleNow({ topPx, scrollTopPx }: ScrollPosition, extent: Extent): boolean {
  const { viewportPx } = extent;
  const near = NEAR_VIEWS * viewportPx;
  const nearStart = scrollTopPx < viewportPx && topPx > near;
  const nearEnd = maxScrollTopPx(extent) - scrollTopPx < viewportPx && maxTopPx(extent) - topPx > near;
  return nearStart || nearEnd;
}

/** The top that brings a row fully into view with the least movement. */
export function topShowingRow(row: number, rowPx: number, topPx: number, viewportPx: number): number {
  const rowTop = row * rowPx;
  if (rowTop < topPx) return rowTop;
  return rowTop + rowPx > topPx + viewportPx ? rowTop + rowPx - viewportPx : topPx;
}

function maxScrollTopPx(extent: Extent): number {
  return Math.max(0, scrollHeightPx(extent) - extent.viewportPx);
}

function clamp(value: number, max: number): number {
  return Math.min(Math.max(0, value), max);
}
