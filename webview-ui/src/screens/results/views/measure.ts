const FALLBACK_PX = 7.3;

/** A digit's width in the grid's font: what first column widths are reckoned with. */
export function characterWidthPx(): number {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return FALLBACK_PX;
  const style = getComputedStyle(document.documentElement);
  const family = style.getPropertyValue('--vscode-editor-font-family') || 'monospace';
  context.font = `12px ${family}`;
  return context.measureText('0'.repeat(20)).width / 20 || FALLBACK_PX;
}
