import type { AlterTableCmd, AlterTableStmt } from 'libpg-query';
import type { Column, Relation } from '../catalogue/catalogue.ts';
import { type Body, bodyOf, namesOf } from '../parse/node.ts';
import { shownColumns } from './filled.ts';
import type { Walk } from './walk.ts';

/** What ALTER TABLE has foreign keys asked of: of these columns (null: any), by the relation itself or by those that refer to it. */
export type AskedKeys = {
  relation: Relation;
  columns: readonly Column[] | null;
  own: boolean;
  referring: boolean;
};

type Asked = Omit<AskedKeys, 'relation'>;
const EVERY: Asked = { columns: null, own: true, referring: true };

/** Commands that leave values, and so keys, as they are; a key that is added is looked at as such. */
const ASK_NO_KEY: ReadonlySet<string> = new Set(
  `AddColumn AddColumnToView AddConstraint AddIndex AddIndexConstraint AddInherit AddOf AlterColumnGenericOptions
  ChangeOwner ClusterOn DisableRowSecurity DisableRule DisableTrig DisableTrigAll DisableTrigUser DropCluster DropColumn
  DropConstraint DropExpression DropIdentity DropInherit DropNotNull DropOf DropOids EnableAlwaysRule EnableAlwaysTrig
  EnableReplicaRule EnableReplicaTrig EnableRowSecurity EnableRule EnableTrig EnableTrigAll EnableTrigUser
  ForceRowSecurity GenericOptions NoForceRowSecurity ReplaceRelOptions ReplicaIdentity ResetOptions ResetRelOptions
  SetAccessMethod SetCompression SetLogged SetNotNull SetOptions SetRelOptions SetStatistics SetStorage SetTableSpace
  SetUnLogged`
    .split(/\s+/)
    .map((name) => `AT_${name}`),
);

/** Notes which keys an ALTER TABLE asks, now or by what a column is filled with from now on. */
export function noteAskedKeys(walk: Walk, { relation: node, cmds }: AlterTableStmt): void {
  const relation = node === undefined ? null : walk.names.find(node.schemaname, node.relname ?? '');
  if (relation === null) return;
  for (const entry of cmds ?? []) {
    const command = bodyOf(entry, 'AlterTableCmd');
    const asked = command === undefined ? EVERY : askedBy(walk, relation, command);
    if (asked === null) continue;
    walk.findings.askedKeys.push({ relation, ...asked });
    for (const shown of (asked.columns ?? []).flatMap((column) => shownColumns(walk, column)))
      walk.findings.askedKeys.push({ ...asked, relation: shown.relation, columns: [shown] });
  }
}

function askedBy({ names }: Walk, relation: Relation, { subtype, name, def }: AlterTableCmd): Asked | null {
  if (subtype === undefined) return EVERY;
  if (ASK_NO_KEY.has(subtype)) return null;
  const column = relation.byName.get(name ?? '');
  const columns = column === undefined ? [] : [column];
  switch (subtype) {
    case 'AT_AlterColumnType':
      return column !== undefined && isWidened(column, bodyOf(def, 'ColumnDef'))
        ? null
        : { columns, own: true, referring: true };
    case 'AT_SetExpression':
      return { columns, own: true, referring: true };
    case 'AT_ColumnDefault':
      return def === undefined ? null : { columns, own: true, referring: false };
    case 'AT_AddIdentity':
    case 'AT_SetIdentity':
      return { columns, own: true, referring: false };
    case 'AT_AttachPartition':
      return { columns: null, own: true, referring: false };
    // Rows that go with a partition may be referred to.
    case 'AT_DetachPartition':
    case 'AT_DetachPartitionFinalize':
      return { columns: null, own: false, referring: true };
    case 'AT_ValidateConstraint':
      return validated(names.catalogue.unvalidatedKey(relation.oid, name ?? ''), relation);
    case 'AT_AlterConstraint': {
      const change = bodyOf(def, 'ATAlterConstraint');
      if (change?.alterEnforceability !== true || change.is_enforced !== true) return null;
      return validated(names.catalogue.unvalidatedKey(relation.oid, change.conname ?? ''), relation);
    }
    default:
      return EVERY;
  }
}

const WIDER: Readonly<Record<string, readonly string[]>> = {
  int2: ['int4', 'int8'],
  int4: ['int8'],
  varchar: ['varchar'],
};

/**
 * Whether a change of type leaves every value, and what equals what, as it is: the server asks the key anew and finds
 * what it knew. A name without schema could be a type of the session's own.
 */
function isWidened({ baseType }: Column, def: Body<'ColumnDef'> | undefined): boolean {
  const { typeName: type } = def ?? {};
  if (def?.raw_default !== undefined || def?.collClause !== undefined) return false;
  if (type === undefined || type.typmods !== undefined || type.arrayBounds !== undefined) return false;
  const [schema, name, ...more] = namesOf(type.names);
  return (
    schema === 'pg_catalog' && more.length === 0 && (WIDER[baseType ?? '']?.includes(name ?? '') ?? false)
  );
}

function validated(key: readonly number[] | null, { columns }: Relation): Asked | null {
  if (key === null) return null;
  return { columns: columns.filter(({ number }) => key.includes(number)), own: true, referring: false };
}
