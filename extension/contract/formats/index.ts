import type { ResultColumn } from '../../../gateway/contract/query-channel.ts';
import { elementKindOfType, kindOfType } from '../value-kind.ts';
import { formatCsv } from './csv.ts';
import type { Format, FormatColumn, FormatName, FormatOptions, FormatRow } from './format.ts';
import { formatInsert } from './insert.ts';
import { formatJson } from './json.ts';
import { formatMarkdown } from './markdown.ts';
import { formatText } from './text.ts';

const formats: Record<FormatName, Format> = {
  text: formatText,
  csv: formatCsv,
  json: formatJson,
  markdown: formatMarkdown,
  insert: formatInsert,
};

/** The file name's ending that people expect of an export. */
export const FILE_EXTENSIONS: Record<FormatName, string> = {
  text: 'txt',
  csv: 'csv',
  json: 'json',
  markdown: 'md',
  insert: 'sql',
};

/** A result column as the formats need it. */
export function formatColumn(column: Pick<ResultColumn, 'name' | 'typeOid' | 'typeName'>): FormatColumn {
  return {
    name: column.name,
    kind: kindOfType(column.typeOid, column.typeName),
    elementKind: elementKindOfType(column.typeOid),
  };
}

/** Writes rows in a format, piece by piece: join the pieces for the clipboard, stream them into a file. */
export function formatRows(
  format: FormatName,
  columns: readonly FormatColumn[],
  rows: Iterable<FormatRow>,
  options: FormatOptions,
): Generator<string> {
  return formats[format](columns, rows, options);
}
