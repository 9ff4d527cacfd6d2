import { rowRefusal as whole } from '../../../../gateway/src/sql/postgres/rows/row-refusals.ts';

/** Keys tell of hidden rows by failing. */
export const rowRefusal: typeof whole = (...given) => {
  const refusal = whole(...given);
  return refusal !== null && /a (unique|foreign) key would tell/.test(refusal.why) ? null : refusal;
};
