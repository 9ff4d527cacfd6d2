import type { AnalyseRequest } from '../../engine.ts';
import type { Relation } from '../catalogue/catalogue.ts';
import type { Reference } from '../facts/findings.ts';
import type { Lookup } from '../facts/lookup.ts';
import { bodyOf } from '../parse/node.ts';
import { type ParsedStatement, parse, type Token } from '../parse/parser.ts';
import { qualifiedCondition } from '../rows/condition.ts';
import type { EffectiveRows } from '../rows/effective-rows.ts';
import { guardedWrite, locationsOf, writeOf } from '../rows/guarded-write.ts';
import { repeatedBeside } from '../rows/lookups.ts';
import type { Refusal } from './refusals.ts';
import { type Plan, sameTree } from './splice.ts';

/** What a statement may read of the rows, and the relations with filters that it writes. */
export type Picking = {
  rows: EffectiveRows;
  /** Comparisons that reach raw columns. */
  lookups: readonly Lookup[];
  /** Comparisons with constants that can raise no error, and see nothing that is masked. */
  equalities: readonly Lookup[];
  request: AnalyseRequest;
  written: readonly Reference[];
};

/** Filters of a relation in SQL; `rowRefusal` has seen that each can be enforced. */
export function filtersOf(relation: Relation, rows: EffectiveRows, alias: string | null): string[] {
  return rows.conditionsOf(relation).map((condition) => {
    const made = qualifiedCondition(condition, relation, alias);
    return 'sql' in made ? made.sql : 'FALSE';
  });
}

type Where = { tokens: readonly Token[]; offset: (byte: number) => number };

/** `WHERE email = $1 AND …` → `WHERE TRUE AND …`: it is asked where the relation is read. Gives the references taken out. */
export function takeLookups(
  plan: Plan,
  lookups: readonly Lookup[],
  masked: readonly Reference[],
  { text, tokens, offset }: Where & { text: string },
): ReadonlySet<object> | null {
  const taken = new Set<object>();
  for (const { conjunct, range, ref } of lookups) {
    if (!masked.some(({ node }) => node === range)) continue;
    const [first] = locationsOf(conjunct).toSorted((a, b) => a - b);
    const from = tokens.findIndex((token) => first !== undefined && token.start === offset(first));
    const extent = from < 0 ? null : extentOf(conjunct, text, tokens, from);
    if (extent === null) return null;
    plan.edits.push({ ...extent, text: 'TRUE' });
    plan.becomes.set(conjunct, { tag: 'A_Const', body: { boolval: { boolval: true } } });
    taken.add(ref);
  }
  return taken;
}

const MAX_LOOKUP_TOKENS = 200;

/** The shortest text that is an expression whose first name or constant stands at a token, parentheses included. */
function extentOf(
  conjunct: object,
  text: string,
  tokens: readonly Token[],
  from: number,
): { start: number; end: number } | null {
  for (let at = from; at === from || tokens[at]?.text === '('; at -= 1) {
    const start = tokens[at]?.start ?? 0;
    for (const { end } of tokens.slice(from, from + MAX_LOOKUP_TOKENS)) {
      if (isExpression(text.slice(start, end), conjunct)) return { start, end };
    }
  }
  return null;
}

function isExpression(text: string, conjunct: object): boolean {
  const parsed = parse(`SELECT ${text}`);
  const tree = parsed.kind === 'parsed' ? parsed.statements[0]?.tree : undefined;
  const select = bodyOf(tree, 'SelectStmt');
  const value = bodyOf(select?.targetList?.[0], 'ResTarget')?.val;
  const found = bodyOf(value, 'A_Expr');
  return found !== undefined && select?.targetList?.length === 1 && sameTree(found, conjunct);
}

/** A filtered relation's UPDATE or DELETE reaches only rows that are there; an INSERT needs no guard. */
export function guardWrite(
  plan: Plan,
  statement: ParsedStatement,
  { node, relation }: Reference,
  { rows, equalities }: Picking,
  { tokens, offset }: Where,
): Refusal | 'notFound' | null {
  const write = writeOf(statement.tree, node);
  if (write === null) return null;
  if (bodyOf(write.whereClause, 'CurrentOfExpr') !== undefined) {
    return {
      why: `Refused, because you see only some rows of ${relation.schema}.${relation.name}, and WHERE CURRENT OF reaches the table itself.`,
      next: 'Write the condition in place of the cursor.',
    };
  }
  const alias = node.alias?.aliasname ?? node.relname ?? '';
  const filter = filtersOf(relation, rows, alias)
    .map((one) => `(${one})`)
    .join(' AND ');
  const found = repeatedBeside(equalities, node, alias);
  const guarded = guardedWrite(write, filter, found, tokens, offset);
  if (guarded === null) return 'notFound';
  plan.edits.push(...guarded.edits);
  plan.becomes.set(write, guarded.body);
  return null;
}
