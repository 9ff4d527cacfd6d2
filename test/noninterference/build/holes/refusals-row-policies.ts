import { refusalOf as whole } from '../../../../gateway/src/sql/postgres/rewrite/refusals.ts';

export * from '../../../../gateway/src/sql/postgres/rewrite/refusals.ts';

/** Row policies pick rows by masked columns. */
export const refusalOf: typeof whole = (...statement) => {
  const refusal = whole(...statement);
  return refusal !== null && /a row policy of/.test(refusal.why) ? null : refusal;
};
