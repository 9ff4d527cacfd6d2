import { type ArrayValue, parseArray } from '../postgres-array.ts';
import type { ValueKind } from '../value-kind.ts';
import type { Format, FormatColumn } from './format.ts';

/** An array of objects, one a line. Types are kept; see `jsonValue` for numbers. */
export const formatJson: Format = function* (columns, rows) {
  const keys = uniqueNames(columns).map((name) => JSON.stringify(name));
  let separator = '\n';
  yield '[';
  for (const row of rows) {
    const members = columns.map(
      (column, index) => `${keys[index]}: ${jsonValue(column, row[index] ?? null)}`,
    );
    yield `${separator}  {${members.join(', ')}}`;
    separator = ',\n';
  }
  yield '\n]\n';
};

/**
 * A value as JSON text. A number stays a number when a double holds it exactly enough to print it again;
 * otherwise, and for NaN and infinity, it's a string, so that no reader rounds it. JSON is embedded as the
 * server sent it. A mask's text in a column of another type becomes a string.
 */
export function jsonValue(column: FormatColumn, text: string | null): string {
  if (text === null) return 'null';
  if (column.kind !== 'array') return jsonScalar(column.kind, text);
  const elements = parseArray(text);
  return elements ? jsonArray(column.elementKind, elements) : JSON.stringify(text);
}

function jsonArray(kind: ValueKind, elements: ArrayValue): string {
  const parts = elements.map((element) => {
    if (element === null) return 'null';
    return typeof element === 'string' ? jsonScalar(kind, element) : jsonArray(kind, element);
  });
  return `[${parts.join(', ')}]`;
}

function jsonScalar(kind: ValueKind, text: string): string {
  if (kind === 'boolean' && (text === 't' || text === 'f')) return text === 't' ? 'true' : 'false';
  if ((kind === 'integer' || kind === 'decimal' || kind === 'float') && survivesDouble(text)) return text;
  if (kind === 'json' && isJson(text)) return text;
  return JSON.stringify(text);
}

/** Whether a JSON number of this text comes back from a double with the same digits. */
function survivesDouble(text: string): boolean {
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return false;
  if (/[eE]/.test(text)) return Number.isFinite(Number(text));
  const digits = text.replace('-', '').replace('.', '').replace(/^0+/, '').length;
  return digits <= 15 || (!text.includes('.') && Number.isSafeInteger(Number(text)));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Column names as object keys: a name that comes again gets `_2`, `_3`, so that no value is lost. */
function uniqueNames(columns: readonly FormatColumn[]): string[] {
  const taken = new Set<string>();
  return columns.map(({ name }) => {
    let key = name;
    for (let copy = 2; taken.has(key); copy++) key = `${name}_${copy}`;
    taken.add(key);
    return key;
  });
}
