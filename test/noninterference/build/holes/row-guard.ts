import { guardedWrite as whole } from '../../../../gateway/src/sql/postgres/rows/guarded-write.ts';

export * from '../../../../gateway/src/sql/postgres/rows/guarded-write.ts';

/** UPDATE and DELETE reach every row. */
export const guardedWrite: typeof whole = (write, _filter, ...rest) => whole(write, 'TRUE', ...rest);
