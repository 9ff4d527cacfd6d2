export * from '../../../../gateway/src/sql/postgres/rewrite/row-order.ts';

/** Rows come in the order of partitions, and are numbered in it. */
export const inOwnOrder = (query: string): string => query;
export const orderRefusal = (): null => null;
