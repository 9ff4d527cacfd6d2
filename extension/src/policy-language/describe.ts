import { type Path, plainValue, wordAt } from './place.ts';
import type { PolicyFileKind } from './policy-files.ts';
import { ownProperty, type Schema, schemasAt } from './schema.ts';

/** What a word of a document is, and which part of the draft it stands for. */
export type Described = {
  start: number;
  end: number;
  /** The schema's prose; empty where it has none. */
  about: string;
  /** "the rule developers-read", "the pattern c*": what `path` of the gateway's question leads to; null: nothing. */
  part: { label: string; path: Path } | null;
};

/** Describes the word at an offset; null where there is none. */
export function describedAt(
  kind: PolicyFileKind,
  text: string,
  offset: number,
  schema: Schema,
): Described | null {
  const word = wordAt(text, offset);
  if (word === null) return null;
  const { start, end, role, path } = word;
  const part = kind === 'policy' ? partOf(role, path, word.text) : null;
  const about = role === 'key' ? aboutKey(schema, path, plainValue(text)) : '';
  return about === '' && part === null ? null : { start, end, about, part };
}

function aboutKey(schema: Schema, path: Path, value: unknown): string {
  const key = path.at(-1);
  const found = schemasAt(schema, path.slice(0, -1), value).map((one) => ownProperty(one, String(key)));
  return found.find((one) => one?.description !== undefined)?.description ?? '';
}

const PATTERNS = ['targets', 'labels', 'schemas', 'tables', 'columns', 'tags', 'accounts'];

function partOf(role: 'key' | 'value', path: Path, text: string): Described['part'] {
  const [section, at, line, ...within] = path;
  if (section === 'tags' && role === 'key' && path.length === 2) {
    return { label: `the pattern ${text}`, path };
  }
  if (section !== 'rules' || at === undefined) return null;
  if (line === 'id') return { label: `the rule ${text}`, path: [section, at] };
  if (role === 'key' && path.length === 3 && line === 'on') return { label: 'this rule', path };
  if (role === 'key' && path.length === 3 && (line === 'who' || line === 'except')) {
    return { label: `"${line}"`, path };
  }
  if (role === 'key') return null;
  if (line === 'on' && PATTERNS.includes(String(within[0]))) return { label: `"${text}"`, path };
  return line === 'who' || line === 'except' ? { label: `"${text}"`, path } : null;
}
