// biome-ignore-all lint/a11y/useSemanticElements: rows and columns that come and go can be no table; the roles say it
import type { RefObject, TargetedKeyboardEvent, VNode } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { SortKey } from '../../../../../extension/contract/arrange.ts';
import {
  clampWidth,
  layoutColumns,
  scrollShowingColumn,
  totalWidthPx,
  visibleColumns,
} from '../model/column-layout.ts';
import { type Hit, hitTest } from '../model/hit-test.ts';
import { type Command, commandFor } from '../model/keyboard.ts';
import type { RowWindows } from '../model/row-windows.ts';
import { scrollHeightPx, topShowingRow } from '../model/scroll-scale.ts';
import {
  HEADER_ROW,
  move,
  type Selection,
  selectAll,
  selectColumn,
  selectedRanges,
  selectRow,
} from '../model/selection.ts';
import type { GridColumn } from './grid-columns.ts';
import { GridHeader } from './grid-header.tsx';
import { GridRow } from './grid-row.tsx';
import { useChange } from './use-change.ts';
import { usePointer } from './use-pointer.ts';
import { useScroll, useView } from './use-scroll.ts';

export const ROW_PX = 24;
export const HEADER_PX = 40;
const OVERSCAN_ROWS = 4;
/** Rows stand relative to a multiple of this, so that scrolling moves their layer and not each of them. */
const LAYER_PX = 96_000;

/** What the grid asks its surroundings to do. */
export type GridIntent =
  | { readonly type: 'open' | 'detail' | 'filter' }
  | { readonly type: 'sort'; readonly column: number; readonly keepOthers: boolean }
  | { readonly type: 'columnMenu' | 'cellMenu'; readonly xPx: number; readonly yPx: number };

export type GridProps = {
  readonly label: string;
  readonly columns: readonly GridColumn[];
  readonly widthsPx: readonly number[];
  readonly frozenColumns: number;
  readonly rowCount: number;
  readonly order: readonly SortKey[];
  readonly filtered: ReadonlySet<number>;
  readonly windows: RowWindows;
  readonly generation: number;
  readonly selection: Selection;
  /** Another order or other filters: the grid goes back to its top. */
  readonly arrangedBy: string;
  readonly start: { readonly topRow: number; readonly scrollLeftPx: number };
  readonly onSelection: (change: (selection: Selection) => Selection) => void;
  readonly onIntent: (intent: GridIntent) => void;
  readonly onResize: (column: number, widthPx: number) => void;
  readonly onFit: (column: number) => void;
  readonly onScrolled: (topRow: number, scrollLeftPx: number) => void;
  readonly onHover: (hit: Hit | null, box: DOMRect | null) => void;
};

/** The grid itself: what is on screen, and nothing else, is in the document. */
export function Grid(props: GridProps): VNode {
  const { columns, widthsPx, rowCount, windows, selection, onSelection, onIntent } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const view = useView(scroller);
  const rowHeaderPx = 20 + Math.max(3, String(rowCount).length) * 8;
  const columnsPx = Math.max(0, view.widthPx - rowHeaderPx);
  const layout = useMemo(
    () => layoutColumns(widthsPx, props.frozenColumns, columnsPx),
    [widthsPx, props.frozenColumns, columnsPx],
  );
  const extent = { contentPx: rowCount * ROW_PX, viewportPx: Math.max(0, view.heightPx - HEADER_PX) };
  const start = { topPx: props.start.topRow * ROW_PX, scrollLeftPx: props.start.scrollLeftPx };
  const { topPx, scrollLeftPx, onScroll, moveTo } = useScroll(scroller, extent, start);
  useChange(props.arrangedBy, () => moveTo(0, scrollLeftPx));
  const visible = visibleColumns(layout, scrollLeftPx, columnsPx);
  const firstRow = Math.max(0, Math.floor(topPx / ROW_PX) - OVERSCAN_ROWS);
  const rowsDrawn = Math.ceil(extent.viewportPx / ROW_PX) + 1 + 2 * OVERSCAN_ROWS;
  const endRow = Math.min(rowCount, firstRow + rowsDrawn);
  const ranges = useMemo(() => selectedRanges(selection), [selection]);
  const bounds = {
    rows: rowCount,
    columns: columns.length,
    pageRows: Math.max(1, Math.floor(extent.viewportPx / ROW_PX) - 1),
  };

  useLayoutEffect(() => {
    const rows = { fromRow: firstRow, toRow: endRow };
    windows.want([
      { ...rows, fromColumn: visible.from, toColumn: visible.to },
      { ...rows, fromColumn: 0, toColumn: layout.frozen },
    ]);
  }, [windows, firstRow, endRow, visible.from, visible.to, layout.frozen]);

  useEffect(() => props.onScrolled(topPx / ROW_PX, scrollLeftPx), [topPx, scrollLeftPx]);

  const reveal = useCallback(
    ({ row, column }: { row: number; column: number }) => {
      const top = row === HEADER_ROW ? topPx : topShowingRow(row, ROW_PX, topPx, extent.viewportPx);
      const left = scrollShowingColumn(layout, column, scrollLeftPx, columnsPx);
      if (top !== topPx || left !== scrollLeftPx) moveTo(top, left);
    },
    [topPx, extent.viewportPx, layout, scrollLeftPx, columnsPx, moveTo],
  );

  useFollowFocus(scroller);

  const hitAt = (clientX: number, clientY: number): Hit => {
    const box = scroller.current?.getBoundingClientRect();
    return hitTest(
      {
        layout,
        rows: rowCount,
        rowPx: ROW_PX,
        headerPx: HEADER_PX,
        rowHeaderPx,
        topPx,
        // Rows stand where they were drawn; columns where the browser has scrolled them, which we hear of later.
        scrollLeftPx: scroller.current?.scrollLeft ?? scrollLeftPx,
      },
      clientX - (box?.left ?? 0),
      clientY - (box?.top ?? 0),
    );
  };
  const pointer = usePointer({ ...props, bounds, hitAt, reveal, layout });

  const obey = (command: Command) => {
    const { row, column } = selection.active;
    switch (command.type) {
      case 'move': {
        const next = move(selection, command.motion, bounds, command.extend);
        onSelection(() => next);
        return reveal(next.active);
      }
      case 'resize':
        return props.onResize(column, clampWidth((layout.widthsPx[column] ?? 0) + command.byPx));
      case 'selectAll':
        return onSelection((now) => selectAll(now, bounds));
      case 'selectRow':
        return row === HEADER_ROW ? undefined : onSelection((now) => selectRow(now, row, bounds, false));
      case 'selectColumn':
        return onSelection(() => selectColumn(column, bounds));
      case 'open':
        return onIntent(row === HEADER_ROW ? { type: 'sort', column, keepOthers: false } : { type: 'open' });
      case 'menu': {
        const box = activeCell(scroller.current)?.getBoundingClientRect();
        const place = { xPx: box?.left ?? 0, yPx: box?.bottom ?? 0 };
        return onIntent({ type: row === HEADER_ROW ? 'columnMenu' : 'cellMenu', ...place });
      }
      default:
        return onIntent({ type: command.type });
    }
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    const command = commandFor(event);
    if (!command) return;
    event.preventDefault();
    event.stopPropagation();
    obey(command);
  };

  const firstKey = useFirstKey(firstRow, rowsDrawn);
  const layerPx = Math.floor(topPx / LAYER_PX) * LAYER_PX;
  const rows: VNode[] = [];
  for (let row = firstRow; row < endRow; row++) {
    rows.push(
      <GridRow
        key={(row - firstKey) % rowsDrawn}
        row={row}
        topPx={row * ROW_PX - layerPx}
        {...{
          columns,
          layout,
          visible,
          rowHeaderPx,
          windows,
          generation: props.generation,
          selection,
          ranges,
        }}
      />,
    );
  }
  const activeIsDrawn =
    (selection.active.row === HEADER_ROW ||
      (selection.active.row >= firstRow && selection.active.row < endRow)) &&
    (selection.active.column < layout.frozen ||
      (selection.active.column >= visible.from && selection.active.column < visible.to));
  return (
    <div
      ref={scroller}
      class="grid"
      role="grid"
      aria-label={props.label}
      aria-rowcount={rowCount + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable="true"
      tabIndex={activeIsDrawn ? -1 : 0}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      {...pointer}
    >
      <div
        class="track"
        role="presentation"
        style={{
          height: `${scrollHeightPx(extent) + HEADER_PX}px`,
          width: `${rowHeaderPx + totalWidthPx(layout)}px`,
        }}
      >
        <div class="sheet" role="presentation" style={{ height: `${view.heightPx}px` }}>
          <GridHeader
            {...{ columns, layout, visible, rowHeaderPx, selection }}
            order={props.order}
            filtered={props.filtered}
          />
          <div class="rows" role="rowgroup">
            <div class="layer" role="presentation" style={{ transform: `translateY(${layerPx - topPx}px)` }}>
              {rows}
            </div>
          </div>
        </div>
      </div>
    </div>
  );
}

export function activeCell(root: HTMLElement | null): HTMLElement | null {
  return root?.querySelector<HTMLElement>('[tabindex="0"]') ?? null;
}

/**
 * The row that elements are counted from: scrolling reuses them one by one, in a ring, and a jump to other
 * rows begins a new ring, so that no element changes its place among the others.
 */
function useFirstKey(firstRow: number, rowsDrawn: number): number {
  const ring = useRef({ firstKey: firstRow, lastRow: firstRow });
  const jumped = Math.abs(firstRow - ring.current.lastRow) >= rowsDrawn;
  ring.current = { firstKey: jumped ? firstRow : ring.current.firstKey, lastRow: firstRow };
  return ring.current.firstKey - Math.ceil(ring.current.firstKey / rowsDrawn) * rowsDrawn;
}

/**
 * While the grid has the focus, the active cell has it; when that cell isn't drawn, the grid itself. A view that
 * lost the focus to the editor leaves it there: `focus()` would take it back across frames.
 */
function useFollowFocus(scroller: RefObject<HTMLDivElement>): void {
  const hadFocus = useRef(false);
  useEffect(() => {
    const onFocus = (event: FocusEvent) => {
      hadFocus.current = event.target instanceof Node && scroller.current?.contains(event.target) === true;
    };
    document.addEventListener('focusin', onFocus);
    return () => document.removeEventListener('focusin', onFocus);
  }, [scroller]);
  useLayoutEffect(() => {
    const root = scroller.current;
    const lost = document.activeElement === document.body || root?.contains(document.activeElement);
    if (!root || !hadFocus.current || !lost || !document.hasFocus()) return;
    const target = activeCell(root) ?? root;
    if (target !== document.activeElement) target.focus({ preventScroll: true });
  });
}
