export * from '../../../../gateway/src/sql/postgres/facts/allowed/functions.ts';

/** Every function of the server's own may be called. */
export const isAllowedFunction = (): boolean => true;
