import { refusalOf as whole } from '../../../../gateway/src/sql/postgres/rewrite/refusals.ts';

export * from '../../../../gateway/src/sql/postgres/rewrite/refusals.ts';

/** Keys and computed columns answer questions. */
export const refusalOf: typeof whole = (...statement) => {
  const refusal = whole(...statement);
  return refusal !== null && /would tell whether|would be computed|would compare/.test(refusal.why)
    ? null
    : refusal;
};
