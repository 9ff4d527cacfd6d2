import type { Node, ResTarget } from 'libpg-query';
import { bodyOf } from '../parse/node.ts';
import { parse, type Token, tokenAt } from '../parse/parser.ts';

/** Where an item of a select list or RETURNING stands: up to the comma, bracket, keyword or end that follows it. */
export function targetExtent(
  target: ResTarget,
  tokens: readonly Token[],
  offset: (byte: number) => number,
): { start: number; end: number } | null {
  const first = tokenAt(tokens, target, offset);
  const start = tokens[first]?.start;
  if (first < 0 || start === undefined) return null;
  const isStar = bodyOf(bodyOf(target.val, 'ColumnRef')?.fields?.at(-1), 'A_Star') !== undefined;
  let depth = 0;
  let last = first;
  for (let index = first; index < tokens.length; index += 1) {
    const sign = tokens[index]?.text ?? '';
    if (depth === 0 && [',', ')', ';'].includes(sign)) break;
    if (sign === '(' || sign === '[') depth += 1;
    if (sign === ')' || sign === ']') depth -= 1;
    last = index;
    if (isStar && sign === '*') break;
  }
  return { start, end: tokens[last]?.end ?? start };
}

/** The items of a select list. */
export function itemsOf(list: string): Node[] {
  const parsed = parse(`SELECT ${list}`);
  const tree = parsed.kind === 'parsed' ? parsed.statements[0]?.tree : undefined;
  return bodyOf(tree, 'SelectStmt')?.targetList ?? [];
}
