/** Lines that were entered, oldest first; a text of several lines is one entry. */
export type History = { readonly entries: readonly string[] };

/** Entries that are kept. */
export const MAX_ENTRIES = 1000;
/** Characters of all entries together, in UTF-16 units. */
export const MAX_HISTORY_LENGTH = 1_048_576;

export const emptyHistory: History = { entries: [] };

/**
 * `history` with `line` at its end, as bash's `HISTCONTROL=ignoreboth` has it: not when it begins with a space, is
 * blank, or repeats the entry before. The oldest go when there are too many.
 */
export function remember(history: History, line: string): History {
  if (line.startsWith(' ') || line.trim() === '' || history.entries.at(-1) === line) return history;
  return { entries: bounded([...history.entries, line]) };
}

/** A history of `lines`, oldest first: of those that an earlier session kept. */
export function historyOf(lines: Iterable<string>): History {
  let history = emptyHistory;
  for (const line of lines) history = remember(history, line);
  return history;
}

function bounded(entries: readonly string[]): readonly string[] {
  let length = 0;
  let first = entries.length;
  const oldest = Math.max(0, entries.length - MAX_ENTRIES);
  while (first > oldest) {
    length += entries[first - 1]?.length ?? 0;
    if (length > MAX_HISTORY_LENGTH) break;
    first -= 1;
  }
  return entries.slice(first);
}
