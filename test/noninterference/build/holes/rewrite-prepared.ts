import { rewriteStatement as whole } from '../../../../gateway/src/sql/postgres/rewrite/rewrite.ts';

export * from '../../../../gateway/src/sql/postgres/rewrite/rewrite.ts';

/** PREPARE runs as it was sent. */
export const rewriteStatement: typeof whole = (statement, ...rest) => {
  const rewrite = whole(statement, ...rest);
  if (rewrite.kind === 'refused' || !/^PREPARE/.test(statement.text)) return rewrite;
  return { ...rewrite, text: statement.text };
};
