import { refusalOf as whole } from '../../../../gateway/src/sql/postgres/rewrite/refusals.ts';

export * from '../../../../gateway/src/sql/postgres/rewrite/refusals.ts';

/** Definitions compute on masked columns. */
export const refusalOf: typeof whole = (...statement) => {
  const refusal = whole(...statement);
  return refusal !== null && /^Refused, because (?:a change to|an index or key)/.test(refusal.why)
    ? null
    : refusal;
};
