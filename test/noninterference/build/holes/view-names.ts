import { parse } from '../../../../gateway/src/sql/postgres/parse/parser.ts';
import type { qualifiedQuery as Whole } from '../../../../gateway/src/sql/postgres/rewrite/view-text.ts';

/** Names in a view's query mean what the session's search path makes of them. */
export const qualifiedQuery: typeof Whole = (definition) => {
  const parsed = parse(definition.trim().replace(/;$/, ''));
  return parsed.kind === 'parsed' ? (parsed.statements[0] ?? null) : null;
};
