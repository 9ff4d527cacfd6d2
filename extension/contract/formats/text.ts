import type { Format } from './format.ts';

/**
 * Tab-separated, as spreadsheets paste it: a field with a tab, a line break or a quote at its start is quoted.
 * One single value is written as it is.
 */
export const formatText: Format = function* (columns, rows, { headers }) {
  const alone = columns.length === 1 && !headers;
  if (headers) yield `${columns.map(({ name }) => textField(name)).join('\t')}\n`;
  let line = '';
  let count = 0;
  for (const row of rows) {
    if (count === 1 && alone) line = textField(line);
    if (count > 0) yield `${line}\n`;
    line = alone && count === 0 ? (row[0] ?? '') : row.map(textField).join('\t');
    count++;
  }
  yield line;
};

function textField(value: string | null): string {
  if (value === null) return '';
  return /[\t\r\n]|^"/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
