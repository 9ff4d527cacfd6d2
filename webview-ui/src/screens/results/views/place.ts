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

/** Puts a fixed element beside a box without covering it: below, above, at its right or at its left. */
export function placeBeside(element: HTMLElement, box: DOMRect): void {
  const { width, height } = element.getBoundingClientRect();
  const { innerWidth, innerHeight } = window;
  if (box.bottom + height + 2 * MARGIN_PX <= innerHeight)
    placeInside(element, box.left, box.bottom + MARGIN_PX);
  else if (box.top - height - MARGIN_PX >= MARGIN_PX)
    placeInside(element, box.left, box.top - height - MARGIN_PX);
  else if (box.right + width + 2 * MARGIN_PX <= innerWidth)
    placeInside(element, box.right + MARGIN_PX, box.top);
  else placeInside(element, box.left - width - MARGIN_PX, box.top);
}
