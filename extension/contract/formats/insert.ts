import type { ValueKind } from '../value-kind.ts';
import type { Format } from './format.ts';
import { quoteIdentifier } from './identifier.ts';

const ROWS_PER_STATEMENT = 500;

/** `INSERT INTO … VALUES` statements of at most 500 rows, for PostgreSQL. */
export const formatInsert: Format = function* (columns, rows, { table }) {
  const names = columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  const head = `INSERT INTO ${table.map(quoteIdentifier).join('.')} (${names}) VALUES\n`;
  let count = 0;
  for (const row of rows) {
    const first = count % ROWS_PER_STATEMENT === 0;
    if (count > 0) yield first ? ';\n' : ',\n';
    if (first) yield head;
    yield `  (${columns.map((column, index) => sqlLiteral(column.kind, row[index] ?? null)).join(', ')})`;
    count++;
  }
  if (count > 0) yield ';\n';
};

/**
 * A value as a literal (PostgreSQL manual, 4.1.2). A text with a backslash is written `E'…'`, which means
 * the same whatever `standard_conforming_strings` says.
 */
export function sqlLiteral(kind: ValueKind, text: string | null): string {
  if (text === null) return 'NULL';
  if (kind === 'boolean' && (text === 't' || text === 'f')) return text === 't' ? 'TRUE' : 'FALSE';
  if (isNumberLiteral(kind, text)) return text;
  const quoted = text.replaceAll("'", "''");
  return quoted.includes('\\') ? `E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`;
}

function isNumberLiteral(kind: ValueKind, text: string): boolean {
  const mayBe = kind === 'integer' || kind === 'decimal' || kind === 'float';
  return mayBe && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text);
}
