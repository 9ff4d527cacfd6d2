import type { CreateExtensionStmt, CreateStmt, IndexStmt, Node, RangeVar } from 'libpg-query';
import type { StatementKind } from '../../../../contract/facts.ts';
import type { Relation } from '../catalogue/catalogue.ts';
import { bodyOf, type Tag } from '../parse/node.ts';
import { trustedExtensions } from './allowed/extensions.ts';
import { noteAskedKeys } from './altered-keys.ts';
import { definition, noteChanging, noteRelation, noteRelationsWithin } from './definition.ts';
import { noteFilledAnew } from './filled-anew.ts';
import { noteDefined } from './made.ts';
import { asksRows, columnsRead, type Reshaped, reshapedByAlter, reshapedByRename } from './reshaped.ts';
import { type Shape, shape } from './shape.ts';
import { noteAttachedTo, noteCompared, noteKeyQueries, noteUnfilled } from './triggers.ts';
import type { Walk } from './walk.ts';

const CATALOGUE = { effect: 'catalogue' } as const;

/** DDL whose whole effect on values can be told from the statement. */
const PLAIN: Readonly<Partial<Record<Tag, StatementKind>>> = {
  AlterDefaultPrivilegesStmt: 'alter',
  AlterTableStmt: 'alter',
  AlterSeqStmt: 'alter',
  AlterEnumStmt: 'alter',
  CreateStmt: 'create',
  CreateSeqStmt: 'create',
  CreateEnumStmt: 'create',
  CompositeTypeStmt: 'create',
  CreateDomainStmt: 'create',
  CreateStatsStmt: 'create',
};

/** DDL that is looked at in a way of its own, below. */
const LOOKED_INTO: ReadonlySet<Tag> = new Set([
  'AlterObjectSchemaStmt',
  'CreateSchemaStmt',
  'GrantStmt',
  'IndexStmt',
  'RenameStmt',
]);

/** What these make or change can compute on any table later: refused where anything is masked. */
const OPAQUE: Readonly<Partial<Record<Tag, StatementKind>>> = {
  AlterCollationStmt: 'alter',
  AlterDatabaseRefreshCollStmt: 'alter',
  AlterDatabaseStmt: 'alter',
  AlterDomainStmt: 'alter',
  AlterEventTrigStmt: 'alter',
  AlterExtensionContentsStmt: 'alter',
  AlterExtensionStmt: 'alter',
  AlterFunctionStmt: 'alter',
  AlterObjectDependsStmt: 'alter',
  AlterObjectSchemaStmt: 'alter',
  AlterOpFamilyStmt: 'alter',
  AlterOperatorStmt: 'alter',
  AlterOwnerStmt: 'alter',
  AlterPolicyStmt: 'alter',
  AlterRoleStmt: 'alter',
  AlterStatsStmt: 'alter',
  AlterTSConfigurationStmt: 'alter',
  AlterTSDictionaryStmt: 'alter',
  AlterTableMoveAllStmt: 'alter',
  AlterTableSpaceOptionsStmt: 'alter',
  AlterTypeStmt: 'alter',
  RenameStmt: 'alter',
  CreateAmStmt: 'create',
  CreateCastStmt: 'create',
  CreateConversionStmt: 'create',
  CreateEventTrigStmt: 'create',
  CreateExtensionStmt: 'create',
  CreateFunctionStmt: 'create',
  CreateOpClassStmt: 'create',
  CreateOpFamilyStmt: 'create',
  CreatePLangStmt: 'create',
  CreatePolicyStmt: 'create',
  CreateRangeStmt: 'create',
  CreateRoleStmt: 'create',
  CreateSchemaStmt: 'create',
  CreateTransformStmt: 'create',
  CreateTrigStmt: 'create',
  CreatedbStmt: 'create',
  DefineStmt: 'create',
  RuleStmt: 'create',
  DropOwnedStmt: 'drop',
  DropRoleStmt: 'drop',
  DropSubscriptionStmt: 'drop',
  DropTableSpaceStmt: 'drop',
  DropUserMappingStmt: 'drop',
  DropdbStmt: 'drop',
  GrantRoleStmt: 'grant',
  ReassignOwnedStmt: 'other',
  SecLabelStmt: 'other',
};

/** Statements that reach out of the session's database, or change the server itself. */
const NEVER: Readonly<Partial<Record<Tag, string>>> = {
  AlterSystemStmt: 'ALTER SYSTEM changes the server',
  LoadStmt: 'LOAD runs code of the server',
  AlterRoleSetStmt: 'settings of a role are not changed through the gateway',
  AlterDatabaseSetStmt: 'settings of a database are not changed through the gateway',
  CreateSubscriptionStmt: 'a subscription copies rows around the gateway',
  AlterSubscriptionStmt: 'a subscription copies rows around the gateway',
  CreatePublicationStmt: 'a publication copies rows around the gateway',
  AlterPublicationStmt: 'a publication copies rows around the gateway',
  CreateFdwStmt: 'foreign data reads around the gateway',
  AlterFdwStmt: 'foreign data reads around the gateway',
  CreateForeignServerStmt: 'foreign data reads around the gateway',
  AlterForeignServerStmt: 'foreign data reads around the gateway',
  CreateForeignTableStmt: 'foreign data reads around the gateway',
  CreateUserMappingStmt: 'foreign data reads around the gateway',
  AlterUserMappingStmt: 'foreign data reads around the gateway',
  ImportForeignSchemaStmt: 'foreign data reads around the gateway',
  CreateTableSpaceStmt: 'a tablespace is a folder of the server',
};

export type DefinitionTreatment = 'lookedInto' | 'opaque' | 'never';

/** How a statement that isn't a query or about the session is treated; null when nobody has decided. */
export function definitionTreatmentOf(tag: Tag): DefinitionTreatment | null {
  if (tag in NEVER) return 'never';
  if (tag in PLAIN || LOOKED_INTO.has(tag)) return 'lookedInto';
  return tag in OPAQUE ? 'opaque' : null;
}

/** Everything that isn't a query or about the session. What is listed nowhere is not understood, and blocked. */
export function definitionTreatment(walk: Walk, tag: Tag, tree: Node): Shape {
  const never = NEVER[tag];
  if (never !== undefined) {
    walk.findings.unknowns.add(never);
    return shape(kindOf(tag), CATALOGUE);
  }
  const index = bodyOf(tree, 'IndexStmt');
  if (index !== undefined) return createIndex(walk, index);
  const grant = bodyOf(tree, 'GrantStmt');
  if (grant !== undefined) {
    definition(walk, grant.objects, 'maintained');
    const ofRelations = grant.objtype === 'OBJECT_TABLE' || grant.objtype === 'OBJECT_SEQUENCE';
    if (ofRelations && grant.targtype === 'ACL_TARGET_ALL_IN_SCHEMA')
      noteRelationsWithin(walk, grant.objects ?? []);
    // Schemas that may be used are those that a name is looked for in.
    return shape('grant', CATALOGUE);
  }
  if (cascadesToTables(tree)) walk.findings.opaque.add('ALTER TYPE … CASCADE changes tables of the type');
  if (bodyOf(tree, 'AlterEnumStmt')?.oldVal !== undefined) {
    walk.findings.everywhere = true;
    walk.findings.changesUnnamed.add('another name for a value is another value in every row that has it');
  }
  const rename = bodyOf(tree, 'RenameStmt') ?? bodyOf(tree, 'AlterObjectSchemaStmt');
  if (rename?.relation !== undefined) {
    const renamed = noteRelation(walk, rename.relation, 'altered');
    const body = bodyOf(tree, 'RenameStmt');
    if (renamed !== null && body !== undefined)
      noteReshaped(walk, rename.relation, reshapedByRename(body, renamed));
    return shape('alter', CATALOGUE);
  }
  const extension = bodyOf(tree, 'CreateExtensionStmt');
  if (extension !== undefined && addsTrusted(extension)) return shape('create', CATALOGUE);
  const schema = bodyOf(tree, 'CreateSchemaStmt');
  if (schema !== undefined && schema.schemaElts === undefined) return shape('create', CATALOGUE);
  definition(walk, withoutOwnName(tree), 'altered');
  noteDefined(walk, tree);
  const altered = bodyOf(tree, 'AlterTableStmt');
  if (altered !== undefined) {
    const relation = noteRewritten(walk, altered.relation);
    if (relation !== null) {
      noteReshaped(walk, altered.relation, reshapedByAlter(walk, altered, relation));
      noteFilledAnew(walk, altered, relation);
      if (asksRows(altered)) walk.findings.computedFor.add(relation);
    }
    noteAskedKeys(walk, altered);
  }
  notePartition(walk, bodyOf(tree, 'CreateStmt'));
  const plain = PLAIN[tag];
  if (plain !== undefined) {
    noteChanging(walk, tree);
    return shape(plain, CATALOGUE);
  }
  const kind = OPAQUE[tag];
  if (kind === undefined) walk.findings.unknowns.add(`${spoken(tag)} is not understood`);
  walk.findings.opaque.add(`what ${spoken(tag)} makes or changes can compute on any table later`);
  return shape(kind ?? kindOf(tag), CATALOGUE);
}

/** Whether what an extension adds computes on its arguments alone, whichever version of it there is. */
function addsTrusted({ extname = '', options }: CreateExtensionStmt): boolean {
  const given = (options ?? []).map((option) => bodyOf(option, 'DefElem')?.defname);
  return trustedExtensions.has(extname) && given.every((name) => name === 'schema');
}

/** Whether attributes of a type are changed together with the tables that were made of it, which it doesn't name. */
function cascadesToTables(tree: Node): boolean {
  const rename = bodyOf(tree, 'RenameStmt');
  if (rename !== undefined)
    return rename.renameType === 'OBJECT_ATTRIBUTE' && rename.behavior === 'DROP_CASCADE';
  const altered = bodyOf(tree, 'AlterTableStmt');
  if (altered?.objtype !== 'OBJECT_TYPE') return false;
  return (altered.cmds ?? []).some((node) => bodyOf(node, 'AlterTableCmd')?.behavior === 'DROP_CASCADE');
}

/** A table that is written anew has its checks and indexes computed, and its keys asked. */
function noteRewritten(walk: Walk, node: RangeVar | undefined): Relation | null {
  const relation = node === undefined ? null : walk.names.find(node.schemaname, node.relname ?? '');
  if (relation === null) return null;
  noteAttachedTo(walk, relation);
  noteUnfilled(walk, relation);
  noteKeyQueries(walk, relation);
  return relation;
}

function noteReshaped(walk: Walk, node: RangeVar | undefined, columns: Reshaped): void {
  if (node !== undefined && columns !== null) walk.findings.reshaped.set(node, columns);
}

/** An empty partition is masked as its parent is, and only the key is asked of rows of a default partition. */
function notePartition(walk: Walk, body: CreateStmt | undefined): void {
  const parent = bodyOf(body?.inhRelations?.[0], 'RangeVar');
  if (body?.partbound === undefined || parent === undefined || body.tableElts !== undefined) return;
  const relation = walk.names.find(parent.schemaname, parent.relname ?? '');
  const key = relation === null ? null : walk.names.catalogue.partitionKey(relation.oid);
  if (relation === null || key === null || key.includes(0)) return;
  noteReshaped(walk, parent, new Set(relation.columns.filter(({ number }) => key.includes(number))));
}

/** What is made has no meaning yet: its name may be taken by something else in another schema. */
function withoutOwnName(tree: Node): unknown {
  const routine = bodyOf(tree, 'CreateFunctionStmt');
  if (routine !== undefined) return { ...routine, funcname: undefined };
  const made =
    bodyOf(tree, 'CreateStmt') ?? bodyOf(tree, 'CreateSeqStmt') ?? bodyOf(tree, 'CompositeTypeStmt');
  return made === undefined
    ? tree
    : { ...made, relation: undefined, sequence: undefined, typevar: undefined };
}

function createIndex(walk: Walk, body: IndexStmt): Shape {
  const elements = [...(body.indexParams ?? []), ...(body.indexIncludingParams ?? [])];
  const columns = elements.map((node) => bodyOf(node, 'IndexElem')?.name);
  const plain = !columns.includes(undefined) && body.whereClause === undefined;
  const relation =
    body.relation === undefined ? null : noteRelation(walk, body.relation, plain ? 'maintained' : 'altered');
  if (body.unique === true && relation?.kind === 'm') walk.findings.asksTwice.add(relation);
  definition(walk, [body.indexParams, body.whereClause], 'altered');
  if (relation !== null) {
    noteCompared(walk, relation);
    walk.findings.computedFor.add(relation);
  }
  for (const name of columns) {
    const column = name === undefined ? undefined : relation?.byName.get(name);
    if (column !== undefined) walk.findings.probed.add(column);
  }
  // Of an expression and a predicate that read no masked column nothing is computed that would tell of one.
  if (relation !== null)
    noteReshaped(walk, body.relation, columnsRead([body.indexParams, body.whereClause], relation));
  return shape('create', CATALOGUE);
}

/** For what is refused anyway. */
function kindOf(tag: Tag): StatementKind {
  if (tag.startsWith('Create')) return 'create';
  return tag.startsWith('Alter') ? 'alter' : 'other';
}

/** Where the grammar's name is not what people write. */
const WRITTEN: Readonly<Partial<Record<Tag, string>>> = {
  AlterDatabaseRefreshCollStmt: 'ALTER DATABASE',
  AlterExtensionContentsStmt: 'ALTER EXTENSION',
  AlterEventTrigStmt: 'ALTER EVENT TRIGGER',
  AlterObjectDependsStmt: 'ALTER … DEPENDS ON EXTENSION',
  AlterObjectSchemaStmt: 'ALTER … SET SCHEMA',
  AlterOpFamilyStmt: 'ALTER OPERATOR FAMILY',
  AlterOwnerStmt: 'ALTER … OWNER TO',
  AlterStatsStmt: 'ALTER STATISTICS',
  AlterTSConfigurationStmt: 'ALTER TEXT SEARCH CONFIGURATION',
  AlterTSDictionaryStmt: 'ALTER TEXT SEARCH DICTIONARY',
  AlterTableMoveAllStmt: 'ALTER TABLE ALL',
  AlterTableSpaceOptionsStmt: 'ALTER TABLESPACE',
  CreateAmStmt: 'CREATE ACCESS METHOD',
  CreateEventTrigStmt: 'CREATE EVENT TRIGGER',
  CreateOpClassStmt: 'CREATE OPERATOR CLASS',
  CreateOpFamilyStmt: 'CREATE OPERATOR FAMILY',
  CreatePLangStmt: 'CREATE LANGUAGE',
  CreateRangeStmt: 'CREATE TYPE … AS RANGE',
  CreateTrigStmt: 'CREATE TRIGGER',
  CreatedbStmt: 'CREATE DATABASE',
  DefineStmt: 'CREATE of an aggregate, operator or base type',
  DropTableSpaceStmt: 'DROP TABLESPACE',
  DropdbStmt: 'DROP DATABASE',
  GrantRoleStmt: 'GRANT of a role',
  ReassignOwnedStmt: 'REASSIGN OWNED',
  RenameStmt: 'ALTER … RENAME',
  RuleStmt: 'CREATE RULE',
  SecLabelStmt: 'SECURITY LABEL',
};

/** What people write for a kind of statement: `CreateFunctionStmt` is CREATE FUNCTION. */
function spoken(tag: Tag): string {
  const written = WRITTEN[tag];
  if (written !== undefined) return written;
  return tag
    .replace(/Stmt$/, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase();
}
