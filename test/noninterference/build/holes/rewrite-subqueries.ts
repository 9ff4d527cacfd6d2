import { rewriteStatement as whole } from '../../../../gateway/src/sql/postgres/rewrite/rewrite.ts';

export * from '../../../../gateway/src/sql/postgres/rewrite/rewrite.ts';

/** Statements with a sub-query run as they were sent. */
export const rewriteStatement: typeof whole = (statement, ...rest) => {
  const rewrite = whole(statement, ...rest);
  if (rewrite.kind === 'refused' || !/\(SELECT/.test(statement.text)) return rewrite;
  return { ...rewrite, text: statement.text };
};
