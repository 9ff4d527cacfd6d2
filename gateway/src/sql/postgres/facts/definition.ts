import type { FuncCall, Node, RangeVar, TypeName } from 'libpg-query';
import type { Relation } from '../catalogue/catalogue.ts';
import { type Tag, textOf } from '../parse/node.ts';
import { changesUnnamed, noteSettingRead } from './changing-call.ts';
import type { Role } from './findings.ts';
import { calledInOlderGrammar } from './older-grammar.ts';
import { emptyScope } from './scope.ts';
import type { Walk } from './walk.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Looks through a definition (DDL) for everything that will be computed or referred to because of it:
 * functions, operators and types must be allowed, relations are noted with `role`. Relations that don't
 * exist are the server's to complain of.
 */
export function definition(walk: Walk, value: unknown, role: Role): void {
  if (Array.isArray(value)) {
    for (const item of value) definition(walk, item, role);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const fields = value as Fields;
  if (isRangeVar(fields)) {
    noteRelation(walk, fields, role);
    return;
  }
  if (Array.isArray(fields.funcname)) {
    walk.names.call(fields.funcname as Node[]);
    if (textOf((fields.funcname as Node[]).at(-1)) === 'current_setting') {
      noteSettingRead(walk, fields as FuncCall, emptyScope(null, null));
    }
  }
  if (Array.isArray(fields.opclass)) walk.names.operatorClass(fields.opclass as Node[]);
  if (fields.kind === 'VAR_SET_CURRENT') walk.findings.unknowns.add('SET … FROM CURRENT is not understood');
  if ('rexpr' in fields || 'lexpr' in fields) {
    walk.names.operator(fields.name as Node[]);
    if (String(fields.kind).includes('BETWEEN')) walk.names.impliedOperator('<', '<=', '>', '>=');
  }
  if ('subLinkType' in fields || 'CaseExpr' in fields) walk.names.impliedOperator('=');
  functionalNotation(walk, fields);
  if ('names' in fields && 'typemod' in fields) walk.names.type(fields as TypeName);
  if ('colname' in fields && 'typeName' in fields) walk.names.defaultOfTypeNamed(fields.typeName as TypeName);
  for (const [name, part] of Object.entries(fields)) {
    const called = calledInOlderGrammar(name as Tag, part);
    if (called !== null) walk.names.callInOlderGrammar(called);
    if (name === 'pktable') foreignKey(walk, fields);
    else if (name === 'TableLikeClause') continue;
    else definition(walk, part, role);
  }
}

/** Notes what a default, check, index or generated column would change whenever it is computed. */
export function noteChanging(walk: Walk, value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if ('funcname' in value && Array.isArray(value.funcname)) {
    const why = changesUnnamed('pg_catalog', textOf((value.funcname as Node[]).at(-1)) ?? '');
    if (why !== null) walk.findings.unknowns.add(why);
  }
  for (const part of Object.values(value)) noteChanging(walk, part);
}

/** `(x).f` and `t.f` call f, unless that's a column. */
function functionalNotation(walk: Walk, { arg, indirection, fields }: Fields): void {
  const parts = (arg === undefined ? fields : indirection) as Node[] | undefined;
  const names = (parts ?? []).map(textOf);
  for (const name of arg === undefined ? names.slice(1) : names) if (name !== null) walk.names.field(name);
}

function isRangeVar(fields: Fields): fields is RangeVar & Fields {
  return 'relname' in fields;
}

export function noteRelation(walk: Walk, node: RangeVar, role: Role): Relation | null {
  const relation = walk.names.find(node.schemaname, node.relname ?? '');
  if (relation === null) return null;
  walk.findings.references.set(node, { relation, role, node, sampled: false });
  return relation;
}

/** Notes all relations of schemas that a statement names in their place. */
export function noteRelationsWithin(walk: Walk, schemas: readonly Node[]): void {
  const named = new Set(schemas.map(textOf));
  for (const { schema, name } of walk.names.catalogue.userRelations()) {
    if (named.has(schema)) noteRelation(walk, { schemaname: schema, relname: name }, 'maintained');
  }
}

/** A foreign key lets every insert ask whether a value exists in the columns it refers to. */
function foreignKey(walk: Walk, constraint: Fields): void {
  const table = constraint.pktable as RangeVar;
  const relation = walk.names.find(table.schemaname, table.relname ?? '');
  if (relation === null) return;
  walk.findings.references.set(table, { relation, role: 'maintained', node: table, sampled: false });
  walk.names.noteKeyQuery(relation);
  const named = ((constraint.pk_attrs ?? []) as Node[]).map(textOf);
  const primary = walk.names.catalogue.constraintsOn(relation.oid).filter((entry) => entry.primary);
  const numbers = primary.flatMap((entry) => entry.columns);
  for (const column of relation.columns) {
    const refers = named.length > 0 ? named.includes(column.name) : numbers.includes(column.number);
    if (refers) walk.findings.probed.add(column);
  }
}
