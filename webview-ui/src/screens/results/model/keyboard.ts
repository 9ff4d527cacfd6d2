import type { Motion } from './selection.ts';

/** What a key asks of the grid. */
export type Command =
  | { readonly type: 'move'; readonly motion: Motion; readonly extend: boolean }
  | { readonly type: 'resize'; readonly byPx: number }
  | { readonly type: 'selectAll' | 'selectRow' | 'selectColumn' | 'open' | 'detail' | 'menu' | 'filter' };

/** The parts of a KeyboardEvent that count. */
export type Key = {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
};

const RESIZE_STEP_PX = 16;

const PLAIN: Readonly<Record<string, Motion>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  PageUp: 'pageUp',
  PageDown: 'pageDown',
  Home: 'rowStart',
  End: 'rowEnd',
};

const WITH_CTRL: Readonly<Record<string, Motion>> = {
  ArrowUp: 'columnStart',
  ArrowDown: 'columnEnd',
  ArrowLeft: 'rowStart',
  ArrowRight: 'rowEnd',
  Home: 'gridStart',
  End: 'gridEnd',
};

/**
 * The grid's keys, as the ARIA practices and spreadsheets have them. Copying is not here: the browser's
 * `copy` event says it on every platform. Null: not ours, let it pass.
 */
export function commandFor(key: Key): Command | null {
  const ctrl = key.ctrlKey || key.metaKey;
  if (key.altKey) return ctrl ? null : withAlt(key);
  const motion = (ctrl ? WITH_CTRL : PLAIN)[key.key];
  if (motion) return { type: 'move', motion, extend: key.shiftKey };
  return ctrl ? withCtrl(key) : plain(key);
}

function withAlt({ key }: Key): Command | null {
  if (key === 'ArrowLeft') return { type: 'resize', byPx: -RESIZE_STEP_PX };
  if (key === 'ArrowRight') return { type: 'resize', byPx: RESIZE_STEP_PX };
  return key === 'ArrowDown' ? { type: 'menu' } : null;
}

function withCtrl({ key }: Key): Command | null {
  if (key === 'a' || key === 'A') return { type: 'selectAll' };
  if (key === 'f' || key === 'F') return { type: 'filter' };
  return key === ' ' ? { type: 'selectColumn' } : null;
}

function plain({ key, shiftKey }: Key): Command | null {
  if (key === 'Enter' || key === 'F2') return { type: 'open' };
  if (key === ' ') return { type: shiftKey ? 'selectRow' : 'detail' };
  return key === 'ContextMenu' || (key === 'F10' && shiftKey) ? { type: 'menu' } : null;
}
