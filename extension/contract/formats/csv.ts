import type { Format } from './format.ts';

const LINE_END = '\r\n';

/**
 * RFC 4180, with CRLF. NULL is an empty field and the empty string is `""`, as PostgreSQL's own
 * `COPY … CSV` has it, so that the two stay apart.
 */
export const formatCsv: Format = function* (columns, rows, { headers }) {
  if (headers) yield columns.map(({ name }) => csvField(name)).join(',') + LINE_END;
  for (const row of rows) yield row.map(csvField).join(',') + LINE_END;
};

/** One field, quoted when it must be (RFC 4180, 2.5 to 2.7) or when it would be lost: edges of spaces, empty. */
export function csvField(value: string | null): string {
  if (value === null) return '';
  if (value !== '' && !/[",\r\n]|^\s|\s$/.test(value)) return value;
  return `"${value.replaceAll('"', '""')}"`;
}
