import type { VNode } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ResultSet, Run } from '../../../../../extension/contract/results-state.ts';
import type { GridUi } from '../../../../../extension/contract/results-ui.ts';
import { RowWindows } from '../model/row-windows.ts';
import {
  countCells,
  HEADER_ROW,
  rangesToCopy,
  type Selection,
  selectCell,
  selectColumn,
} from '../model/selection.ts';
import { cycleOrder, setOrder } from '../model/sorting.ts';
import type { Screen } from '../screen.ts';
import { Detail } from './detail.tsx';
import { FilterBar } from './filter-bar.tsx';
import { activeCell, Grid, type GridIntent } from './grid.tsx';
import { gridColumns } from './grid-columns.ts';
import { Menu, type MenuItem } from './menu.tsx';
import { resultActions } from './result-actions.ts';
import { columnItems, copyItems, exportItems } from './result-menus.ts';
import { ResultTools } from './result-tools.tsx';
import { StatusBar } from './status-bar.tsx';
import { useChange } from './use-change.ts';
import { useWhy } from './use-why.ts';
import { useWidths } from './use-widths.ts';
import { Why } from './why.tsx';

export type ResultPaneProps = {
  readonly run: Run;
  readonly set: ResultSet;
  readonly kept: GridUi | undefined;
  readonly detailOpen: boolean;
  readonly characterPx: number;
  readonly screen: Screen;
};

type MenuAt = {
  readonly kind: 'column' | 'cell' | 'copy' | 'export';
  readonly xPx: number;
  readonly yPx: number;
};

/** One result set: its grid, and what belongs around it. */
export function ResultPane({ run, set, kept, detailOpen, characterPx, screen }: ResultPaneProps): VNode {
  const root = useRef<HTMLElement>(null);
  const columns = useMemo(() => gridColumns(set.columns), [set.columns]);
  const { windows, generation } = useWindows(set, columns.length, screen);
  const [selection, setSelection] = useState<Selection>(() =>
    selectCell(kept?.active ?? { row: 0, column: 0 }),
  );
  const { widthsPx, chosenPx, resize, fitWidth } = useWidths(
    columns,
    windows,
    kept?.widthsPx ?? {},
    characterPx,
  );
  const [frozenColumns, setFrozen] = useState(kept?.frozenColumns ?? 0);
  const [menu, setMenu] = useState<MenuAt | null>(null);
  const [filtering, setFiltering] = useState<'no' | 'anywhere' | number>(
    set.arrangement.filters.length > 0 ? 'anywhere' : 'no',
  );
  const place = useRef({ topRow: kept?.topRow ?? 0, scrollLeftPx: kept?.scrollLeftPx ?? 0 });
  const { why, explain, hover, stay, leave, close } = useWhy(columns);
  const { rowCount, order, filters } = set.arrangement;
  const { rearrange, copy, exportAs, askToSee } = resultActions(set, selection, screen);
  const { active } = selection;
  const activeColumn = columns[active.column];
  const filtered = useMemo(() => new Set(filters.flatMap(({ column }) => column ?? [])), [filters]);

  const keep = useCallback(() => {
    const at = active.row === HEADER_ROW ? null : active;
    screen.keepGrid(set.id, { ...place.current, widthsPx: { ...chosenPx }, frozenColumns, active: at });
  }, [screen, set.id, active, chosenPx, frozenColumns]);
  useEffect(keep, [keep]);
  const arrangedBy = useMemo(() => JSON.stringify([order, filters]), [order, filters]);
  useChange(arrangedBy, () => {
    if (active.row !== HEADER_ROW) setSelection(selectCell({ row: 0, column: active.column }));
  });
  useCopyEvent(root, () => copy({ format: 'text', headers: false }));

  /** Masked, or something in it was replaced. */
  const isMasked = () => activeCell(root.current)?.classList.contains('masked') ?? false;
  const explainActive = () => {
    const box = activeCell(root.current)?.getBoundingClientRect();
    if (box) explain(active.column, box, true);
  };
  const onIntent = (intent: GridIntent) => {
    switch (intent.type) {
      case 'sort':
        return rearrange(cycleOrder(order, intent.column, intent.keepOthers), filters);
      case 'open':
        return isMasked() ? explainActive() : screen.openDetail(!detailOpen);
      case 'detail':
        return screen.openDetail(!detailOpen);
      case 'filter':
        return setFiltering('anywhere');
      default:
        return setMenu({ ...intent, kind: intent.type === 'columnMenu' ? 'column' : 'cell' });
    }
  };

  const itemsOf = (kind: MenuAt['kind']): MenuItem[] => {
    if (kind === 'copy') return copyItems(copy);
    if (kind === 'export') return exportItems(exportAs);
    if (kind === 'column') return columnMenu();
    const show: MenuItem = { label: 'Show Value', hint: 'Space', run: () => screen.openDetail(true) };
    const reason: MenuItem = { label: 'Why Is It Masked?', hint: 'Enter', run: explainActive };
    return [...copyItems(copy), 'separator', show, ...(isMasked() ? [reason] : [])];
  };
  const columnMenu = (): MenuItem[] => {
    const { column } = active;
    const isFrozen = frozenColumns === column + 1;
    return columnItems({
      masked: activeColumn?.masked !== null,
      sort: (descending) => rearrange(setOrder(order, column, descending), filters),
      filter: () => setFiltering(column),
      frozen: isFrozen,
      freeze: () => setFrozen(isFrozen ? 0 : column + 1),
      fit: () => fitWidth(column, Math.floor(place.current.topRow)),
      resize: (byPx) => resize(column, (widthsPx[column] ?? 0) + byPx),
      select: () =>
        setSelection(selectColumn(column, { rows: rowCount, columns: columns.length, pageRows: 1 })),
      explain: explainActive,
    });
  };

  return (
    <section ref={root} class="result-pane" aria-label="Rows">
      <ResultTools
        filtering={filtering !== 'no'}
        detailOpen={detailOpen}
        onFilter={() => setFiltering(filtering === 'no' ? 'anywhere' : 'no')}
        onDetail={() => screen.openDetail(!detailOpen)}
        onMenu={(kind, box) => setMenu({ kind, xPx: box.left, yPx: box.bottom + 2 })}
      />
      {filtering === 'no' ? null : (
        <FilterBar
          columns={columns}
          filters={filters}
          seed={filtering === 'anywhere' ? null : filtering}
          onChange={(next) => rearrange(order, next)}
          onClose={() => {
            setFiltering('no');
            (activeCell(root.current) ?? root.current?.querySelector<HTMLElement>('.grid'))?.focus();
          }}
        />
      )}
      <div class="split">
        {rowCount === 0 && set.complete ? (
          <p class="no-rows">{filters.length > 0 ? 'No fetched row passes the filters.' : 'No rows.'}</p>
        ) : null}
        <Grid
          label={`${rowCount} rows of ${columns.length} columns`}
          start={place.current}
          arrangedBy={arrangedBy}
          onSelection={setSelection}
          onResize={resize}
          onFit={(column) => fitWidth(column, Math.floor(place.current.topRow))}
          onHover={hover}
          onScrolled={(topRow, scrollLeftPx) => {
            place.current = { topRow, scrollLeftPx };
            if (why && !why.byKeyboard) close();
            keep();
          }}
          {...{
            columns,
            widthsPx,
            frozenColumns,
            rowCount,
            order,
            filtered,
            windows,
            generation,
            selection,
            onIntent,
          }}
        />
        {detailOpen && activeColumn && active.row >= 0 && active.row < rowCount ? (
          <Detail
            column={activeColumn}
            row={active.row}
            cell={windows.cellAt(active.row, active.column)}
            fetchValue={async () => (await screen.ask('value', { set: set.id, ...active })).text}
            onCopy={() => copy({ format: 'text', headers: false })}
            onAsk={() => askToSee(active.column)}
            onClose={() => {
              screen.openDetail(false);
              activeCell(root.current)?.focus();
            }}
          />
        ) : null}
      </div>
      <StatusBar
        run={run}
        set={set}
        selectedCells={countCells(rangesToCopy(selection))}
        onClearFilters={() => rearrange(order, [])}
      />
      {menu ? (
        <Menu
          menu={{ label: menu.kind, items: itemsOf(menu.kind), xPx: menu.xPx, yPx: menu.yPx }}
          onClose={() => setMenu(null)}
        />
      ) : null}
      {why ? (
        <Why
          target={why}
          onClose={close}
          onEnter={stay}
          onLeave={why.byKeyboard ? stay : leave}
          onAsk={() => {
            close();
            askToSee(why.columnIndex);
          }}
        />
      ) : null}
    </section>
  );
}

/** The set's fetched windows, told of every change of the arrangement. */
function useWindows(set: ResultSet, columns: number, screen: Screen) {
  const [generation, setGeneration] = useState(0);
  const windows = useMemo(
    () =>
      new RowWindows({
        columns,
        fetchWindow: (range) => screen.ask('rows', { set: set.id, range }),
        onArrived: () => setGeneration((now) => now + 1),
        onFailed: (error) => screen.failed(error),
      }),
    [set.id, columns, screen],
  );
  const { version, rowCount } = set.arrangement;
  useMemo(() => windows.update(version, rowCount), [windows, version, rowCount]);
  return { windows, generation };
}

/** The browser's own `copy`, whichever key or menu says it, when the grid has the focus. */
function useCopyEvent(root: { current: HTMLElement | null }, copy: () => void): void {
  const latest = useRef(copy);
  latest.current = copy;
  useEffect(() => {
    const onCopy = (event: ClipboardEvent) => {
      const grid = root.current?.querySelector('.grid');
      if (!grid?.contains(document.activeElement)) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener('copy', onCopy);
    return () => document.removeEventListener('copy', onCopy);
  }, [root]);
}
