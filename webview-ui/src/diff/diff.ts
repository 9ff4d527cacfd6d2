/** A run of text that both have, only the old has, or only the new has. */
export type DiffPart = { readonly kind: 'same' | 'old' | 'new'; readonly text: string };

/** Above so many pairs of words, what stands between the common ends is shown as one change. */
const MAX_PAIRS = 1_000_000;

/** What changed from one text to the other, word by word: joined, `same` and `old` give the old, `same` and `new` the new. */
export function diff(before: string, after: string): DiffPart[] {
  const old = wordsOf(before);
  const now = wordsOf(after);
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail))
    tail++;
  return joined([
    ...parts('same', old.slice(0, head)),
    ...between(old.slice(head, old.length - tail), now.slice(head, now.length - tail)),
    ...parts('same', old.slice(old.length - tail)),
  ]);
}

/** Words, single marks, and the blanks between them. */
function wordsOf(text: string): string[] {
  return text.match(/\s+|[\w$]+|[^\s\w$]/g) ?? [];
}

function between(old: readonly string[], now: readonly string[]): DiffPart[] {
  if (old.length * now.length > MAX_PAIRS) return [...parts('old', old), ...parts('new', now)];
  const common = commonLengths(old, now);
  const found: DiffPart[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    const left = old[i];
    const right = now[j];
    if (left !== undefined && left === right) {
      found.push({ kind: 'same', text: left });
      i++;
      j++;
    } else if (left !== undefined && (right === undefined || at(common, i + 1, j) >= at(common, i, j + 1))) {
      found.push({ kind: 'old', text: left });
      i++;
    } else if (right !== undefined) {
      found.push({ kind: 'new', text: right });
      j++;
    }
  }
  return found;
}

/** For each pair of places, how many words what follows has in common. */
function commonLengths(old: readonly string[], now: readonly string[]): Uint32Array[] {
  const rows = Array.from({ length: old.length + 1 }, () => new Uint32Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i--) {
    const row = rows[i];
    for (let j = now.length - 1; row !== undefined && j >= 0; j--) {
      row[j] =
        old[i] === now[j] ? at(rows, i + 1, j + 1) + 1 : Math.max(at(rows, i + 1, j), at(rows, i, j + 1));
    }
  }
  return rows;
}

function at(rows: readonly Uint32Array[], i: number, j: number): number {
  return rows[i]?.[j] ?? 0;
}

function parts(kind: DiffPart['kind'], words: readonly string[]): DiffPart[] {
  return words.map((text) => ({ kind, text }));
}

/** Neighbours of a kind become one; within a change, what is gone stands before what is new. */
function joined(found: readonly DiffPart[]): DiffPart[] {
  const out: DiffPart[] = [];
  let gone = '';
  let added = '';
  const flush = () => {
    if (gone !== '') out.push({ kind: 'old', text: gone });
    if (added !== '') out.push({ kind: 'new', text: added });
    gone = '';
    added = '';
  };
  for (const { kind, text } of found) {
    if (kind === 'old') gone += text;
    else if (kind === 'new') added += text;
    else {
      flush();
      const last = out.at(-1);
      if (last?.kind === 'same') out[out.length - 1] = { kind, text: last.text + text };
      else out.push({ kind, text });
    }
  }
  flush();
  return out;
}
