import { refusalOf as whole } from '../../../../gateway/src/sql/postgres/rewrite/refusals.ts';

export * from '../../../../gateway/src/sql/postgres/rewrite/refusals.ts';

/** Views that pick or sort rows by masked columns are read. */
export const refusalOf: typeof whole = (...statement) => {
  const refusal = whole(...statement);
  return refusal !== null && /picks, sorts or groups its rows/.test(refusal.why) ? null : refusal;
};
