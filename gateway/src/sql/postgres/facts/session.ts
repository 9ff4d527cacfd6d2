import type { DropStmt, Node, RangeVar, TransactionStmt, VariableSetStmt } from 'libpg-query';
import type { Relation } from '../catalogue/catalogue.ts';
import { isKeySetting } from '../masks/hmac.ts';
import { bodyOf, textOf } from '../parse/node.ts';
import { noteSetting } from './changing-call.ts';
import { noteRelation, noteRelationsWithin } from './definition.ts';
import { expressions } from './expression.ts';
import { Findings } from './findings.ts';
import { guardedDefinition } from './guarded-do.ts';
import { emptyScope, visible } from './scope.ts';
import { type Shape, shape } from './shape.ts';
import { type Treatments, treat } from './treatment.ts';
import { noteAttachedTo, noteUnfilled, noteWriteEffects } from './triggers.ts';
import type { Walk } from './walk.ts';

const SESSION = { effect: 'sessionState', readOnly: true } as const;
const TRANSACTION_MODES = new Set(['TRANSACTION', 'SESSION CHARACTERISTICS', 'TRANSACTION SNAPSHOT']);

/** SHOW ALL has three columns, and the server does not mind how it is written. */
const showsAll = (name: string | undefined) => name?.toLowerCase() === 'all';

const VERBOSE = 'upkeep that names no table tells of the rows of all of them where it is VERBOSE';
const CLUSTERED = 'CLUSTER that names no table puts the rows of all of them in another order';

/** Statements about the session, the transaction and upkeep: nothing in them computes on a table's values. */
export const sessionTreatments: Treatments = {
  TransactionStmt: (walk, body) => transaction(walk, body),
  VariableSetStmt: (walk, body) => setting(walk, body),
  VariableShowStmt: (walk, { name = '' }) => {
    if (isKeySetting(name)) walk.findings.unknowns.add(`setting ${name} is the gateway's own`);
    return shape('show', { readOnly: true, outputs: showsAll(name) ? null : [visible(name, new Set())] });
  },
  ConstraintsSetStmt: (_, { deferred }) => shape('set', { readOnly: true, concludes: deferred !== true }),
  DiscardStmt: () => shape('set', SESSION),
  DeallocateStmt: () => shape('deallocate', SESSION),
  ClosePortalStmt: () => shape('closeCursor', SESSION),
  ListenStmt: (walk) => {
    walk.findings.opaque.add('what LISTEN would receive was written by others and is not inspected');
    return shape('listen', { readOnly: true });
  },
  // Pools send it to give a session back: it receives nothing.
  UnlistenStmt: () => shape('set', { readOnly: true }),
  NotifyStmt: () => shape('notify'),
  LockStmt: (walk, body) => {
    for (const node of body.relations ?? []) noteUpkeep(walk, node);
    return shape('lock');
  },
  VacuumStmt: (walk, body) => {
    const relations = (body.rels ?? []).map((node) => bodyOf(node, 'VacuumRelation')?.relation);
    if (relations.length === 0) noteUpkeepOfAll(walk, body.options);
    for (const relation of relations)
      if (relation !== undefined) noteComputed(walk, relation, 'maintained', body.options);
    if (optionNames(body.options).includes('full')) noteMadeAnew(walk);
    if (body.is_vacuumcmd !== true || optionNames(body.options).includes('analyze')) noteAnalysed(walk);
    return shape('maintenance');
  },
  ReindexStmt: (walk, body) => {
    // An index is not told to be of which table.
    if (body.relation === undefined || body.kind !== 'REINDEX_OBJECT_TABLE')
      noteUpkeepOfAll(walk, body.params);
    else noteComputed(walk, body.relation, 'maintained', body.params);
    noteMadeAnew(walk);
    return shape('maintenance');
  },
  ClusterStmt: (walk, body) => {
    // Afterwards the rows lie in the order of the index, and a plain read shows it.
    if (body.relation === undefined) walk.findings.opaque.add(CLUSTERED);
    else noteComputed(walk, body.relation, 'altered');
    return shape('maintenance');
  },
  RefreshMatViewStmt: (walk, body) => {
    const view = body.relation === undefined ? null : noteRelation(walk, body.relation, 'maintained');
    const isUnique =
      view !== null && walk.names.catalogue.constraintsOn(view.oid).some(({ type }) => type === 'u');
    if (isUnique) walk.findings.asksTwice.add(view);
    if (view !== null && body.skipData !== true) walk.findings.refreshed.add(view);
    return shape('maintenance');
  },
  CheckPointStmt: () => shape('maintenance'),
  TruncateStmt: (walk, body) => {
    for (const node of body.relations ?? []) {
      const relation = noteUpkeep(walk, node);
      if (relation !== null) noteWriteEffects(walk, relation, ['truncate']);
    }
    return shape('truncate');
  },
  DropStmt: (walk, body) => {
    for (const node of body.objects ?? []) noteDropped(walk, node);
    noteDroppedAlong(walk, body);
    return shape('drop', { effect: 'catalogue' });
  },
  CommentStmt: (walk, body) => {
    if (body.object !== undefined) noteDropped(walk, body.object);
    return shape('comment', { effect: 'none' });
  },
  DoStmt: (walk, body, session) => {
    const guarded = guardedDefinition(body);
    if (guarded !== null) return treat(walk, guarded, session);
    walk.findings.unknowns.add('DO runs code that is not analysed');
    return shape('do', { effect: 'catalogue' });
  },
  CallStmt: (walk, body) => {
    walk.names.call(body.funccall?.funcname);
    walk.findings.disclose(expressions(walk, body.funccall?.args, emptyScope(null, null)));
    return shape('call', { effect: 'catalogue' });
  },
};

/** Upkeep of any table: what is attached to one and not reviewed, and what it tells in notices, may tell of any value. */
function noteUpkeepOfAll(walk: Walk, options: readonly Node[] | undefined): void {
  walk.findings.everywhere = true;
  if (optionNames(options).includes('verbose')) walk.findings.opaque.add(VERBOSE);
  const attached = new Findings();
  const within: Walk = { names: walk.names.with(attached), findings: attached };
  for (const relation of walk.names.catalogue.userRelations()) noteAttachedTo(within, relation);
  for (const why of attached.unknowns)
    walk.findings.opaque.add(`upkeep that names no table computes the indexes of all of them, and ${why}`);
}

function optionNames(options: readonly Node[] | undefined): Array<string | undefined> {
  return (options ?? []).map((node) => bodyOf(node, 'DefElem')?.defname);
}

/** What upkeep works on: what is named, or everything. */
function kept({ names: { catalogue }, findings }: Walk): Iterable<Relation> {
  if (findings.everywhere) return catalogue.userRelations();
  return [...findings.references.values()].map(({ relation }) => relation);
}

function noteMadeAnew(walk: Walk): void {
  for (const relation of kept(walk)) noteUnfilled(walk, relation);
}

/** Statistics are made of all below it, too. */
function noteAnalysed(walk: Walk): void {
  const { catalogue } = walk.names;
  for (const relation of kept(walk)) {
    for (const oid of [relation.oid, ...catalogue.descendants(relation.oid)]) {
      const own = catalogue.relationByOid(oid);
      if (own !== undefined) walk.findings.analysed.add(own);
    }
  }
}

/** Upkeep that computes what is attached to a relation anew: expressions and operators of its indexes. */
function noteComputed(
  walk: Walk,
  node: RangeVar,
  role: 'maintained' | 'altered',
  options?: readonly Node[],
): void {
  const relation = noteRelation(walk, node, role);
  // What isn't known, as a TOAST table, belongs to something.
  if (relation === null) noteUpkeepOfAll(walk, options);
  else noteAttachedTo(walk, relation);
}

function noteUpkeep(walk: Walk, node: Node) {
  const relation = bodyOf(node, 'RangeVar');
  return relation === undefined ? null : noteRelation(walk, relation, 'maintained');
}

/** Objects of DROP and COMMENT are lists of names; those that name a relation are noted. */
function noteDropped(walk: Walk, node: Node): void {
  const parts = (bodyOf(node, 'List')?.items ?? []).map(textOf).filter((part) => part !== null);
  const [first, second] = parts;
  if (first === undefined) return;
  const known = second === undefined ? null : walk.names.find(first, second);
  if (known !== null && second !== undefined)
    noteRelation(walk, { schemaname: first, relname: second }, 'maintained');
  else noteRelation(walk, { relname: first }, 'maintained');
}

/** Kinds of objects that hold rows, or which take along what holds some only where that is named. */
const DROPPED_BY_NAME: ReadonlySet<DropStmt['removeType']> = new Set([
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_FOREIGN_TABLE',
  'OBJECT_SEQUENCE',
  'OBJECT_INDEX',
  'OBJECT_TRIGGER',
  'OBJECT_RULE',
  'OBJECT_POLICY',
  'OBJECT_STATISTIC_EXT',
] as const);

/** CASCADE takes along what is in a schema, and columns of a type, or that a function computes. */
function noteDroppedAlong(walk: Walk, { removeType, behavior, objects = [] }: DropStmt): void {
  if (behavior !== 'DROP_CASCADE' || DROPPED_BY_NAME.has(removeType)) return;
  if (removeType === 'OBJECT_SCHEMA') noteRelationsWithin(walk, objects);
  else {
    walk.findings.everywhere = true;
    walk.findings.changesUnnamed.add('CASCADE would take columns along, with the values in every row');
  }
}

function transaction(walk: Walk, body: TransactionStmt): Shape {
  switch (body.kind) {
    case 'TRANS_STMT_PREPARE':
    case 'TRANS_STMT_COMMIT_PREPARED':
    case 'TRANS_STMT_ROLLBACK_PREPARED':
      walk.findings.unknowns.add('two-phase commit outlives the session that was checked');
      return shape('transaction', { concludes: true });
    case 'TRANS_STMT_COMMIT':
      return shape('transaction', { readOnly: true, effect: 'transactionEnd', concludes: true });
    case 'TRANS_STMT_ROLLBACK':
    case 'TRANS_STMT_ROLLBACK_TO':
      return shape('transaction', { readOnly: true, effect: 'transactionEnd' });
    default:
      return shape('transaction', { readOnly: true });
  }
}

function setting(walk: Walk, body: VariableSetStmt): Shape {
  const name = body.name ?? '';
  if (body.kind === 'VAR_SET_MULTI') {
    if (!TRANSACTION_MODES.has(name)) walk.findings.unknowns.add(`SET ${name} is not understood`);
    walk.findings.settings.push({ name: name.toLowerCase(), value: null });
    return shape('set', SESSION);
  }
  const reset = body.kind === 'VAR_RESET' || body.kind === 'VAR_SET_DEFAULT' || body.kind === 'VAR_RESET_ALL';
  const value = reset ? null : (body.args ?? []).map(constant).join(', ');
  const shownName = body.kind === 'VAR_RESET_ALL' ? 'all' : name;
  if (body.kind === 'VAR_SET_CURRENT')
    walk.findings.unknowns.add(`SET ${name} FROM CURRENT is not understood`);
  noteSetting(walk, shownName, value);
  return shape('set', SESSION);
}

function constant(node: Node): string {
  const literal = bodyOf(bodyOf(node, 'TypeCast')?.arg ?? node, 'A_Const');
  if (literal?.sval !== undefined) return literal.sval.sval ?? '';
  if (literal?.ival !== undefined) return String(literal.ival.ival ?? 0);
  if (literal?.fval !== undefined) return literal.fval.fval ?? '';
  if (literal?.boolval !== undefined) return literal.boolval.boolval === true ? 'true' : 'false';
  return '?';
}
