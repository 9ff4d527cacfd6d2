import type { A_Expr, ColumnRef, Node, RangeVar } from 'libpg-query';
import type { Column } from '../catalogue/catalogue.ts';
import { isCitext, plainType } from '../masks/plain-type.ts';
import { bodyOf, namesOf } from '../parse/node.ts';
import type { Scope } from './scope.ts';
import type { Walk } from './walk.ts';

/** A constant or parameter; `cast` is a type of pg_catalog that it is written as. */
export type LookupValue =
  | { kind: 'parameter'; number: number; cast: string | null }
  | { kind: 'literal'; text: string; quoted: boolean; cast: string | null };

/** `column = constant`, or IN of some, that holds for every row of the relation that the query level gives. */
export type Lookup = {
  column: Column;
  ref: ColumnRef;
  /** The reference in FROM, or the relation that is written. */
  range: RangeVar;
  /** The tree's A_Expr, by identity. */
  conjunct: A_Expr;
  values: LookupValue[];
  /** The schema of the `=` that compares them, where it could be another than the server's own; null when that can't be told. */
  equality: string | null;
};

/** More would rather list a column than look somebody up. */
const MAX_VALUES = 20;

/**
 * Notes the conjuncts of a WHERE, or of an inner join's ON, that compare a column with constants alone. Only columns
 * of `within` count: there each of them may as well be asked where the relation is read.
 */
export function noteLookups(
  walk: Walk,
  condition: Node | undefined,
  within: ReadonlySet<RangeVar>,
  scope: Scope,
): void {
  if (within.size === 0) return;
  for (const conjunct of conjunctsOf(condition)) {
    const found = lookupOf(walk, conjunct, scope);
    if (found !== null && within.has(found.range)) walk.findings.lookups.push(found);
  }
}

/** Relations of a FROM item to which a condition above it may be applied as well: none that an outer join may fill up. */
export function reachOf(node: Node | undefined): Set<RangeVar> {
  const relation = bodyOf(node, 'RangeVar');
  if (relation !== undefined) return new Set([relation]);
  const join = bodyOf(node, 'JoinExpr');
  if (join === undefined) return new Set();
  const left = join.jointype === 'JOIN_INNER' || join.jointype === 'JOIN_LEFT' ? reachOf(join.larg) : [];
  const right = join.jointype === 'JOIN_INNER' || join.jointype === 'JOIN_RIGHT' ? reachOf(join.rarg) : [];
  return new Set([...left, ...right]);
}

function conjunctsOf(node: Node | undefined): A_Expr[] {
  const both = bodyOf(node, 'BoolExpr');
  if (both?.boolop === 'AND_EXPR') return (both.args ?? []).flatMap(conjunctsOf);
  const expression = bodyOf(node, 'A_Expr');
  return expression === undefined ? [] : [expression];
}

function lookupOf(walk: Walk, conjunct: A_Expr, scope: Scope): Lookup | null {
  if (!isEquality(conjunct)) return null;
  const left = bodyOf(conjunct.lexpr, 'ColumnRef');
  const right = bodyOf(conjunct.rexpr, 'ColumnRef');
  const ref = left ?? right;
  const other = left === undefined ? conjunct.lexpr : conjunct.rexpr;
  if (ref === undefined) return null;
  const isList = conjunct.kind === 'AEXPR_IN';
  const items = isList ? (bodyOf(other, 'List')?.items ?? []) : [other];
  const values = items.map(constantOf);
  if (values.length === 0 || values.length > MAX_VALUES || (isList && left === undefined)) return null;
  const known = values.filter((value) => value !== null);
  const standing = known.length === values.length ? standingColumn(walk, ref, scope) : null;
  if (standing === null) return null;
  return { ...standing, ref, conjunct, values: known, equality: equalityOf(walk, standing.column, conjunct) };
}

function equalityOf({ names }: Walk, column: Column, { name }: A_Expr): string | null {
  const isQualified = namesOf(name).length > 1;
  return isQualified || !isCitext(plainType(column)) ? 'pg_catalog' : names.citextEquality();
}

function isEquality({ kind, name }: A_Expr): boolean {
  if (kind !== 'AEXPR_OP' && kind !== 'AEXPR_IN') return false;
  const parts = namesOf(name);
  return parts.at(-1) === '=' && (parts.length === 1 || (parts.length === 2 && parts[0] === 'pg_catalog'));
}

/** The column of this query level that a name means, when it is one of a relation as it stands. */
function standingColumn(
  walk: Walk,
  ref: ColumnRef,
  { items }: Scope,
): { column: Column; range: RangeVar } | null {
  const [name, alias, schema, ...more] = namesOf(ref.fields).toReversed();
  if (name === null || name === undefined || more.length > 0) return null;
  const columns =
    alias === undefined
      ? items.flatMap((item) => item.columns)
      : items
          .flatMap((item) => item.ranges)
          .filter((range) => range.alias === alias && (schema === undefined || range.schema === schema))
          .flatMap((range) => range.columns);
  const [only, second] = columns.filter((column) => column.name === name);
  if (only === undefined || only.copyOf === null || second !== undefined) return null;
  const range = walk.findings.standing.get(only);
  return range === undefined ? null : { column: only.copyOf, range };
}

/** A constant or parameter, maybe with a cast; null for anything else. */
export function constantOf(node: Node | undefined): LookupValue | null {
  const written = bodyOf(node, 'TypeCast');
  const cast = written === undefined ? null : castOf(written.typeName);
  if (cast === undefined) return null;
  const inner = written === undefined ? node : written.arg;
  const parameter = bodyOf(inner, 'ParamRef');
  if (parameter !== undefined) return { kind: 'parameter', number: parameter.number ?? 0, cast };
  const constant = bodyOf(inner, 'A_Const');
  if (constant === undefined || constant.isnull === true) return null;
  if (constant.sval !== undefined)
    return { kind: 'literal', text: constant.sval.sval ?? '', quoted: true, cast };
  if (constant.ival !== undefined)
    return { kind: 'literal', text: String(constant.ival.ival ?? 0), quoted: false, cast };
  if (constant.fval !== undefined)
    return { kind: 'literal', text: constant.fval.fval ?? '', quoted: false, cast };
  return null;
}

const CASTS: ReadonlySet<string> = new Set(
  'text varchar bpchar name int2 int4 int8 numeric uuid date timestamp timestamptz inet'.split(' '),
);

/** The name of a plain type of pg_catalog; undefined for every other. Short names could be those of a temporary type. */
export function castOf(
  type: { names?: Node[]; typmods?: Node[]; arrayBounds?: Node[] } | undefined,
): string | undefined {
  if (type === undefined || type.typmods !== undefined || type.arrayBounds !== undefined) return undefined;
  const name = namesOf(type.names).at(-1) ?? '';
  const qualified = type.names?.length === 2 && namesOf(type.names)[0] === 'pg_catalog';
  return CASTS.has(name) && (qualified || type.names?.length === 1) ? name : undefined;
}
