import { isNumeric } from '../value-kind.ts';
import type { Format } from './format.ts';

/** A GitHub-flavoured table: numbers to the right, NULL as a word. */
export const formatMarkdown: Format = function* (columns, rows) {
  yield line(columns.map(({ name }) => markdownText(name)));
  yield line(columns.map(({ kind }) => (isNumeric(kind) ? '---:' : '---')));
  for (const row of rows) yield line(row.map((value) => (value === null ? 'NULL' : markdownText(value))));
};

function line(fields: readonly string[]): string {
  return `| ${fields.join(' | ')} |\n`;
}

/** Text that reads as itself in a table cell: no markup, no HTML, no second line. */
export function markdownText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]|~]/g, '\\$&')
    .replaceAll(/\r\n|\r|\n/g, '<br>');
}
