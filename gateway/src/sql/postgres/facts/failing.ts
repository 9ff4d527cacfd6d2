import type { A_Expr, FuncCall, Node } from 'libpg-query';
import { type Body, bodyOf, namesOf, type Tag } from '../parse/node.ts';

/** Operators, functions and types that raise no error whatever values they are given; all others may. */
const OPERATORS: ReadonlySet<string> = new Set('= <> != < <= > >= || -> ->> @> <@ && ?'.split(' '));
/** Those that raise one of a pattern alone. */
const MATCHING: ReadonlySet<string> = new Set('~~ !~~ ~~* !~~* ~ !~ ~* !~*'.split(' '));
const FUNCTIONS: ReadonlySet<string> = new Set(
  `any_value array_agg avg bool_and bool_or btrim ceil ceiling char_length concat concat_ws count date_part date_trunc
  dense_rank every extract first_value floor initcap int4ge int4gt json_agg jsonb_agg lag last_value lead left length lower
  ltrim max md5 min now rank reverse right round row_number rtrim sign split_part string_agg strpos sum textcat to_char trunc
  upper`.split(/\s+/),
);
const TYPES: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar']);
const KINDS: ReadonlySet<Tag> = new Set([
  'JsonFuncExpr',
  'JsonParseExpr',
  'JsonSerializeExpr',
  'XmlExpr',
  'XmlSerialize',
]);

/** Whether computing a node may fail because of the values that it is given. */
export function mayFail(tag: Tag, body: unknown): boolean {
  if (tag === 'A_Expr') return operatorMayFail(body as A_Expr);
  if (tag === 'FuncCall')
    return !isOwn(body as FuncCall) || !FUNCTIONS.has(lastOf((body as FuncCall).funcname));
  if (tag === 'TypeCast') return !TYPES.has(lastOf((body as Body<'TypeCast'>).typeName?.names));
  return KINDS.has(tag);
}

function operatorMayFail({ name, kind, rexpr }: A_Expr): boolean {
  const operator = lastOf(name);
  if (OPERATORS.has(operator) || kind?.includes('BETWEEN') === true) return false;
  return !(MATCHING.has(operator) && isConstant(rexpr));
}

function isConstant(node: Node | undefined): boolean {
  return bodyOf(bodyOf(node, 'TypeCast')?.arg ?? node, 'A_Const') !== undefined;
}

/** Definitions name the server's own functions by their names alone. */
function isOwn({ funcname }: FuncCall): boolean {
  return namesOf(funcname)
    .slice(0, -1)
    .every((schema) => schema === 'pg_catalog');
}

const lastOf = (names: readonly Node[] | undefined) => namesOf(names).at(-1) ?? '';
