import type { A_Expr, CaseExpr, FuncCall, Node } from 'libpg-query';
import { type Body, bodyOf, type Tag, tagOf } from '../parse/node.ts';
import { lookUp } from './column.ts';
import { constantIn, mayFail, ownName, TEXTS } from './failing.ts';
import { Findings, type Sources } from './findings.ts';
import { isPlain, type Scope } from './scope.ts';
import type { Walk } from './walk.ts';

/** Functions that give NULL where they are given one, and nowhere else. */
const STRICT: ReadonlySet<string> = new Set(
  `btrim ceil ceiling char_length date_trunc floor initcap int4ge int4gt left length lower lpad ltrim md5 octet_length
  regexp_replace replace right round rpad rtrim split_part starts_with strpos substr textcat translate trunc
  upper`.split(/\s+/),
);

const BOUNDS: ReadonlySet<string> = new Set(['lower', 'upper']);

/**
 * Whether an expression raises no error, and which of its columns are NULL says whether it is: looking whether it is NULL
 * tells of no value then. `sources`: the columns that it is computed of.
 */
export function isNullAsItsColumns(
  walk: Walk,
  node: Node | undefined,
  sources: Sources,
  scope: Scope,
): boolean {
  // What is wrong with references was noted when it was looked at.
  const apart = { ...walk, findings: new Findings() };
  const isRead = (ref: Body<'ColumnRef'>) => {
    const columns = lookUp(apart, ref, scope).columns;
    return columns?.length === 1 && columns[0] !== undefined && isPlain(columns[0]);
  };
  // What is computed of one column alone has one answer for NULL, however it comes to it.
  return isSure(node, { sources, isRead, branches: sources.size === 1 });
}

type Reading = { sources: Sources; isRead: (ref: Body<'ColumnRef'>) => boolean; branches: boolean };

/** Whether it raises no error, and is not NULL where no column is. */
function isSure(node: Node | undefined, reading: Reading): boolean {
  const tag = node === undefined ? null : tagOf(node);
  if (node === undefined || tag === null) return false;
  const constant = constantIn(node);
  if (constant !== undefined) return constant.isnull !== true;
  const rule = RULES[tag] as Rule<Tag> | undefined;
  const body = bodyOf(node, tag);
  return (
    rule !== undefined && body !== undefined && !mayFail(tag, body, reading.sources) && rule(body, reading)
  );
}

type Rule<T extends Tag> = (body: Body<T>, reading: Reading) => boolean;

const RULES: { readonly [T in Tag]?: Rule<T> } = {
  ColumnRef: (ref, { isRead }) => isRead(ref),
  TypeCast: ({ arg }, reading) => isSure(arg, reading),
  CollateClause: ({ arg }, reading) => isSure(arg, reading),
  FuncCall: (call, reading) => isStrict(call, reading) && areSure(call.args, reading),
  A_Expr: ({ kind, lexpr, rexpr }: A_Expr, reading) =>
    kind === 'AEXPR_OP' && isSure(lexpr, reading) && isSure(rexpr, reading),
  CoalesceExpr: ({ args }, reading) => areSure(args, reading),
  MinMaxExpr: ({ args }, reading) => areSure(args, reading),
  NullTest: ({ arg }, reading) => isSure(arg, reading),
  BoolExpr: ({ args }, reading) => reading.branches && areSure(args, reading),
  CaseExpr: (body, reading) => reading.branches && isSureCase(body, reading),
};

function areSure(nodes: readonly Node[] | undefined, reading: Reading): boolean {
  return (nodes ?? []).every((node) => isSure(node, reading));
}

/** An aggregate, or what is given more than arguments, is none. */
function isStrict(call: FuncCall, { sources }: Reading): boolean {
  const { funcname, agg_filter, agg_order, over, agg_distinct, func_variadic } = call;
  const more = [agg_filter, agg_order, over, agg_distinct, func_variadic].some((part) => part !== undefined);
  const name = ownName(funcname) ?? '';
  if (more || !STRICT.has(name)) return false;
  // A range may have no bound.
  return !BOUNDS.has(name) || [...sources].every(({ baseType }) => TEXTS.has(baseType ?? ''));
}

function isSureCase({ arg, args, defresult }: CaseExpr, reading: Reading): boolean {
  if (arg !== undefined || defresult === undefined || !isSure(defresult, reading)) return false;
  return (args ?? []).every((node) => {
    const when = bodyOf(node, 'CaseWhen');
    const asked = bodyOf(when?.expr, 'NullTest');
    if (!isSure(when?.expr, reading)) return false;
    // Where no column is NULL, this is not what comes.
    return asked?.nulltesttype === 'IS_NULL' || isSure(when?.result, reading);
  });
}
