import { type SelectStmt, scanSync } from 'libpg-query';
import type { SelectList } from '../../engine.ts';
import { quoted } from '../masks/type-name.ts';
import { bodyOf } from '../parse/node.ts';
import { utf16Offsets } from '../parse/offsets.ts';
import { type ParsedStatement, type Token, tokensOf } from '../parse/parser.ts';

/** What ends a select list where it stands outside of all brackets. */
const ENDS = new Set([
  'from',
  'into',
  'where',
  'group',
  'having',
  'window',
  'order',
  'limit',
  'offset',
  'fetch',
  'for',
  ';',
]);

/**
 * The select list of a plain query, item by item, `*` written out as `outputs` has it. Null where leaving an item out
 * could change what the others mean: set operations, DISTINCT, positions in ORDER BY and GROUP BY.
 */
export function selectListOf(statement: ParsedStatement, outputs: readonly string[]): SelectList | null {
  const select = bodyOf(statement.tree, 'SelectStmt');
  if (select === undefined || !isPlain(select)) return null;
  const { text } = statement;
  const tokens = tokensOf(text);
  const offset = utf16Offsets(text);
  const targets = (select.targetList ?? []).map((node) => bodyOf(node, 'ResTarget'));
  const stars = targets.filter((target) => isStar(target?.val)).length;
  const firsts = targets.map((target) =>
    tokens.findIndex((token) => target !== undefined && token.start === offset(target.location ?? 0)),
  );
  if (targets.length === 0 || stars > 1 || firsts.includes(-1)) return null;
  const items: SelectList['items'] = [];
  let at = 0;
  for (const [index, first] of firsts.entries()) {
    const next = firsts[index + 1];
    const last = next === undefined ? lastOf(tokens, first) : next - 2;
    const [start, end] = [tokens[first]?.start, tokens[last]?.end];
    if (start === undefined || end === undefined) return null;
    const count = isStar(targets[index]?.val) ? outputs.length - (targets.length - 1) : 1;
    const names = outputs.slice(at, at + count);
    at += count;
    if (!isStar(targets[index]?.val)) {
      items.push({ name: names[0] ?? '', text: text.slice(start, end), start });
      continue;
    }
    // A name that is there twice can't be told by itself.
    if (new Set(outputs).size < outputs.length) return null;
    const prefix = text.slice(start, end).replace(/\*$/, '');
    items.push(...names.map((name) => ({ name, text: `${prefix}${written(name)}`, start: null })));
  }
  const start = tokens[firsts[0] ?? -1]?.start;
  const end = tokens[lastOf(tokens, firsts.at(-1) ?? 0)]?.end;
  return start === undefined || end === undefined || at !== outputs.length ? null : { start, end, items };
}

/** A name as people write it, where that means the name; `user` and the like mean something else. */
function written(name: string): string {
  const isWord = /^[a-z_][a-z0-9_]*$/.test(name) && scanSync(name).tokens[0]?.keywordKind === NO_KEYWORD;
  return isWord ? name : quoted(name);
}

/** libpg-query's KeywordKind. */
const NO_KEYWORD = 0;

function isPlain(select: SelectStmt): boolean {
  const isSingle = select.op === undefined || select.op === 'SETOP_NONE';
  if (!isSingle || select.valuesLists !== undefined || select.intoClause !== undefined) return false;
  if (select.distinctClause !== undefined) return false;
  const sorted = (select.sortClause ?? []).map((node) => bodyOf(node, 'SortBy')?.node ?? node);
  return [...sorted, ...(select.groupClause ?? [])].every((node) => bodyOf(node, 'A_Const') === undefined);
}

function isStar(node: Parameters<typeof bodyOf>[0]): boolean {
  return bodyOf(bodyOf(node, 'ColumnRef')?.fields?.at(-1), 'A_Star') !== undefined;
}

/** The last token of an item that no other follows. */
function lastOf(tokens: readonly Token[], first: number): number {
  let depth = 0;
  for (let index = first; index < tokens.length; index += 1) {
    const sign = tokens[index]?.text.toLowerCase() ?? '';
    if (depth === 0 && index > first && ENDS.has(sign)) return index - 1;
    if (sign === '(' || sign === '[') depth += 1;
    if (sign === ')' || sign === ']') depth -= 1;
  }
  return tokens.length - 1;
}
