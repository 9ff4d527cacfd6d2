import { keyOf, LEVELS, type Row } from './tree.ts';

export type TreeStep =
  | { readonly type: 'move'; readonly to: number }
  | { readonly type: 'toggle'; readonly key: string }
  | { readonly type: 'open' };

/** What a key does in the tree, as trees are used everywhere (WAI-ARIA, tree view); null: nothing. */
export function stepFor(key: string, rows: readonly Row[], at: number, pageRows: number): TreeStep | null {
  const row = rows[at];
  if (row === undefined) return null;
  const move = (to: number): TreeStep => ({ type: 'move', to: Math.max(0, Math.min(rows.length - 1, to)) });
  const isOpen = 'isOpen' in row ? row.isOpen : null;
  switch (key) {
    case 'ArrowDown':
      return move(at + 1);
    case 'ArrowUp':
      return move(at - 1);
    case 'PageDown':
      return move(at + pageRows);
    case 'PageUp':
      return move(at - pageRows);
    case 'Home':
      return move(0);
    case 'End':
      return move(rows.length - 1);
    case 'ArrowRight':
      if (isOpen === null) return null;
      return isOpen ? move(at + 1) : { type: 'toggle', key: keyOf(row) };
    case 'ArrowLeft':
      return isOpen === true ? { type: 'toggle', key: keyOf(row) } : move(parentOf(rows, at));
    case 'Enter':
    case ' ':
      if (isOpen !== null) return { type: 'toggle', key: keyOf(row) };
      return row.kind === 'action' ? { type: 'open' } : null;
    default:
      return null;
  }
}

function parentOf(rows: readonly Row[], at: number): number {
  const level = rows[at] === undefined ? 1 : LEVELS[rows[at].kind];
  for (let above = at - 1; above >= 0; above--) {
    const row = rows[above];
    if (row !== undefined && LEVELS[row.kind] < level) return above;
  }
  return at;
}
