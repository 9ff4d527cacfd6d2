import type { DeleteStmt, Node, RangeVar, UpdateStmt } from 'libpg-query';
import { bodyOf } from '../parse/node.ts';
import { parse, type Token, tokenAt } from '../parse/parser.ts';
import type { Edit } from '../rewrite/splice.ts';

export type Write = UpdateStmt | DeleteStmt;
export type GuardedWrite = { edits: Edit[]; body: Write };

/** The UPDATE or DELETE whose target this is; null when it is written by something else. */
export function writeOf(tree: unknown, target: RangeVar): Write | null {
  if (typeof tree !== 'object' || tree === null) return null;
  for (const [tag, part] of Object.entries(tree)) {
    if ((tag === 'UpdateStmt' || tag === 'DeleteStmt') && part.relation === target) return part as Write;
    const found = writeOf(part, target);
    if (found !== null) return found;
  }
  return null;
}

/**
 * `WHERE c` becomes `WHERE CASE WHEN filter THEN c ELSE FALSE END AND found`: CASE asks the person's own condition of
 * no row that the filter hides, so that it can raise no error on one. `found` repeats conjuncts of `c` that can raise
 * none, for the sake of indexes.
 */
export function guardedWrite(
  write: Write,
  filter: string,
  found: readonly string[],
  tokens: readonly Token[],
  offset: (byte: number) => number,
): GuardedWrite | null {
  const { whereClause } = write;
  if (whereClause === undefined) {
    const from = tokenAt(tokens, write.relation, offset);
    const end = from < 0 ? undefined : tokens[lastOf(tokens, from)]?.end;
    const where = whereOf(filter);
    if (end === undefined || where === null) return null;
    return { edits: [{ start: end, end, text: ` WHERE ${filter}` }], body: { ...write, whereClause: where } };
  }
  const [first] = locationsOf(whereClause).toSorted((a, b) => a - b);
  let at = tokens.findIndex((token) => first !== undefined && token.start === offset(first));
  while (at >= 0 && tokens[at]?.text.toLowerCase() !== 'where') at -= 1;
  const start = tokens[at]?.end;
  const end = tokens[lastOf(tokens, at + 1)]?.end;
  const also = found.map((condition) => ` AND ${condition}`).join('');
  const where = whereOf(`CASE WHEN ${filter} THEN (TRUE) ELSE FALSE END${also}`);
  if (start === undefined || end === undefined || where === null) return null;
  return {
    edits: [
      { start, end: start, text: ` CASE WHEN ${filter} THEN (` },
      { start: end, end, text: `) ELSE FALSE END${also}` },
    ],
    body: { ...write, whereClause: withCondition(where, whereClause) },
  };
}

function whereOf(condition: string): Node | null {
  const parsed = parse(`SELECT 1 WHERE ${condition}`);
  const tree = parsed.kind === 'parsed' ? parsed.statements[0]?.tree : undefined;
  return bodyOf(tree, 'SelectStmt')?.whereClause ?? null;
}

/** The outer CASE with `condition` in place of its result. */
function withCondition(where: Node, condition: Node): Node {
  const both = bodyOf(where, 'BoolExpr');
  if (both !== undefined) {
    const [first, ...others] = both.args ?? [];
    return first === undefined
      ? where
      : { BoolExpr: { ...both, args: [withCondition(first, condition), ...others] } };
  }
  const choice = bodyOf(where, 'CaseExpr');
  const when = bodyOf(choice?.args?.[0], 'CaseWhen');
  if (choice === undefined || when === undefined) return where;
  return { CaseExpr: { ...choice, args: [{ CaseWhen: { ...when, result: condition } }] } };
}

/** The last token of what begins at `from`: before RETURNING, the parenthesis around it, or the end. */
function lastOf(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at += 1) {
    const text = tokens[at]?.text.toLowerCase();
    if (text === '(') depth += 1;
    if (text === ')') depth -= 1;
    if (depth < 0 || (depth === 0 && text === 'returning')) return at - 1;
  }
  return tokens.length - 1;
}

export function locationsOf(value: unknown): number[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === 'location' && typeof part === 'number' && part >= 0 ? [part] : locationsOf(part),
  );
}
