// biome-ignore-all lint/a11y/useSemanticElements: rows and columns that come and go can be no table; the roles say it
import type { VNode } from 'preact';
import type { SortKey } from '../../../../../extension/contract/arrange.ts';
import { isNumeric } from '../../../../../extension/contract/value-kind.ts';
import { Icon } from '../../../icons.tsx';
import type { ColumnLayout, ColumnRange } from '../model/column-layout.ts';
import { HEADER_ROW, type Selection } from '../model/selection.ts';
import type { GridColumn } from './grid-columns.ts';

export type GridHeaderProps = {
  readonly columns: readonly GridColumn[];
  readonly layout: ColumnLayout;
  readonly visible: ColumnRange;
  readonly rowHeaderPx: number;
  readonly selection: Selection;
  readonly order: readonly SortKey[];
  readonly filtered: ReadonlySet<number>;
};

/** The row of column names. What a press on it does is the grid's to say, by `data-part`. */
export function GridHeader(props: GridHeaderProps): VNode {
  const { layout, visible, rowHeaderPx } = props;
  const gapPx = (layout.leftsPx[visible.from] ?? 0) - (layout.leftsPx[layout.frozen] ?? 0);
  const frozen = Array.from({ length: layout.frozen }, (_, index) => index);
  const scrolling = Array.from({ length: visible.to - visible.from }, (_, index) => visible.from + index);
  return (
    <div role="row" tabIndex={-1} aria-rowindex={1} class="header">
      <div
        role="columnheader"
        tabIndex={-1}
        aria-colindex={1}
        class="row-number corner"
        style={{ width: `${rowHeaderPx}px` }}
      >
        <span class="for-reader">Row</span>
      </div>
      {frozen.map((index) => (
        <ColumnHeader key={index} index={index} {...props} />
      ))}
      {gapPx > 0 ? <div class="gap" role="presentation" style={{ width: `${gapPx}px` }} /> : null}
      {scrolling.map((index) => (
        <ColumnHeader key={index} index={index} {...props} />
      ))}
    </div>
  );
}

function ColumnHeader(props: GridHeaderProps & { readonly index: number }): VNode | null {
  const { index, columns, layout, rowHeaderPx, selection, order, filtered } = props;
  const column = columns[index];
  if (!column) return null;
  const active = selection.active.row === HEADER_ROW && selection.active.column === index;
  const at = order.findIndex((key) => key.column === index);
  const descending = order[at]?.descending ?? false;
  const frozen = index < layout.frozen;
  const classes = ['column'];
  if (isNumeric(column.kind)) classes.push('number');
  if (column.masked) classes.push('masked');
  if (active) classes.push('active');
  if (frozen) classes.push('frozen');
  if (frozen && index === layout.frozen - 1) classes.push('last-frozen');
  return (
    <div
      role="columnheader"
      aria-colindex={index + 2}
      aria-sort={at < 0 ? 'none' : descending ? 'descending' : 'ascending'}
      tabIndex={active ? 0 : -1}
      class={classes.join(' ')}
      style={{
        width: `${layout.widthsPx[index] ?? 0}px`,
        left: frozen ? `${rowHeaderPx + (layout.leftsPx[index] ?? 0)}px` : '',
      }}
    >
      <span class="title">
        {column.masked ? <Icon name="lock" /> : null}
        <span class="name">{column.name}</span>
        {at >= 0 ? <Icon name={descending ? 'descending' : 'ascending'} /> : null}
        {at >= 0 && order.length > 1 ? <span class="order">{at + 1}</span> : null}
        {filtered.has(index) ? <Icon name="filter" /> : null}
      </span>
      <span class="type">
        {column.typeName}
        {column.masked ? <span class="mask-word">masked</span> : null}
      </span>
      <span class="column-menu" data-part="menu" aria-hidden="true">
        <Icon name="more" />
      </span>
      <span class="resize" data-part="resize" aria-hidden="true" />
    </div>
  );
}
