import type { AlterTableCmd, Node } from 'libpg-query';
import { bodyOf, tagOf, textOf } from '../parse/node.ts';

/** What a statement does to what it defines: the lock on that, by PostgreSQL's name, and sentences for people. */
export type Definition = { lock: string | null; effects: string[] };

const ACCESS_EXCLUSIVE = 'AccessExclusiveLock';
const SHARE = 'ShareLock';
const SHARE_ROW = 'ShareRowExclusiveLock';
const SHARE_UPDATE = 'ShareUpdateExclusiveLock';

/** PostgreSQL's locks from weakest to strongest: the number in LOCK TABLE's tree is the place, from 1. */
const LOCKS = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  SHARE_UPDATE,
  SHARE,
  SHARE_ROW,
  'ExclusiveLock',
  ACCESS_EXCLUSIVE,
];

/** What DDL and the like do beyond their words (manual, "Explicit Locking" and each command). Null for other statements. */
export function definitionOf(tree: Node): Definition | null {
  switch (tagOf(tree)) {
    case 'AlterTableStmt':
      return alterTable(tree);
    case 'IndexStmt':
      return bodyOf(tree, 'IndexStmt')?.concurrent === true
        ? { lock: SHARE_UPDATE, effects: ['Builds an index in the background, reading all rows twice.'] }
        : { lock: SHARE, effects: ['Builds an index over all rows; nobody writes meanwhile.'] };
    case 'DropStmt':
      return drop(tree);
    case 'TruncateStmt':
      return truncate(tree);
    case 'RenameStmt':
      return exclusively('Renames it: what uses the old name fails from then on.');
    case 'VacuumStmt':
      return vacuum(tree);
    case 'ClusterStmt':
      return exclusively('Rewrites the table in the order of an index.');
    case 'ReindexStmt':
      return { lock: SHARE, effects: ['Builds indexes anew; nobody writes meanwhile.'] };
    case 'RefreshMatViewStmt':
      return bodyOf(tree, 'RefreshMatViewStmt')?.concurrent === true
        ? { lock: 'ExclusiveLock', effects: ['Computes the view anew; it can be read meanwhile.'] }
        : exclusively('Computes the view anew.');
    case 'CreateTrigStmt':
      return { lock: SHARE_ROW, effects: ['From then on the trigger runs with every such statement.'] };
    case 'RuleStmt':
      return exclusively('From then on statements on it are rewritten.');
    case 'CommentStmt':
      return { lock: SHARE_UPDATE, effects: [] };
    case 'LockStmt':
      return { lock: LOCKS[(bodyOf(tree, 'LockStmt')?.mode ?? 0) - 1] ?? ACCESS_EXCLUSIVE, effects: [] };
    default:
      return null;
  }
}

function exclusively(...effects: string[]): Definition {
  return { lock: ACCESS_EXCLUSIVE, effects };
}

function alterTable(tree: Node): Definition {
  const commands = (bodyOf(tree, 'AlterTableStmt')?.cmds ?? []).flatMap(
    (node) => bodyOf(node, 'AlterTableCmd') ?? [],
  );
  const each = commands.map(alterCommand);
  const locks = each.map(({ lock }) => LOCKS.indexOf(lock ?? ACCESS_EXCLUSIVE));
  return {
    lock: LOCKS[Math.max(...locks)] ?? ACCESS_EXCLUSIVE,
    effects: each.flatMap(({ effects }) => effects),
  };
}

function alterCommand(command: AlterTableCmd): Definition {
  const name = command.name ?? '';
  const cascades = command.behavior === 'DROP_CASCADE' ? ', and whatever depends on it' : '';
  switch (command.subtype) {
    case 'AT_AddColumn':
      return addColumn(command);
    case 'AT_DropColumn':
      return exclusively(`Drops column ${name} with its values${cascades}.`);
    case 'AT_AlterColumnType':
      return exclusively(
        `Rewrites the table and its indexes, unless column ${name}'s new type is stored as the old one is.`,
      );
    case 'AT_SetNotNull':
      return exclusively(`Reads all rows, to see that column ${name} is empty in none.`);
    case 'AT_AddConstraint':
      return addConstraint(command);
    case 'AT_ValidateConstraint':
      return { lock: SHARE_UPDATE, effects: [`Reads all rows, to see that constraint ${name} holds.`] };
    case 'AT_DropConstraint':
      return exclusively(`Drops constraint ${name}${cascades}.`);
    case 'AT_SetTableSpace':
    case 'AT_SetLogged':
    case 'AT_SetUnLogged':
    case 'AT_SetAccessMethod':
      return exclusively('Rewrites the table.');
    case 'AT_SetRelOptions':
    case 'AT_ResetRelOptions':
    case 'AT_SetStatistics':
    case 'AT_SetOptions':
    case 'AT_ResetOptions':
    case 'AT_ClusterOn':
    case 'AT_DropCluster':
    case 'AT_AttachPartition':
      return { lock: SHARE_UPDATE, effects: [] };
    case 'AT_EnableTrig':
    case 'AT_DisableTrig':
    case 'AT_EnableTrigAll':
    case 'AT_DisableTrigAll':
    case 'AT_EnableTrigUser':
    case 'AT_DisableTrigUser':
      return { lock: SHARE_ROW, effects: ['Changes which triggers run.'] };
    default:
      return exclusively();
  }
}

function addColumn({ def }: AlterTableCmd): Definition {
  const column = bodyOf(def, 'ColumnDef');
  const constraints = (column?.constraints ?? []).flatMap((node) => bodyOf(node, 'Constraint') ?? []);
  const given = constraints.find(({ contype }) => contype === 'CONSTR_DEFAULT')?.raw_expr;
  const computed = constraints.some(({ contype }) =>
    ['CONSTR_GENERATED', 'CONSTR_IDENTITY'].includes(contype ?? ''),
  );
  const type = textOf(column?.typeName?.names?.at(-1)) ?? '';
  const value = bodyOf(given, 'TypeCast')?.arg ?? given;
  const isConstant = given === undefined || bodyOf(value, 'A_Const') !== undefined;
  const adds = `Adds column ${column?.colname ?? ''}`;
  if (computed || type.includes('serial')) return exclusively(`${adds}, and rewrites the table to fill it.`);
  if (isConstant) return exclusively(`${adds}, without touching the rows.`);
  return exclusively(`${adds}, and rewrites the table where its default differs from row to row.`);
}

function addConstraint({ def }: AlterTableCmd): Definition {
  const constraint = bodyOf(def, 'Constraint');
  const checks = constraint?.skip_validation === true ? [] : ['Reads all rows, to see that they comply.'];
  switch (constraint?.contype) {
    case 'CONSTR_FOREIGN':
      return { lock: SHARE_ROW, effects: checks };
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE':
    case 'CONSTR_EXCLUSION':
      return exclusively(...(constraint.indexname === undefined ? ['Builds an index over all rows.'] : []));
    default:
      return exclusively(...checks);
  }
}

function drop(tree: Node): Definition {
  const body = bodyOf(tree, 'DropStmt');
  const what = DROPPED[body?.removeType ?? ''] ?? 'it';
  const cascades = body?.behavior === 'DROP_CASCADE' ? ' Whatever depends on it goes along.' : '';
  return exclusively(`Drops ${what}.${cascades}`);
}

const DROPPED: Partial<Record<string, string>> = {
  OBJECT_TABLE: 'the table with all its rows',
  OBJECT_VIEW: 'the view',
  OBJECT_MATVIEW: 'the view with what was computed',
  OBJECT_INDEX: 'the index: what was found by it is looked for in the whole table',
  OBJECT_SEQUENCE: 'the sequence with its count',
  OBJECT_SCHEMA: 'the schema',
};

function truncate(tree: Node): Definition {
  const body = bodyOf(tree, 'TruncateStmt');
  return exclusively(
    'Removes every row at once, without row triggers.',
    ...(body?.behavior === 'DROP_CASCADE' ? ['Tables that refer to it are emptied as well.'] : []),
    ...(body?.restart_seqs === true ? ['Its sequences begin anew.'] : []),
  );
}

function vacuum(tree: Node): Definition {
  const options = (bodyOf(tree, 'VacuumStmt')?.options ?? []).map((node) => bodyOf(node, 'DefElem')?.defname);
  return options.includes('full') ? exclusively('Rewrites the table.') : { lock: SHARE_UPDATE, effects: [] };
}
