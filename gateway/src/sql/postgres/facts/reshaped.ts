import type { AlterTableCmd, AlterTableStmt, ColumnDef, Constraint, Node, RenameStmt } from 'libpg-query';
import type { Column, Relation } from '../catalogue/catalogue.ts';
import { bodyOf, textOf } from '../parse/node.ts';
import type { Walk } from './walk.ts';

/** The columns whose values a change to a relation works on; null when it can't be told, and may be any. */
export type Reshaped = ReadonlySet<Column> | null;

/** Commands about one column that work on its values alone, or on none. */
const OF_ONE_COLUMN: ReadonlySet<string> = new Set(
  ['ColumnDefault', 'SetNotNull', 'SetStatistics', 'SetStorage', 'SetCompression'].map(at),
);
/** Commands that work on no values, and take nothing away that hides any. */
const OF_NONE: ReadonlySet<string> = new Set(['DropNotNull', 'SetRelOptions', 'ResetRelOptions'].map(at));
/** Constraints of a new column that ask nothing of other columns. */
const ASKING_NOTHING: ReadonlySet<string> = new Set(
  `NULL NOTNULL DEFAULT IDENTITY UNIQUE PRIMARY FOREIGN ATTR_DEFERRABLE ATTR_NOT_DEFERRABLE ATTR_DEFERRED ATTR_IMMEDIATE`
    .split(' ')
    .map((name) => `CONSTR_${name}`),
);

const PLAIN_STORAGE: ReadonlySet<string> = new Set(['plain', 'default']);

/** Which columns an ALTER TABLE of a table works on. Names, owners, policies, triggers and parents are not among what it tells. */
export function reshapedByAlter(walk: Walk, { cmds, objtype }: AlterTableStmt, relation: Relation): Reshaped {
  if (objtype !== 'OBJECT_TABLE' || !isTable(relation)) return null;
  return together(
    (cmds ?? []).map((entry) => {
      const command = bodyOf(entry, 'AlterTableCmd');
      return command === undefined ? null : byCommand(walk, command, relation);
    }),
  );
}

/** Commands that leave rows alone: nothing is computed for them, and nothing asked of them. */
const ASKING_NO_ROW: ReadonlySet<string> = new Set([
  ...OF_NONE,
  ...['ColumnDefault', 'SetStatistics', 'SetStorage', 'SetCompression', 'DropColumn', 'DropConstraint'].map(
    at,
  ),
]);

/** Whether an ALTER TABLE may fail for some row. */
export function asksRows({ cmds }: AlterTableStmt): boolean {
  return (cmds ?? []).some((entry) => !ASKING_NO_ROW.has(bodyOf(entry, 'AlterTableCmd')?.subtype ?? ''));
}

/** Which columns ALTER … RENAME works on: a column keeps its values, but what hides them is found by its name. */
export function reshapedByRename(
  { renameType, relationType, subname }: RenameStmt,
  relation: Relation,
): Reshaped {
  if (!isTable(relation)) return null;
  if (renameType === 'OBJECT_TABCONSTRAINT') return new Set();
  return renameType === 'OBJECT_COLUMN' && relationType === 'OBJECT_TABLE' ? named(relation, subname) : null;
}

/** Which columns an expression over one relation reads; null when it can't be told. */
export function columnsRead(value: unknown, relation: Relation, besides?: string): Reshaped {
  if (typeof value !== 'object' || value === null) return new Set();
  if (Array.isArray(value)) return together(value.map((part) => columnsRead(part, relation, besides)));
  return together(
    Object.entries(value).map(([field, part]) => {
      if (field === 'SubLink') return null;
      if (field !== 'ColumnRef') return columnsRead(part, relation, besides);
      const name = textOf(((part as { fields?: Node[] }).fields ?? []).at(-1));
      return name === besides && name !== undefined ? new Set() : named(relation, name ?? undefined);
    }),
  );
}

function byCommand(walk: Walk, command: AlterTableCmd, relation: Relation): Reshaped {
  const { subtype = '', name, def, behavior, missing_ok } = command;
  if (OF_NONE.has(subtype)) return new Set();
  if (subtype === at('SetStorage') && isPlain(textOf(def))) return null;
  if (OF_ONE_COLUMN.has(subtype)) return named(relation, name);
  switch (subtype) {
    case at('AddColumn'):
      return byNewColumn(walk, bodyOf(def, 'ColumnDef'), relation);
    case at('DropColumn'):
      // Its values stay in the rows, without a name that a mask is found by, and the size of a row tells of them.
      if (behavior === 'DROP_CASCADE') return null;
      return missing_ok === true && !relation.byName.has(name ?? '') ? new Set() : named(relation, name);
    case at('DropConstraint'):
      return behavior === 'DROP_CASCADE' ? null : new Set();
    case at('AlterColumnType'):
      return byNewType(walk, bodyOf(def, 'ColumnDef'), relation.byName.get(name ?? ''));
    case at('AddConstraint'):
      return byConstraint(bodyOf(def, 'Constraint'), relation);
    default:
      return null;
  }
}

/** A new column holds nothing yet but its default, but where a child has one of that name: then it becomes that column. */
function byNewColumn(walk: Walk, column: ColumnDef | undefined, relation: Relation): Reshaped {
  if (column?.colname === undefined || isPlain(column.storage_name)) return null;
  const { colname } = column;
  const { catalogue } = walk.names;
  const children = [...catalogue.descendants(relation.oid)].map((oid) => catalogue.relationByOid(oid));
  // IF NOT EXISTS: then it is that column.
  const same = [relation, ...children].flatMap((own) => own?.byName.get(colname) ?? []);
  const constraints = (column.constraints ?? []).map((entry) => {
    const constraint = bodyOf(entry, 'Constraint');
    const type = constraint?.contype ?? '';
    if (type === 'CONSTR_CHECK' || type === 'CONSTR_GENERATED')
      return columnsRead(constraint?.raw_expr, relation, column.colname);
    return ASKING_NOTHING.has(type) ? new Set<Column>() : null;
  });
  return together([new Set(same), ...constraints]);
}

/** What is computed of a column together with others is computed anew, and may fail by what stands in those. */
function byNewType(walk: Walk, given: ColumnDef | undefined, column: Column | undefined): Reshaped {
  if (given === undefined || given.raw_default !== undefined || column === undefined) return null;
  const { relation, number } = column;
  if (hasKin(walk, relation)) return null;
  const numbers = walk.names.catalogue
    .constraintsOn(relation.oid)
    .map(({ columns }) => columns)
    .filter((columns) => columns.includes(number) || columns.includes(0))
    .flat();
  if (numbers.includes(0)) return null;
  return new Set([column, ...relation.columns.filter((other) => numbers.includes(other.number))]);
}

function byConstraint(constraint: Constraint | undefined, relation: Relation): Reshaped {
  const all = (nodes: Node[] | undefined) =>
    together((nodes ?? []).map((node) => named(relation, textOf(node))));
  switch (constraint?.contype) {
    case 'CONSTR_CHECK':
      return columnsRead(constraint.raw_expr, relation);
    case 'CONSTR_FOREIGN':
      return all(constraint.fk_attrs);
    case 'CONSTR_UNIQUE':
    case 'CONSTR_PRIMARY':
      // An index that is there already may hold any columns.
      return constraint.indexname === undefined
        ? all([...(constraint.keys ?? []), ...(constraint.including ?? [])])
        : null;
    default:
      return null;
  }
}

/**
 * A value that is never stored elsewhere fills a row up to what fits on a page, and whether it still does tells how long
 * the row's others are. A type's own storage may be that, too.
 */
function isPlain(storage: string | null | undefined): boolean {
  return PLAIN_STORAGE.has(storage?.toLowerCase() ?? '');
}

function hasKin({ names: { catalogue } }: Walk, { oid }: Relation): boolean {
  return catalogue.descendants(oid).size > 0 || catalogue.ancestors(oid).size > 0;
}

function named(relation: Relation, name: string | null | undefined): Reshaped {
  const column = relation.byName.get(name ?? '');
  return column === undefined ? null : new Set([column]);
}

function together(parts: readonly Reshaped[]): Reshaped {
  const all = new Set<Column>();
  for (const part of parts) {
    if (part === null) return null;
    for (const column of part) all.add(column);
  }
  return all;
}

const isTable = ({ kind, definition }: Relation) => (kind === 'r' || kind === 'p') && definition === null;

function at(command: string): string {
  return `AT_${command}`;
}
