import { rowRefusal as whole } from '../../../../gateway/src/sql/postgres/rows/row-refusals.ts';

/** What hidden rows refer to is deleted, or not. */
export const rowRefusal: typeof whole = (...given) => {
  const refusal = whole(...given);
  return refusal !== null && /may refer to what it/.test(refusal.why) ? null : refusal;
};
