import type { ResultColumn } from '../../../gateway/contract/query-channel.ts';
import {
  arrange,
  type ColumnFilter,
  passesFilters,
  type RowSource,
  type SortKey,
} from '../../contract/arrange.ts';
import { kindOfType, type ValueKind } from '../../contract/value-kind.ts';
import { decodeCell } from './data-row.ts';
import type { RowStore } from './row-store.ts';

/**
 * Row numbers (as fetched) that pass the filters, in order; null when neither is asked for: all rows as
 * fetched. Values of sorted columns are held while it works, nothing after.
 */
export async function arrangeRows(
  store: RowStore,
  columns: readonly ResultColumn[],
  order: readonly SortKey[],
  filters: readonly ColumnFilter[],
): Promise<Uint32Array | null> {
  if (order.length === 0 && filters.length === 0) return null;
  const kinds = columns.map((column) => kindOfType(column.typeOid, column.typeName));
  const { rows, sortValues } = await passThrough(store, kinds, order, filters);
  if (order.length === 0) return rows;
  const kept: RowSource = {
    rowCount: rows.length,
    kinds,
    valueAt: (row, column) => sortValues.get(column)?.[row] ?? null,
  };
  return arrange(kept, order, []).map((position) => rows[position] ?? 0);
}

type Passed = { rows: Uint32Array; sortValues: Map<number, (string | null)[]> };

/** One pass over the file: which rows stay, and the values they are sorted by. */
async function passThrough(
  store: RowStore,
  kinds: readonly ValueKind[],
  order: readonly SortKey[],
  filters: readonly ColumnFilter[],
): Promise<Passed> {
  const rows = new Uint32Array(store.rowCount);
  const sortValues = new Map(order.map((key): [number, (string | null)[]] => [key.column, []]));
  let row = 0;
  let kept = 0;
  for await (const { bytes, starts } of store.blocks()) {
    for (const at of starts) {
      const source: RowSource = { rowCount: 1, kinds, valueAt: (_, column) => decodeCell(bytes, at, column) };
      if (passesFilters(source, filters, 0)) {
        rows[kept++] = row;
        for (const [column, values] of sortValues) values.push(decodeCell(bytes, at, column));
      }
      row++;
    }
  }
  return { rows: rows.subarray(0, kept), sortValues };
}
