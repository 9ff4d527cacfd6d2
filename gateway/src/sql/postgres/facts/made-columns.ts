import type { ColumnDef, Constraint, CreateStmt, IntoClause, Node, RangeVar } from 'libpg-query';
import type { ColumnRef, RelationRef } from '../../../../contract/facts.ts';
import type { SqlSessionState } from '../../engine.ts';
import type { Column, Relation } from '../catalogue/catalogue.ts';
import { bodyOf, namesOf } from '../parse/node.ts';
import { parse } from '../parse/parser.ts';
import { isKnown } from './defaults.ts';
import { ownName } from './failing.ts';
import { Findings } from './findings.ts';
import type { Names } from './names.ts';
import { query } from './query.ts';
import { emptyScope } from './scope.ts';

/** A column that comes to be, or to its name, with values that whoever says so can choose; `copyOf`: what they are of. */
export type MadeColumn = ColumnRef & { copyOf: Column | null };

/** Functions whose value nobody knows before. */
const RANDOM: ReadonlySet<string> = new Set(['gen_random_uuid', 'uuidv4', 'uuidv7', 'uuid_generate_v4']);
/** They stand for a default. */
const SERIAL = /^(small|big)?serial[248]?$/;

/**
 * Columns of tables that a statement fills as it makes or names them: by a query, a default, or under another name. A rule
 * that masks by name is about them from then on, and would show tokens of what stands there.
 */
export function madeColumns(names: Names, tree: Node, session: SqlSessionState): MadeColumn[] {
  const explained = bodyOf(tree, 'ExplainStmt')?.query;
  if (explained !== undefined) return madeColumns(names, explained, session);
  const made = bodyOf(tree, 'CreateTableAsStmt');
  if (made?.objtype === 'OBJECT_TABLE') return ofQuery(names, made.query, made.into, session);
  const into = intoOf(tree);
  if (into !== undefined) return ofQuery(names, tree, into, session);
  const table = bodyOf(tree, 'CreateStmt');
  if (table !== undefined) return ofTable(names, table);
  return [...ofAltered(names, tree), ...ofRenamed(names, tree)];
}

/** INTO stands in the first SELECT of a set operation. */
function intoOf(tree: Node): IntoClause | undefined {
  let select = bodyOf(tree, 'SelectStmt');
  while (select?.larg !== undefined) select = select.larg;
  return select?.intoClause;
}

function ofQuery(
  names: Names,
  node: Node | undefined,
  into: IntoClause | undefined,
  session: SqlSessionState,
): MadeColumn[] {
  if (node === undefined || into?.rel === undefined || into.skipData === true) return [];
  const findings = new Findings();
  const asked = storedQuery(node, session);
  if (asked === undefined) return [];
  const { columns } = query({ names: names.with(findings), findings }, asked, emptyScope(null, null));
  const given = namesOf(into.colNames);
  const place = placeOf(names, into.rel);
  return columns.map(({ name, copyOf }, at) => ({ ...place, column: given[at] ?? name, copyOf }));
}

/** The query itself, or that which EXECUTE runs. */
function storedQuery(node: Node, { prepared }: SqlSessionState): Node | undefined {
  const execute = bodyOf(node, 'ExecuteStmt');
  if (execute === undefined) return node;
  const parsed = parse(prepared.get(execute.name ?? '') ?? '');
  const tree = parsed.kind === 'parsed' ? parsed.statements[0]?.tree : undefined;
  return bodyOf(tree, 'PrepareStmt')?.query;
}

function ofTable(names: Names, { relation, tableElts, inhRelations }: CreateStmt) {
  if (relation === undefined) return [];
  const copied = [
    ...(tableElts ?? []).map((entry) => bodyOf(entry, 'TableLikeClause')?.relation),
    ...(inhRelations ?? []).map((entry) => bodyOf(entry, 'RangeVar')),
  ].flatMap((node) => found(names, node)?.columns ?? []);
  const defined = (tableElts ?? []).flatMap((entry) => bodyOf(entry, 'ColumnDef') ?? []);
  const filled = [
    ...copied
      .filter((column) => isKnown(names.catalogue.defaultExpressionOf(column)))
      .map(({ name }) => name),
    ...defined.filter((column) => isFilled(names, column)).map(({ colname }) => colname ?? ''),
  ];
  const place = placeOf(names, relation);
  return filled.map((column) => ({ ...place, column, copyOf: null }));
}

/** A new column of a table that has rows already. */
function ofAltered(names: Names, tree: Node): MadeColumn[] {
  const altered = bodyOf(tree, 'AlterTableStmt');
  const relation = found(names, altered?.relation);
  if (relation === undefined) return [];
  const added = (altered?.cmds ?? []).flatMap((entry) => {
    const command = bodyOf(entry, 'AlterTableCmd');
    const column = command?.subtype === 'AT_AddColumn' ? bodyOf(command.def, 'ColumnDef') : undefined;
    return column !== undefined && (isFilled(names, column) || isNumbered(column))
      ? [column.colname ?? '']
      : [];
  });
  return withBelow(names, relation).flatMap((own) => added.map((column) => called(own, column, null)));
}

/** A column, or all of a table, under a name that another rule may be about. */
function ofRenamed(names: Names, tree: Node): MadeColumn[] {
  const moved = bodyOf(tree, 'AlterObjectSchemaStmt');
  const renamed = bodyOf(tree, 'RenameStmt');
  const relation = found(names, renamed?.relation ?? moved?.relation);
  if (relation === undefined || relation.definition !== null) return [];
  if (moved !== undefined)
    return relation.columns.map((own) => ({
      ...called(relation, own.name, own),
      schema: moved.newschema ?? '',
    }));
  const { renameType, subname = '', newname = '' } = renamed ?? {};
  if (renameType === 'OBJECT_COLUMN')
    return withBelow(names, relation).flatMap((kin) => {
      const own = kin.byName.get(subname);
      return own === undefined ? [] : [called(kin, newname, own)];
    });
  if (renameType !== 'OBJECT_TABLE') return [];
  return relation.columns.map((own) => ({ ...called(relation, own.name, own), relation: newname }));
}

function called({ schema, name }: Relation, column: string, copyOf: Column | null): MadeColumn {
  return { schema, relation: name, column, copyOf };
}

function withBelow({ catalogue }: Names, relation: Relation): Relation[] {
  return [
    relation,
    ...[...catalogue.descendants(relation.oid)].flatMap((oid) => catalogue.relationByOid(oid) ?? []),
  ];
}

function found(names: Names, node: RangeVar | undefined): Relation | undefined {
  return node === undefined ? undefined : (names.find(node.schemaname, node.relname ?? '') ?? undefined);
}

/** Whether rows have a value in a new column that somebody can know: its default's, its domain's, a generated one. */
function isFilled({ catalogue }: Names, { constraints, typeName }: ColumnDef): boolean {
  const given = (constraints ?? []).flatMap((entry) => bodyOf(entry, 'Constraint') ?? []);
  if (given.some(isValue)) return true;
  const type = namesOf(typeName?.names).at(-1) ?? '';
  return catalogue.typesNamed(type).some(({ kind }) => kind === 'd');
}

function isValue({ contype, raw_expr }: Constraint): boolean {
  if (contype === 'CONSTR_GENERATED') return true;
  if (contype !== 'CONSTR_DEFAULT') return false;
  const value = bodyOf(raw_expr, 'TypeCast')?.arg ?? raw_expr;
  const isRandom = RANDOM.has(ownName(bodyOf(value, 'FuncCall')?.funcname) ?? '');
  return !isRandom && bodyOf(value, 'A_Const')?.isnull !== true;
}

/** Rows that are there get a number each. */
function isNumbered({ constraints, typeName }: ColumnDef): boolean {
  const isIdentity = (constraints ?? []).some(
    (entry) => bodyOf(entry, 'Constraint')?.contype === 'CONSTR_IDENTITY',
  );
  return isIdentity || SERIAL.test(namesOf(typeName?.names).at(-1) ?? '');
}

/** Where a table is made. What is temporary is called `pg_temp`, whatever the number of its schema. */
export function placeOf(names: Names, { schemaname, relname, relpersistence }: RangeVar): RelationRef {
  const schema = relpersistence === 't' ? 'pg_temp' : (schemaname ?? names.creationSchema);
  return { schema, relation: relname ?? '' };
}
