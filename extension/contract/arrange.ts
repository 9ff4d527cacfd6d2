import * as z from 'zod';
import { assertNever } from '../../gateway/contract/assert-never.ts';
import { type CompareKey, compareKey, compareValues } from './compare-values.ts';
import type { ValueKind } from './value-kind.ts';

const columnIndex = z.int().nonnegative();

export const SortKey = z.object({ column: columnIndex, descending: z.boolean() });
export type SortKey = z.infer<typeof SortKey>;

export const FilterOperator = z.enum([
  'contains',
  'equals',
  'notEquals',
  'startsWith',
  'atLeast',
  'atMost',
  'isNull',
  'isNotNull',
]);
export type FilterOperator = z.infer<typeof FilterOperator>;

/** `column` null: any column. `text` is ignored by the two operators on NULL. */
export const ColumnFilter = z.object({
  column: columnIndex.nullable(),
  operator: FilterOperator,
  text: z.string().max(10_000),
});
export type ColumnFilter = z.infer<typeof ColumnFilter>;

/** The fetched rows, wherever they are kept. */
export type RowSource = {
  readonly rowCount: number;
  readonly kinds: readonly ValueKind[];
  readonly valueAt: (row: number, column: number) => string | null;
};

/**
 * The fetched rows that pass every filter, in order, as indices into the source. Values compare by their
 * kind, NULL as the greatest (so last ascending, first descending, as PostgreSQL does), ties keep the order
 * they were fetched in. Works on what the person may see: a masked column sorts by its mask.
 */
export function arrange(
  source: RowSource,
  order: readonly SortKey[],
  filters: readonly ColumnFilter[],
): Uint32Array {
  const rows = filterRows(source, filters);
  if (order.length === 0) return rows;
  const comparators = order.map((key) => rowComparator(source, rows, key));
  return rows.sort((a, b) => {
    for (const compare of comparators) {
      const difference = compare(a, b);
      if (difference !== 0) return difference;
    }
    return a - b;
  });
}

/** True when row `row` passes every filter. */
export function passesFilters(source: RowSource, filters: readonly ColumnFilter[], row: number): boolean {
  return filters.every((filter) => passesFilter(source, filter, row));
}

function filterRows(source: RowSource, filters: readonly ColumnFilter[]): Uint32Array {
  const rows = new Uint32Array(source.rowCount);
  let kept = 0;
  for (let row = 0; row < source.rowCount; row++) {
    if (passesFilters(source, filters, row)) rows[kept++] = row;
  }
  return rows.subarray(0, kept);
}

function passesFilter(source: RowSource, filter: ColumnFilter, row: number): boolean {
  if (filter.column !== null) return passes(source, filter, row, filter.column);
  return source.kinds.some((_, column) => passes(source, filter, row, column));
}

function passes(source: RowSource, filter: ColumnFilter, row: number, column: number): boolean {
  const value = source.valueAt(row, column);
  if (filter.operator === 'isNull') return value === null;
  if (value === null) return false;
  const kind = source.kinds[column] ?? 'text';
  switch (filter.operator) {
    case 'isNotNull':
      return true;
    case 'contains':
      return value.toLowerCase().includes(filter.text.toLowerCase());
    case 'startsWith':
      return value.toLowerCase().startsWith(filter.text.toLowerCase());
    case 'equals':
      return equal(kind, value, filter.text);
    case 'notEquals':
      return !equal(kind, value, filter.text);
    case 'atLeast':
      return compareTexts(kind, value, filter.text) >= 0;
    case 'atMost':
      return compareTexts(kind, value, filter.text) <= 0;
    default:
      return assertNever(filter.operator);
  }
}

function equal(kind: ValueKind, value: string, text: string): boolean {
  return value === text || compareTexts(kind, value, text) === 0;
}

function compareTexts(kind: ValueKind, a: string, b: string): number {
  return compareValues(kind, a, b, compareKey(kind, a), compareKey(kind, b));
}

function rowComparator(source: RowSource, rows: Uint32Array, key: SortKey): (a: number, b: number) => number {
  const kind = source.kinds[key.column] ?? 'text';
  const keys: (CompareKey | null)[] = new Array(source.rowCount).fill(null);
  for (const row of rows) {
    const value = source.valueAt(row, key.column);
    if (value !== null) keys[row] = compareKey(kind, value);
  }
  const sign = key.descending ? -1 : 1;
  return (a, b) => {
    const keyA = keys[a] ?? null;
    const keyB = keys[b] ?? null;
    if (keyA === null || keyB === null) return sign * (Number(keyA === null) - Number(keyB === null));
    if (keyA < keyB) return -sign;
    if (keyA > keyB) return sign;
    const valueA = source.valueAt(a, key.column) ?? '';
    const valueB = source.valueAt(b, key.column) ?? '';
    return sign * compareValues(kind, valueA, valueB, keyA, keyB);
  };
}
