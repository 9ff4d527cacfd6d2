/** Puts the keyboard on the selected request, once it is drawn. */
export function focusSelected(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('.request-head[tabindex="0"]')?.focus());
}
