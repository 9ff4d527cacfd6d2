// biome-ignore-all lint/a11y/useSemanticElements: rows and columns that come and go can be no table; the roles say it
import { Component, type VNode } from 'preact';
import { isNumeric } from '../../../../../extension/contract/value-kind.ts';
import { Icon } from '../../../icons.tsx';
import { cellText } from '../model/cell-text.ts';
import type { ColumnLayout, ColumnRange } from '../model/column-layout.ts';
import { replacedIn } from '../model/replaced.ts';
import type { RowWindows } from '../model/row-windows.ts';
import { isSelected, type Range, type Selection } from '../model/selection.ts';
import type { GridColumn } from './grid-columns.ts';

export type GridRowProps = {
  readonly row: number;
  /** Where the row stands in its layer. */
  readonly topPx: number;
  readonly columns: readonly GridColumn[];
  readonly layout: ColumnLayout;
  readonly visible: ColumnRange;
  readonly rowHeaderPx: number;
  readonly windows: RowWindows;
  /** Grows whenever rows arrived: the same row may have other cells now. */
  readonly generation: number;
  readonly selection: Selection;
  readonly ranges: readonly Range[];
};

/** One row of cells. Drawn again only when something that it shows has changed. */
export class GridRow extends Component<GridRowProps> {
  override shouldComponentUpdate(next: GridRowProps): boolean {
    const now = this.props;
    return (
      next.row !== now.row ||
      next.topPx !== now.topPx ||
      next.generation !== now.generation ||
      next.selection !== now.selection ||
      next.layout !== now.layout ||
      next.columns !== now.columns ||
      next.visible.from !== now.visible.from ||
      next.visible.to !== now.visible.to
    );
  }

  override render({ row, topPx, layout, visible, rowHeaderPx, windows }: GridRowProps): VNode {
    const number = windows.numberAt(row, visible.from);
    const gapPx = (layout.leftsPx[visible.from] ?? 0) - (layout.leftsPx[layout.frozen] ?? 0);
    return (
      <div
        role="row"
        tabIndex={-1}
        aria-rowindex={row + 2}
        class={row % 2 === 1 ? 'row odd' : 'row'}
        style={{ transform: `translateY(${topPx}px)` }}
      >
        <div
          role="rowheader"
          tabIndex={-1}
          aria-colindex={1}
          class="row-number"
          style={{ width: `${rowHeaderPx}px` }}
        >
          {number ?? ''}
        </div>
        {range(0, layout.frozen).map((column) => this.#cell(column, rowHeaderPx))}
        {gapPx > 0 ? <div class="gap" role="presentation" style={{ width: `${gapPx}px` }} /> : null}
        {range(visible.from, visible.to).map((column) => this.#cell(column, rowHeaderPx))}
      </div>
    );
  }

  #cell(index: number, rowHeaderPx: number): VNode | null {
    const { row, columns, layout, windows, selection, ranges } = this.props;
    const column = columns[index];
    if (!column) return null;
    const active = selection.active.row === row && selection.active.column === index;
    const selected = isSelected(ranges, row, index);
    const frozen = index < layout.frozen;
    const cell = windows.cellAt(row, index);
    const shown = cell === undefined ? null : cellText(cell, column.kind);
    const replaced = shown !== null && replacedIn(shown.text, column.detectors).length > 0;
    const classes = ['cell'];
    if (isNumeric(column.kind)) classes.push('number');
    if (column.masked || replaced) classes.push('masked');
    if (selected) classes.push('selected');
    if (active) classes.push('active');
    if (frozen) classes.push('frozen');
    if (frozen && index === layout.frozen - 1) classes.push('last-frozen');
    return (
      <div
        key={index}
        role="gridcell"
        aria-colindex={index + 2}
        aria-selected={selected}
        aria-busy={shown === null ? 'true' : undefined}
        tabIndex={active ? 0 : -1}
        class={classes.join(' ')}
        style={{
          width: `${layout.widthsPx[index] ?? 0}px`,
          left: frozen ? `${rowHeaderPx + (layout.leftsPx[index] ?? 0)}px` : '',
        }}
      >
        {column.masked || replaced ? <Icon name="lock" /> : null}
        {shown ? <span class={shown.tone}>{shown.text}</span> : <span class="placeholder" />}
        {column.masked ? <span class="for-reader">, masked</span> : null}
        {replaced && !column.masked ? <span class="for-reader">, in part replaced</span> : null}
      </div>
    );
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
