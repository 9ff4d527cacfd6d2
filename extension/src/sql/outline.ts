import type { Parser } from 'node-sql-parser';
import { type Span, splitStatements } from './split.ts';

/** A statement as the outline shows it. `detail`: the tables it names, as far as they can be told. */
export type OutlinedStatement = { span: Span; name: string; detail: string };

/** Statements longer than this are outlined by their first words only. */
const MAX_PARSED_LENGTH = 20_000;
const MAX_NAME_LENGTH = 60;

/**
 * Names each statement of a text by node-sql-parser's PostgreSQL grammar, or by its first words where that
 * grammar gives up. A hint for people, never a decision: only the gateway's parser is believed.
 */
export function outline(text: string, parser: Parser): OutlinedStatement[] {
  return splitStatements(text).map((span) => {
    const statement = text.slice(span.start, span.end);
    return { span, name: firstWords(statement), detail: tablesOf(statement, parser) };
  });
}

function tablesOf(statement: string, parser: Parser): string {
  if (statement.length > MAX_PARSED_LENGTH) return '';
  try {
    const tables = parser.tableList(statement, { database: 'postgresql' });
    const names = tables.map((entry) =>
      entry
        .split('::')
        .slice(1)
        .filter((part) => part !== 'null')
        .join('.'),
    );
    return [...new Set(names)].join(', ');
  } catch {
    return '';
  }
}

function firstWords(statement: string): string {
  const line = statement.replaceAll(/\s+/g, ' ');
  return line.length <= MAX_NAME_LENGTH ? line : `${line.slice(0, MAX_NAME_LENGTH - 1)}…`;
}
