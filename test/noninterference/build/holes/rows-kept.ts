import { rowRefusal as whole } from '../../../../gateway/src/sql/postgres/rows/row-refusals.ts';

/** What was filled with hidden rows is read. */
export const rowRefusal: typeof whole = (...given) => {
  const refusal = whole(...given);
  return refusal !== null && /was filled with rows of/.test(refusal.why) ? null : refusal;
};
