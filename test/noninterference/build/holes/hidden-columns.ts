export * from '../../../../gateway/src/sql/postgres/facts/allowed/relations.ts';

/** Columns of the server's own relations come as they are. */
export const hiddenColumns: ReadonlyMap<string, ReadonlySet<string>> = new Map();
