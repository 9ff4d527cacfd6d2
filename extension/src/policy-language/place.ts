import { type Document, isMap, isScalar, isSeq, parseDocument, Scalar } from 'yaml';

export type Step = string | number;
export type Path = readonly Step[];

/** Where in a document somebody writes. */
export type Place = {
  /** `key`: a key of the mapping at `path`; `value`: what stands at `path`. */
  role: 'key' | 'value';
  path: Path;
  /** A key that stands alone may as well be a value at `path`: nobody has written a colon yet. */
  isAlone: boolean;
  /** What stands before the cursor. */
  written: string;
  /** The offsets of the whole word, quotes included. */
  start: number;
  end: number;
  /** The document's value without the word. */
  value: unknown;
  /** Whether a mapping's value would have to stay on one line. */
  isFlow: boolean;
};

/** A word of a document, with its offsets. */
export type Word = { role: 'key' | 'value'; path: Path; text: string; start: number; end: number };

/** Stands for the cursor while the text is parsed; of private use, and taken out of what people write. */
const CURSOR = '\uE0C5';
const MAX_DEPTH = 60;

/** Where the cursor at `offset` is; null: in no word, as in a comment. Never throws, whatever stands around it. */
export function placeAt(text: string, offset: number): Place | null {
  if (offset < 0 || offset > text.length || text.includes(CURSOR)) return null;
  const before = text.slice(0, offset);
  const after = text.slice(offset);
  // A word alone in its line reads as the next line's beginning; with a colon it is a key, which it may become.
  if (standsAlone(before, after)) {
    const rest = /^[^\r\n]*/.exec(after)?.[0].trimEnd().length ?? 0;
    const keyed = `${before}${CURSOR}${after.slice(0, rest)}:${after.slice(rest)}`;
    const found = find(keyed, text.length);
    if (found !== null && !found.isFlow && found.role === 'key') return found;
  }
  const found = find(`${before}${CURSOR}${after}`, text.length);
  return found === null ? null : { ...found, isAlone: false };
}

function standsAlone(before: string, after: string): boolean {
  const line = before.slice(Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1);
  return /^\s*(- +)*(["'][^"']*|[\w.@*?-]*)$/.test(line) && /^[\w.@*?-]*["']?[ \t]*(\r|\n|$)/.test(after);
}

/** @param length of the text without what was put in */
function find(marked: string, length: number): Place | null {
  const document = parsed(marked);
  if (document === null) return null;
  const hit = hitIn(document.contents, [], false, 0);
  if (hit === null) return null;
  const { scalar, ...rest } = hit;
  const [start = 0, end = 0] = scalar.range ?? [];
  const at = marked.indexOf(CURSOR);
  // What was put in is no part of what is to be replaced.
  const whole = { start, end: Math.max(end - 1, start) };
  if (at < start || at > whole.end || whole.end > length) return null;
  const quoted = scalar.type === Scalar.QUOTE_DOUBLE || scalar.type === Scalar.QUOTE_SINGLE ? 1 : 0;
  return {
    ...rest,
    ...whole,
    written: marked.slice(start + quoted, at),
    value: plain(document.contents, 0),
  };
}

type Hit = Pick<Place, 'role' | 'path' | 'isAlone' | 'isFlow'> & { scalar: Scalar };

function hitIn(node: unknown, path: Path, inFlow: boolean, depth: number): Hit | null {
  if (depth > MAX_DEPTH) return null;
  if (holdsCursor(node)) return { role: 'value', path, isAlone: false, isFlow: inFlow, scalar: node };
  if (isSeq(node)) {
    const isFlow = inFlow || node.flow === true;
    for (const [index, item] of node.items.entries()) {
      const hit = hitIn(item, [...path, index], isFlow, depth + 1);
      if (hit !== null) return hit;
    }
  }
  if (!isMap(node)) return null;
  const isFlow = inFlow || node.flow === true;
  for (const { key, value } of node.items) {
    if (holdsCursor(key)) {
      return { role: 'key', path, isAlone: node.items.length === 1, isFlow, scalar: key };
    }
    const hit = hitIn(value, [...path, nameOf(key)], isFlow, depth + 1);
    if (hit !== null) return hit;
  }
  return null;
}

/** The word at `offset`; null where there is none. Never throws. */
export function wordAt(text: string, offset: number): Word | null {
  return wordOfDocument(parsed(text), offset);
}

function wordOfDocument(document: Document.Parsed | null, offset: number): Word | null {
  return document === null ? null : wordIn(document.contents, [], offset, 0);
}

function wordIn(node: unknown, path: Path, offset: number, depth: number): Word | null {
  if (depth > MAX_DEPTH) return null;
  if (isScalar(node)) return wordOf(node, 'value', path, offset);
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const word = wordIn(item, [...path, index], offset, depth + 1);
      if (word !== null) return word;
    }
  }
  if (!isMap(node)) return null;
  for (const { key, value } of node.items) {
    const within = [...path, nameOf(key)];
    const word = isScalar(key) ? wordOf(key, 'key', within, offset) : null;
    const found = word ?? wordIn(value, within, offset, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

function wordOf(scalar: Scalar, role: Word['role'], path: Path, offset: number): Word | null {
  const [start, end] = scalar.range ?? [0, 0];
  return start <= offset && offset < end ? { role, path, text: String(scalar.value), start, end } : null;
}

/** Where problems end that are told with their beginnings alone: with the scalar that begins there, or else with its line. */
export function endsOfProblems(text: string, offsets: readonly number[]): number[] {
  const document = offsets.length === 0 ? null : parsed(text);
  return offsets.map((offset) => endOfProblem(document, text, offset));
}

function endOfProblem(document: Document.Parsed | null, text: string, offset: number): number {
  const word = wordOfDocument(document, offset);
  if (word !== null && word.start === offset && !text.slice(word.start, word.end).includes('\n')) {
    return word.end;
  }
  const line = /^[^\r\n]*/.exec(text.slice(offset))?.[0] ?? '';
  const said = line.replace(/\s+#.*$/, '').trimEnd();
  return offset + Math.max(said.length, 1);
}

/** A document's value, as far as it can be told: aliases are left out, and so is the cursor. */
export function plainValue(text: string): unknown {
  const document = parsed(text);
  return document === null ? undefined : plain(document.contents, 0);
}

/** The document, with whatever is wrong in it; null where the parser itself gives up. */
export function parsed(text: string): Document.Parsed | null {
  try {
    return parseDocument(text, { prettyErrors: false, version: '1.2', uniqueKeys: false });
  } catch {
    return null;
  }
}

function plain(node: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH || node === null || node === undefined) return null;
  if (holdsCursor(node)) return undefined;
  if (isScalar(node)) return node.value;
  if (isSeq(node)) return node.items.map((item) => plain(item, depth + 1));
  if (!isMap(node)) return undefined;
  const entries = node.items
    .filter(({ key }) => !holdsCursor(key))
    .map(({ key, value }) => [nameOf(key), plain(value, depth + 1)] as const);
  return Object.fromEntries(entries);
}

function holdsCursor(node: unknown): node is Scalar {
  return isScalar(node) && typeof node.value === 'string' && node.value.includes(CURSOR);
}

function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : '';
}
