import type { TargetedMouseEvent, TargetedPointerEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { type ColumnLayout, clampWidth } from '../model/column-layout.ts';
import type { Hit } from '../model/hit-test.ts';
import {
  addRange,
  type Bounds,
  type CellAt,
  currentRange,
  extendTo,
  isSelected,
  type Selection,
  selectCell,
  selectedRanges,
  selectRow,
} from '../model/selection.ts';
import type { GridProps } from './grid.tsx';

const SCROLL_WHILE_OUTSIDE_MS = 60;

type PointerOptions = Pick<
  GridProps,
  'selection' | 'onSelection' | 'onIntent' | 'onResize' | 'onFit' | 'onHover' | 'rowCount'
> & {
  readonly bounds: Bounds;
  readonly layout: ColumnLayout;
  readonly hitAt: (clientX: number, clientY: number) => Hit;
  readonly reveal: (at: CellAt) => void;
};

type Drag =
  | { readonly kind: 'cells' | 'rows'; x: number; y: number }
  | { readonly kind: 'resize'; readonly column: number; readonly fromX: number; readonly fromPx: number };

type GridPointerEvent = TargetedPointerEvent<HTMLDivElement>;
type GridMouseEvent = TargetedMouseEvent<HTMLDivElement>;

/** Selecting, resizing, sorting and menus by pointer: handlers for the grid's element. */
export function usePointer(options: PointerOptions) {
  const latest = useRef(options);
  latest.current = options;
  const drag = useRef<Drag | null>(null);
  const timer = useRef<ReturnType<typeof setInterval>>();
  const stop = () => {
    drag.current = null;
    clearInterval(timer.current);
  };
  useEffect(() => stop, []);

  const follow = () => {
    const { hitAt, onSelection, reveal, bounds } = latest.current;
    const now = drag.current;
    if (!now || now.kind === 'resize') return;
    const { row, column } = hitAt(now.x, now.y);
    if (now.kind === 'rows') onSelection((selection) => selectRow(selection, row, bounds, true));
    else onSelection((selection) => extendTo(selection, { row, column }));
    reveal({ row, column: now.kind === 'rows' ? latest.current.selection.anchor.column : column });
  };

  const onPointerDown = (event: GridPointerEvent) => {
    if (event.button !== 0 || latest.current.rowCount < 0) return;
    const hit = latest.current.hitAt(event.clientX, event.clientY);
    const part = partOf(event.target);
    if (onScrollBar(event)) return;
    latest.current.onHover(null, null);
    if (hit.area === 'header') drag.current = pressHeader(latest.current, hit, part, event);
    else if (hit.area === 'corner') latest.current.onSelection((now) => now);
    else drag.current = pressCells(latest.current, hit, event);
    if (!drag.current) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    if (drag.current.kind !== 'resize') timer.current = setInterval(follow, SCROLL_WHILE_OUTSIDE_MS);
  };

  const onPointerMove = (event: GridPointerEvent) => {
    const now = drag.current;
    if (!now) return hover(latest.current, event);
    if (now.kind === 'resize') {
      latest.current.onResize(now.column, clampWidth(now.fromPx + event.clientX - now.fromX));
      return;
    }
    if (now.x === event.clientX && now.y === event.clientY) return;
    now.x = event.clientX;
    now.y = event.clientY;
    follow();
  };

  const onDblClick = (event: GridMouseEvent) => {
    const hit = latest.current.hitAt(event.clientX, event.clientY);
    if (partOf(event.target) === 'resize') latest.current.onFit(columnOf(event.target, hit));
    else if (hit.area === 'cell') latest.current.onIntent({ type: 'detail' });
  };

  const onContextMenu = (event: GridMouseEvent) => {
    const { hitAt, onIntent, onSelection, selection } = latest.current;
    const hit = hitAt(event.clientX, event.clientY);
    if (event.button !== 2) return;
    event.preventDefault();
    const place = { xPx: event.clientX, yPx: event.clientY };
    if (hit.area === 'header') {
      onSelection(() => selectCell({ row: -1, column: hit.column }));
      return onIntent({ type: 'columnMenu', ...place });
    }
    if (!isSelected(selectedRanges(selection), hit.row, hit.column)) onSelection(() => selectCell(hit));
    onIntent({ type: 'cellMenu', ...place });
  };

  return {
    onPointerDown,
    onPointerMove,
    onPointerUp: stop,
    onPointerCancel: stop,
    onPointerLeave: () => latest.current.onHover(null, null),
    onDblClick,
    onContextMenu,
  };
}

function pressHeader(
  options: PointerOptions,
  hit: Hit,
  part: string | null,
  event: GridPointerEvent,
): Drag | null {
  const column = part === 'resize' ? columnOf(event.target, hit) : hit.column;
  if (part === 'resize') {
    return { kind: 'resize', column, fromX: event.clientX, fromPx: options.layout.widthsPx[column] ?? 0 };
  }
  options.onSelection(() => selectCell({ row: -1, column }));
  if (part === 'menu') options.onIntent({ type: 'columnMenu', xPx: event.clientX, yPx: event.clientY });
  else options.onIntent({ type: 'sort', column, keepOthers: event.shiftKey });
  return null;
}

function pressCells(options: PointerOptions, hit: Hit, event: GridPointerEvent): Drag | null {
  if (options.bounds.rows === 0) return null;
  const start = { x: event.clientX, y: event.clientY };
  if (hit.area === 'rowHeader') {
    options.onSelection((now) => selectRow(now, hit.row, options.bounds, event.shiftKey));
    return { kind: 'rows', ...start };
  }
  const at = { row: hit.row, column: hit.column };
  options.onSelection((now) => pressed(now, at, event));
  return { kind: 'cells', ...start };
}

function pressed(selection: Selection, at: CellAt, event: GridPointerEvent): Selection {
  if (event.shiftKey && currentRange(selection).fromRow >= 0) return extendTo(selection, at);
  return event.ctrlKey || event.metaKey ? addRange(selection, at) : selectCell(at);
}

function hover({ onHover, hitAt }: PointerOptions, event: GridPointerEvent): void {
  const cell = event.target instanceof Element ? event.target.closest('.masked') : null;
  if (cell) onHover(hitAt(event.clientX, event.clientY), cell.getBoundingClientRect());
  else onHover(null, null);
}

function partOf(target: EventTarget | null): string | null {
  const element = target instanceof Element ? target.closest<HTMLElement>('[data-part]') : null;
  return element?.dataset.part ?? null;
}

/** A resize handle straddles two columns: the one that it belongs to counts. */
function columnOf(target: EventTarget | null, hit: Hit): number {
  const header = target instanceof Element ? target.closest('[role=columnheader]') : null;
  const index = Number(header?.getAttribute('aria-colindex'));
  return Number.isInteger(index) && index >= 2 ? index - 2 : hit.column;
}

function onScrollBar(event: GridPointerEvent): boolean {
  const box = event.currentTarget.getBoundingClientRect();
  const { clientWidth, clientHeight } = event.currentTarget;
  return event.clientX - box.left > clientWidth || event.clientY - box.top > clientHeight;
}
