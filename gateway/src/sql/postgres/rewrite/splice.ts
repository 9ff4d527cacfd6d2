/** Replace `[start, end)` (UTF-16) by `text`. */
export type Edit = { start: number; end: number; text: string };

/** What a rewrite does to a statement's text, and what its tree must then be. */
export type Plan = {
  edits: Edit[];
  /** What each replaced node of the tree becomes. */
  becomes: Map<object, unknown>;
};

/** Applies edits to a text; null when two of them overlap. */
export function spliced(text: string, edits: readonly Edit[]): string | null {
  const inOrder = [...edits].sort((left, right) => left.start - right.start || left.end - right.end);
  let result = '';
  let at = 0;
  let last: Edit | null = null;
  for (const edit of inOrder) {
    // The parser repeats the source of `SET (a, b) = (SELECT …)`: the same edit twice is one.
    if (last !== null && edit.start === last.start && edit.end === last.end && edit.text === last.text)
      continue;
    last = edit;
    if (edit.start < at) return null;
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

type Replacement = { tag: string; body: unknown };

/** A copy of a tree in which some nodes' bodies, found by identity, are others; with a tag, the tag changes too. */
export function substituted(value: unknown, becomes: ReadonlyMap<object, unknown>): unknown {
  if (Array.isArray(value)) return value.map((item) => substituted(item, becomes));
  if (typeof value !== 'object' || value === null) return value;
  const own = becomes.get(value);
  if (own !== undefined && !isReplacement(own)) return substitutedFields(own as object, becomes);
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined && typeof only[1] === 'object' && only[1] !== null) {
    const inner = becomes.get(only[1]);
    if (inner !== undefined && isReplacement(inner)) return { [inner.tag]: inner.body };
  }
  return substitutedFields(value, becomes);
}

function substitutedFields(value: object, becomes: ReadonlyMap<object, unknown>): unknown {
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, substituted(part, becomes)]));
}

function isReplacement(value: unknown): value is Replacement {
  return typeof value === 'object' && value !== null && 'tag' in value && 'body' in value;
}

/** Fields that tell where something stood in the text, and nothing of what it means. */
const POSITIONS = new Set([
  'location',
  'name_location',
  'list_start',
  'list_end',
  'rexpr_list_start',
  'rexpr_list_end',
  'stmt_location',
  'stmt_len',
]);

/** Whether two trees mean the same: equal but for positions. */
export function sameTree(left: unknown, right: unknown): boolean {
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, at) => sameTree(item, right[at]))
    );
  }
  if (typeof left !== 'object' || left === null || typeof right !== 'object' || right === null) {
    return left === right;
  }
  if (Array.isArray(right)) return false;
  const keys = (value: object) => Object.keys(value).filter((key) => !POSITIONS.has(key));
  const names = keys(left);
  if (names.length !== keys(right).length) return false;
  const other = right as Record<string, unknown>;
  return names.every((key) => key in other && sameTree((left as Record<string, unknown>)[key], other[key]));
}
