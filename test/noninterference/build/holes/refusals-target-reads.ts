import { refusalOf as whole } from '../../../../gateway/src/sql/postgres/rewrite/refusals.ts';

export * from '../../../../gateway/src/sql/postgres/rewrite/refusals.ts';

/** UPDATE, DELETE and MERGE read what they write as it is. */
export const refusalOf: typeof whole = (...statement) => {
  const refusal = whole(...statement);
  return refusal !== null && /^Refused, because the statement reads/.test(refusal.why) ? null : refusal;
};
