/** Entry of dist/extension/sql-outline.cjs, loaded when a SQL file is first outlined. */
import { Parser } from 'node-sql-parser/build/postgresql.js';
import { type OutlinedStatement, outline } from './outline.ts';

const parser = new Parser();

/** Names each statement of a text, by node-sql-parser's PostgreSQL grammar alone. */
export function outlineStatements(text: string): OutlinedStatement[] {
  return outline(text, parser);
}
