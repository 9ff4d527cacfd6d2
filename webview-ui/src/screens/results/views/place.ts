const MARGIN_PX = 4;

/** Puts a fixed element at a point, moved so that all of it is inside the view. */
export function placeInside(element: HTMLElement, xPx: number, yPx: number): void {
  const { width, height } = element.getBoundingClientRect();
  const { innerWidth, innerHeight } = window;
  const left = Math.min(xPx, innerWidth - width - MARGIN_PX);
  const top = Math.min(yPx, innerHeight - height - MARGIN_PX);
  element.style.left = `${Math.max(MARGIN_PX, left)}px`;
  element.style.top = `${Math.max(MARGIN_PX, top)}px`;
}

/** Puts a fixed element below a box, or above it where there's more room. */
export function placeBeside(element: HTMLElement, box: DOMRect): void {
  const { height } = element.getBoundingClientRect();
  const below = box.bottom + MARGIN_PX;
  const fitsBelow = below + height <= window.innerHeight - MARGIN_PX;
  placeInside(element, box.left, fitsBelow ? below : Math.max(MARGIN_PX, box.top - height - MARGIN_PX));
}
