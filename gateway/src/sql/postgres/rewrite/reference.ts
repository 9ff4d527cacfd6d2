import type { ColumnRef, Node, RangeVar } from 'libpg-query';
import { quoted } from '../masks/type-name.ts';
import { bodyOf } from '../parse/node.ts';
import { type ParsedStatement, parse, type Token, tokenAt } from '../parse/parser.ts';
import type { Plan } from './splice.ts';

/** How a relation is named in a statement's text, and how something else comes to stand there. */

export const NOT_FOUND = 'Refused, because a reference to a masked relation could not be found in the text.';

export function queryTree(text: string): Node | null {
  const parsed = parse(text);
  return parsed.kind === 'parsed' ? (parsed.statements[0]?.tree ?? null) : null;
}

/** `[ONLY] [(] a.b.c [)] [*] [alias]` → `(SELECT …) alias`. */
export function referencePlan(
  plan: Plan,
  node: RangeVar,
  tokens: readonly Token[],
  at: number,
  text: string,
  subquery: Node,
): string | null {
  const { first, last } = extent(node, tokens, at);
  // `TABLE name` is short for a select, and takes no subquery.
  const isShort = tokens[first - 1]?.text.toLowerCase() === 'table';
  const start = tokens[isShort ? first - 1 : first]?.start;
  const end = tokens[last]?.end;
  if (start === undefined || end === undefined) return NOT_FOUND;
  const alias = node.alias ?? { aliasname: node.relname ?? '' };
  const suffix = node.alias === undefined ? ` AS ${quoted(node.relname ?? '')}` : '';
  plan.edits.push({ start, end, text: `${isShort ? 'SELECT * FROM ' : ''}(${text})${suffix}` });
  plan.becomes.set(node, { tag: 'RangeSubselect', body: { subquery, alias } });
  return null;
}

/** The tokens that a reference takes, of which the one at `at` is where the parser says that it begins. */
export function extent(
  node: RangeVar,
  tokens: readonly Token[],
  at: number,
): { first: number; last: number } {
  const parts = [node.catalogname, node.schemaname, node.relname].filter((part) => part !== undefined).length;
  let first = at;
  let last = at + (parts - 1) * 2;
  const isOnly = (index: number) => tokens[index]?.text.toLowerCase() === 'only';
  if (node.inh === true) {
    if (tokens[last + 1]?.text === '*') last += 1;
  } else if (isOnly(at - 1)) {
    first = at - 1;
  } else if (tokens[at - 1]?.text === '(' && isOnly(at - 2)) {
    first = at - 2;
    last += 1;
  }
  return { first, last };
}

/** `COPY a.b (c, d) TO` → `COPY (SELECT c, d FROM (SELECT …) AS b) TO`. */
export function copyPlan(
  plan: Plan,
  statement: ParsedStatement,
  node: RangeVar,
  tokens: readonly Token[],
  at: number,
  text: string,
  subquery: Node,
): string | null {
  const body = bodyOf(statement.tree, 'CopyStmt');
  if (body === undefined) return NOT_FOUND;
  const { last } = extent({ ...node, inh: true }, tokens, at);
  let end = last;
  if (body.attlist !== undefined) {
    while (end < tokens.length && tokens[end]?.text !== ')') end += 1;
  }
  const start = tokens[at]?.start;
  const stop = tokens[end]?.end;
  if (start === undefined || stop === undefined) return NOT_FOUND;
  const names = (body.attlist ?? []).map((entry) => quoted(bodyOf(entry, 'String')?.sval ?? ''));
  const alias = quoted(node.relname ?? '');
  const query = body.attlist === undefined ? text : `SELECT ${names.join(', ')} FROM (${text}) AS ${alias}`;
  const tree = body.attlist === undefined ? subquery : queryTree(query);
  if (tree === null) return NOT_FOUND;
  const { relation: _relation, attlist: _attlist, ...rest } = body;
  plan.edits.push({ start, end: stop, text: `(${query})` });
  plan.becomes.set(body, { ...rest, query: tree });
  return null;
}

/** `s.t.c` → `t.c`: a subquery's alias has no schema. */
export function shorten(
  plan: Plan,
  ref: ColumnRef,
  tokens: readonly Token[],
  offset: (byte: number) => number,
): string | null {
  const fields = ref.fields ?? [];
  const dropped = fields.length - 2;
  const at = tokenAt(tokens, ref, offset);
  const start = tokens[at]?.start;
  const keep = tokens[at + dropped * 2]?.start;
  if (dropped < 1 || at < 0 || start === undefined || keep === undefined) return NOT_FOUND;
  plan.edits.push({ start, end: keep, text: '' });
  plan.becomes.set(ref, { ...ref, fields: fields.slice(dropped) });
  return null;
}
