import { visible } from './styled.ts';

/** Names that are listed; the rest is counted. */
export const MAX_LISTED = 200;
const GAP = 2;

/** `names` in columns as `ls` sets them, sorted as given and running down, for a terminal of `columns` columns. */
export function inColumns(names: readonly string[], columns: number): string {
  const shown = names.slice(0, MAX_LISTED).map(visible);
  const widest = shown.reduce((width, one) => Math.max(width, one.width), 1) + GAP;
  const across = Math.max(1, Math.floor(columns / widest));
  const down = Math.ceil(shown.length / across);
  const rows = Array.from({ length: down }, (_, row) =>
    Array.from({ length: across }, (_, column) => shown[column * down + row])
      .flatMap((one) => (one === undefined ? [] : [one.text + ' '.repeat(widest - one.width)]))
      .join('')
      .trimEnd(),
  );
  const left = names.length - shown.length;
  return [...rows, ...(left > 0 ? [`and ${left} more`] : [])].map((row) => `${row}\r\n`).join('');
}

/**
 * Gets to the left margin of an empty row wherever the last program left the cursor: a sign, shown only where the
 * output did not end with a newline, and blanks that wrap there and only there.
 */
export function freshRow(columns: number): string {
  return `\x1b[7m%\x1b[m${' '.repeat(Math.max(0, columns - 1))}\r\x1b[J`;
}
