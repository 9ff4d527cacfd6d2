import type { A_Expr, FuncCall, Node, SelectStmt, SubLink, TypeCast, WithClause } from 'libpg-query';
import type { Column } from '../catalogue/catalogue.ts';
import { bodyOf, namesOf, type Tag } from '../parse/node.ts';
import type { Sources } from './findings.ts';

/** Syntax that raises no error, whatever values it is given. What is on no list here may raise one. */
const SURE: ReadonlySet<string> = new Set(
  `A_Const A_Indices A_Indirection A_Star Boolean BooleanTest BoolExpr BitString CaseExpr CaseWhen CoalesceExpr
  CollateClause ColumnRef Float GroupingFunc GroupingSet Integer List MinMaxExpr NamedArgExpr NullTest ParamRef ResTarget
  RowExpr SetToDefault SortBy SQLValueFunction String SubLink TypeName WindowDef`.split(/\s+/),
);
const SURE_FUNCTIONS: ReadonlySet<string> = new Set(
  `bool_and bool_or btrim ceil ceiling char_length concat concat_ws count dense_rank every first_value floor
  initcap int4ge int4gt json_agg lag last_value lead left lower ltrim max md5 min octet_length rank
  replace right row_number rtrim starts_with string_agg strpos textcat to_json upper`.split(/\s+/),
);
/** Functions that raise none whatever they are to work on, where all else that they are given is constant. */
const SURE_OF_SUBJECT: ReadonlySet<string> = new Set(
  'date_part extract lpad regexp_replace round rpad split_part substr substring to_char translate trunc'.split(
    ' ',
  ),
);
/** Those of them whose subject comes second. */
const SUBJECT_SECOND: ReadonlySet<string> = new Set(['date_part', 'extract']);
const COMPARING: ReadonlySet<string> = new Set([
  ...['=', '<>', '!=', '<', '<=', '>', '>='],
  ...['BETWEEN', 'NOT BETWEEN', 'BETWEEN SYMMETRIC', 'NOT BETWEEN SYMMETRIC'],
]);
/** Operators of patterns, of which some end where they must not. */
const MATCHING: ReadonlySet<string> = new Set(['~~', '!~~', '~~*', '!~~*']);
const DIVIDING: ReadonlySet<string> = new Set(['/', '%']);
export const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar', 'name']);
const SUMMING: ReadonlySet<string> = new Set(['sum', 'avg']);
/** What is added up in a wider type, or without bound, as `numeric` of so many digits is. */
const SUMMED: ReadonlySet<string> = new Set(['int2', 'int4', 'int8']);
/** What is divided by one and more stays in its type. */
const DIVIDED: ReadonlySet<string> = new Set(['int2', 'int4', 'int8', 'numeric', 'interval']);
/** Types whose comparison works out areas and lengths. */
const MEASURED: ReadonlySet<string> = new Set(['box', 'circle', 'line', 'lseg']);

/** Whether what a node computes of these columns may raise an error for some of their values. */
export function mayFail(tag: Tag, body: unknown, sources: Sources): boolean {
  return sources.size > 0 && mayRaise(tag, body, sources);
}

/**
 * Whether a node may raise an error as rows are looked at. What it computes of no column may as well: what stands beside
 * it may decide for which rows it is computed (`id = 3 AND 1 / $1 = 1`).
 */
export function mayFailForRow(tag: Tag, body: unknown, sources: Sources): boolean {
  if (tag === 'SubLink') return (body as SubLink).subLinkType === 'EXPR_SUBLINK';
  return mayRaise(tag, body, sources) && !(sources.size === 0 && isSettled(tag, body));
}

/** What is read before any row is, and what is asked of nothing. */
function isSettled(tag: Tag, body: unknown): boolean {
  if (tag === 'FuncCall') return (body as FuncCall).args === undefined;
  const given = tag === 'TypeCast' ? (body as TypeCast).arg : undefined;
  return bodyOf(given, 'A_Const') !== undefined || bodyOf(given, 'ParamRef') !== undefined;
}

function mayRaise(tag: Tag, body: unknown, sources: Sources): boolean {
  if (SURE.has(tag)) return false;
  switch (tag) {
    case 'A_Expr':
      return mayOperatorFail(body as A_Expr, sources);
    case 'FuncCall':
      return mayCallFail(body as FuncCall, sources);
    case 'TypeCast':
      return !isText(body as TypeCast);
    // Arrays of arrays are of one shape.
    case 'A_ArrayExpr':
      return [...sources].some(isArray);
    default:
      return true;
  }
}

/**
 * Whether a query computes columns that nobody reads of it: those of a WITH that isn't folded into what names it, of
 * set operations, and of VALUES that stand beside what they look at.
 */
export function computesUnread(tree: Node): boolean {
  return selectsIn(tree).some(
    (select) =>
      select.valuesLists !== undefined ||
      (select.op !== undefined && select.op !== 'SETOP_NONE') ||
      (select.withClause !== undefined && !isFolded(select.withClause, tree)),
  );
}

function selectsIn(value: unknown): SelectStmt[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, part]) => [
    ...(field === 'SelectStmt' ? [part as SelectStmt] : []),
    ...selectsIn(part),
  ]);
}

/** Spec: manual, "Common Table Expression Materialization". */
function isFolded({ ctes, recursive }: WithClause, tree: Node): boolean {
  if (recursive === true) return false;
  return (ctes ?? []).every((node) => {
    const { ctename, ctematerialized, ctequery } = bodyOf(node, 'CommonTableExpr') ?? {};
    if (ctematerialized === 'CTEMaterializeAlways' || timesNamed(tree, ctename) > 1) return false;
    return !selectsIn(ctequery).some(({ lockingClause }) => lockingClause !== undefined);
  });
}

function timesNamed(value: unknown, name: string | undefined): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = 'relname' in value && value.relname === name ? 1 : 0;
  return Object.values(value).reduce((sum: number, part) => sum + timesNamed(part, name), own);
}

function mayOperatorFail({ kind, name, rexpr }: A_Expr, sources: Sources): boolean {
  const operator = ownName(name);
  if (operator === null) return true;
  if (COMPARING.has(operator)) return [...sources].some((column) => MEASURED.has(typeOf(column)));
  if (MATCHING.has(operator)) return !isConstant(rexpr);
  if (operator === '||') return [...sources].some(isPutTogether);
  const divides = kind === 'AEXPR_OP' && DIVIDING.has(operator) && isDivisor(rexpr);
  return !divides || ![...sources].every((column) => DIVIDED.has(typeOf(column)));
}

function mayCallFail({ funcname, args }: FuncCall, sources: Sources): boolean {
  const name = ownName(funcname);
  if (name === null) return true;
  if (SUMMING.has(name)) return ![...sources].every(isSummed);
  if (SURE_OF_SUBJECT.has(name)) {
    const subject = SUBJECT_SECOND.has(name) ? 1 : 0;
    // Of a date it makes a timestamp first, which not every date has.
    if (name === 'date_part' && [...sources].some((column) => typeOf(column) === 'date')) return true;
    return (args ?? []).some((arg, index) => index !== subject && !isConstant(arg));
  }
  if (name === 'array_agg') return [...sources].some(isArray);
  if (name === 'to_jsonb' || name === 'jsonb_agg') return [...sources].some(mayHoldJson);
  // The second is an encoding that the first may not be in.
  if (name === 'length') return args?.length !== 1;
  return !SURE_FUNCTIONS.has(name);
}

/** The name of something of pg_catalog; null for everything else. */
export function ownName(parts: readonly Node[] | undefined): string | null {
  const [name, schema, ...more] = namesOf(parts).toReversed();
  const isOwn = more.length === 0 && (schema === undefined || schema === 'pg_catalog');
  return isOwn ? (name ?? null) : null;
}

/** A text that is too long for its type is cut where the cast is written. */
function isText({ typeName }: TypeCast): boolean {
  return typeName?.arrayBounds === undefined && TEXTS.has(ownName(typeName?.names) ?? '');
}

/** Arrays and JSON are put together where their shapes allow it. */
function isPutTogether(column: Column): boolean {
  return isArray(column) || column.baseType === 'jsonb';
}

/** What is neither of a known type nor of a domain over one may be an array as well. */
function isArray({ type, baseType }: Column): boolean {
  return type.endsWith('[]') || baseType === null;
}

/** `json` keeps numbers and escapes that `jsonb` does not take. */
function mayHoldJson({ type, baseType }: Column): boolean {
  return type.endsWith('[]') ? type.startsWith('json[') : baseType === null || baseType === 'json';
}

/** What a column is of in the end; '' for what isn't the server's own. */
function typeOf({ baseType, domain }: Column): string {
  return domain?.baseType ?? baseType ?? '';
}

function isSummed({ type, baseType }: Column): boolean {
  return SUMMED.has(baseType ?? '') || /^numeric\(/.test(type);
}

/** A constant that no pattern ends in the middle with. */
function isConstant(node: Node | undefined): boolean {
  const constant = constantIn(node);
  return constant !== undefined && !(constant.sval?.sval ?? '').endsWith('\\');
}

/** What is divided by less than one may become too large for its type. */
function isDivisor(node: Node | undefined): boolean {
  const constant = constantIn(node);
  return Number(constant?.ival?.ival ?? constant?.fval?.fval ?? constant?.sval?.sval ?? 0) >= 1;
}

/** A constant that stands there as it is, or cast. */
export function constantIn(node: Node | undefined) {
  return bodyOf(bodyOf(node, 'TypeCast')?.arg ?? node, 'A_Const');
}
