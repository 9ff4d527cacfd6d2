import type { SortKey } from '../../../../../extension/contract/arrange.ts';

/** A press on a header: ascending, descending, unsorted. With `keepOthers` the column joins the order. */
export function cycleOrder(order: readonly SortKey[], column: number, keepOthers: boolean): SortKey[] {
  const now = order.find((key) => key.column === column);
  const next = now === undefined ? false : now.descending ? null : true;
  return keepOthers ? setOrder(order, column, next) : setOrder([], column, next);
}

/** The order with one column's direction set, or with the column taken out of it (null). */
export function setOrder(order: readonly SortKey[], column: number, descending: boolean | null): SortKey[] {
  const others = order.filter((key) => key.column !== column);
  if (descending === null) return others;
  const at = order.findIndex((key) => key.column === column);
  return at < 0
    ? [...others, { column, descending }]
    : order.map((key) => (key.column === column ? { column, descending } : key));
}
