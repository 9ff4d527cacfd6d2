import type {
  DeleteStmt,
  InsertStmt,
  MergeStmt,
  MergeWhenClause,
  Node,
  OnConflictClause,
  RangeVar,
  ResTarget,
  ReturningClause,
  UpdateStmt,
} from 'libpg-query';
import { type Column, columnsOf, isSystemSchema, type Relation } from '../catalogue/catalogue.ts';
import { bodyOf, namesOf } from '../parse/node.ts';
import { expression, expressions } from './expression.ts';
import { insertedBy, noteFilled, shownColumns } from './filled.ts';
import { NO_SOURCES } from './findings.ts';
import { addFrom, fromItem } from './from.ts';
import { givenValues } from './given-values.ts';
import { constantOf, noteLookups, reachOf } from './lookup.ts';
import { noteMoves } from './moving.ts';
import { query, targetList, withClause } from './query.ts';
import {
  emptyScope,
  type FromItem,
  itemOf,
  type Range,
  type Result,
  rangeOfRelation,
  type Scope,
  sourcesOf,
} from './scope.ts';
import { noteWriteEffects, type WriteEvent } from './triggers.ts';
import type { Walk } from './walk.ts';

const NO_RESULT: Result = { columns: [], rest: null };

/** Spec: manual, "INSERT". */
export function insertStatement(walk: Walk, body: InsertStmt, around: Scope): Result {
  const scope = emptyScope(around, withClause(walk, body.withClause, around));
  const target = writeTarget(walk, body.relation, insertEvents(body), 'insert', false);
  if (body.selectStmt !== undefined) {
    const result = query(walk, body.selectStmt, scope);
    walk.findings.store(sourcesOf(result.columns, result.rest));
  }
  if (target === null) return NO_RESULT;
  noteWritten(walk, target.relation, body.cols, body.selectStmt, scope);
  noteFilled(walk, target.relation, insertedBy(body.cols, body.selectStmt));
  // It changes rows that are there already, like any other update.
  if (insertEvents(body).includes('update'))
    walk.findings.writes.push({ relation: target.relation, by: 'update', everyRow: false });
  if (body.onConflictClause !== undefined) onConflict(walk, body.onConflictClause, target, scope);
  return returning(walk, body.returningClause, { ...scope, items: [itemOf(target.range)] }, target);
}

function insertEvents(body: InsertStmt): WriteEvent[] {
  return body.onConflictClause?.action === 'ONCONFLICT_UPDATE' ? ['insert', 'update'] : ['insert'];
}

function onConflict(walk: Walk, clause: OnConflictClause, target: Target, around: Scope): void {
  walk.findings.conflicts.add(target.relation);
  const excluded = rangeOfRelation(target.relation, 'excluded');
  const own = {
    ...excluded,
    relation: null,
    columns: excluded.columns.map((c) => ({ ...c, sources: NO_SOURCES })),
  };
  const onlyTarget = { ...around, items: [itemOf(target.range)], clause: 'ON CONFLICT' };
  for (const node of clause.infer?.indexElems ?? []) {
    const element = bodyOf(node, 'IndexElem');
    expression(walk, element?.expr, onlyTarget);
    const column = element?.name === undefined ? undefined : target.relation.byName.get(element.name);
    if (column !== undefined) noteArbiter(walk, target.relation, column);
  }
  for (const column of constrained(walk, target.relation, clause.infer?.conname))
    noteArbiter(walk, target.relation, column);
  walk.findings.condition(expression(walk, clause.infer?.whereClause, onlyTarget));
  const both = { ...onlyTarget, items: [itemOf(target.range), itemOf(own)], clause: 'ON CONFLICT' };
  const written = assignments(walk, clause.targetList, target.relation, both);
  if (clause.action === 'ONCONFLICT_UPDATE') noteUpdate(walk, target, written);
  walk.findings.condition(expression(walk, clause.whereClause, both));
  for (const name of excludedIn([clause.targetList, clause.whereClause])) {
    const column = name === null ? undefined : target.relation.byName.get(name);
    for (const own of column === undefined ? target.relation.columns : [column])
      walk.findings.takenOver.add(own);
  }
}

/** The columns of EXCLUDED that are named; null for its whole row. */
function excludedIn(value: unknown): Array<string | null> {
  if (typeof value !== 'object' || value === null) return [];
  if ('ColumnRef' in value) {
    const [alias, name = null] = namesOf(bodyOf(value as Node, 'ColumnRef')?.fields);
    return alias === 'excluded' ? [name] : [];
  }
  return Object.values(value).flatMap(excludedIn);
}

/** Spec: manual, "UPDATE". */
export function updateStatement(walk: Walk, body: UpdateStmt, around: Scope): Result {
  const scope = emptyScope(around, withClause(walk, body.withClause, around));
  const target = writeTarget(walk, body.relation, ['update'], 'update', isForEveryRow(body.whereClause));
  if (target !== null) scope.items.push(itemOf(target.range));
  addFrom(walk, body.fromClause, scope);
  const written = assignments(walk, body.targetList, target?.relation ?? null, { ...scope, clause: 'SET' });
  if (target !== null) {
    noteUpdate(walk, target, written);
    noteMoves(walk, target.relation);
  }
  const isJoined = body.fromClause !== undefined || holdsQuery(body.whereClause);
  noteJoining(walk, target, isJoined, body.whereClause, { ...scope, clause: 'WHERE' });
  noteTargetLookups(walk, body, body.fromClause, scope);
  return target === null ? NO_RESULT : returning(walk, body.returningClause, scope, target);
}

function noteTargetLookups(
  walk: Walk,
  { relation, whereClause }: UpdateStmt | DeleteStmt,
  from: readonly Node[] | undefined,
  scope: Scope,
): void {
  const within = new Set((from ?? []).flatMap((node) => [...reachOf(node)]));
  if (relation !== undefined) within.add(relation);
  noteLookups(walk, whereClause, within, { ...scope, clause: 'WHERE' });
}

/** Spec: manual, "DELETE". */
export function deleteStatement(walk: Walk, body: DeleteStmt, around: Scope): Result {
  const scope = emptyScope(around, withClause(walk, body.withClause, around));
  const target = writeTarget(walk, body.relation, ['delete'], 'delete', isForEveryRow(body.whereClause));
  if (target !== null) {
    scope.items.push(itemOf(target.range));
    walk.findings.deletedFrom.add(target.relation);
  }
  addFrom(walk, body.usingClause, scope);
  const isJoined = body.usingClause !== undefined || holdsQuery(body.whereClause);
  noteJoining(walk, target, isJoined, body.whereClause, { ...scope, clause: 'WHERE' });
  noteTargetLookups(walk, body, body.usingClause, scope);
  return target === null ? NO_RESULT : returning(walk, body.returningClause, scope, target);
}

/** Spec: manual, "MERGE". */
export function mergeStatement(walk: Walk, body: MergeStmt, around: Scope): Result {
  const scope = emptyScope(around, withClause(walk, body.withClause, around));
  const target = writeTarget(walk, body.relation, ['insert', 'update', 'delete'], 'merge', false);
  if (target !== null) scope.items.push(itemOf(target.range));
  if (body.sourceRelation !== undefined) scope.items.push(fromItem(walk, body.sourceRelation, scope));
  noteJoining(walk, target, true, body.joinCondition, { ...scope, clause: 'ON' });
  for (const node of body.mergeWhenClauses ?? []) {
    const when = bodyOf(node, 'MergeWhenClause');
    if (when === undefined) {
      walk.findings.unknowns.add('a WHEN of MERGE is not understood');
      continue;
    }
    if (target !== null) noteMerged(walk, target.relation, when, body.joinCondition);
    const inReach = { ...scope, items: scope.items.filter((item) => isInReach(item, when, target)) };
    walk.findings.condition(expression(walk, when.condition, { ...inReach, clause: 'WHEN' }));
    const set = { ...inReach, clause: 'SET' };
    const written = assignments(walk, when.targetList, target?.relation ?? null, set);
    if (when.commandType === 'CMD_UPDATE' && target !== null) noteUpdate(walk, target, written);
    walk.findings.store(expressions(walk, when.values, { ...inReach, clause: 'VALUES' }));
    if (when.commandType === 'CMD_DELETE' && target !== null) walk.findings.deletedFrom.add(target.relation);
    if (when.commandType === 'CMD_INSERT' && target !== null) {
      const values = mergedValues(when);
      noteWritten(walk, target.relation, when.targetList, values, scope);
      // One row of VALUES stands for as many as the source has.
      noteFilled(walk, target.relation, { ...insertedBy(when.targetList, values), rows: null });
    }
  }
  if (target === null) return NO_RESULT;
  noteMoves(walk, target.relation);
  // `*` of a MERGE is the source's columns first, then the target's.
  const items = scope.items.toReversed();
  return returning(walk, body.returningClause, { ...scope, items }, target);
}

/**
 * Notes which rows are written. A join ends once it has nothing more to join with, and looks by then at those rows that
 * come first: whether the condition has failed for one is another question than whether it fails for any.
 */
function noteJoining(
  walk: Walk,
  target: Target | null,
  isJoined: boolean,
  condition: Node | undefined,
  scope: Scope,
): void {
  const { findings } = walk;
  const before = findings.raising;
  findings.condition(expression(walk, condition, scope));
  if (target !== null && isJoined && findings.raising > before) findings.joinedRaising.add(target.relation);
}

/** The planner makes joins of queries in conditions. */
function holdsQuery(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return 'SubLink' in value || Object.values(value).some(holdsQuery);
}

/** What does not match has no row of the other side (setNamespaceForMergeWhen in the server's parse_merge.c). */
function isInReach(item: FromItem, { matchKind }: MergeWhenClause, target: Target | null): boolean {
  const isTarget = target !== null && item.ranges.includes(target.range);
  if (matchKind === 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE') return isTarget;
  return matchKind !== 'MERGE_WHEN_NOT_MATCHED_BY_TARGET' || !isTarget;
}

const MERGED: Readonly<Record<string, WriteEvent>> = {
  CMD_INSERT: 'insert',
  CMD_UPDATE: 'update',
  CMD_DELETE: 'delete',
};

/** What MERGE does to rows is an insert, update or delete like any other, besides being a merge. */
function noteMerged(walk: Walk, relation: Relation, when: MergeWhenClause, on: Node | undefined): void {
  const by = MERGED[when.commandType ?? ''];
  if (by === undefined) return;
  const everyRow = by !== 'insert' && isForEveryRow(on) && isForEveryRow(when.condition);
  walk.findings.writes.push({ relation, by, everyRow });
}

/** A condition that looks at no column holds for all rows or for none. */
function isForEveryRow(condition: Node | undefined): boolean {
  return condition === undefined || !looksAtRows(condition);
}

function looksAtRows(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if ('ColumnRef' in value || 'CurrentOfExpr' in value) return true;
  return Object.values(value).some(looksAtRows);
}

type Target = { relation: Relation; range: Range };

function writeTarget(
  walk: Walk,
  node: RangeVar | undefined,
  events: readonly WriteEvent[],
  by: WriteEvent | 'merge',
  everyRow: boolean,
): Target | null {
  const relation = node === undefined ? null : walk.names.relation(node);
  if (node === undefined || relation === null) return null;
  if (isSystemSchema(relation.schema)) {
    walk.findings.unknowns.add(
      `${relation.schema}.${relation.name} is the server's own and is not written through the gateway`,
    );
  }
  walk.findings.visited.add(node);
  walk.findings.references.set(node, { relation, role: 'target', node, sampled: false });
  walk.findings.writes.push({ relation, by, everyRow });
  noteWriteEffects(walk, relation, events);
  const range = rangeOfRelation(relation, node.alias?.aliasname ?? null, true);
  for (const column of range.columns) walk.findings.standing.set(column, node);
  return { relation, range };
}

/** Notes a column by which ON CONFLICT asks whether a row is there. */
function noteArbiter(walk: Walk, relation: Relation, column: Column): void {
  walk.findings.targetReads.push({ relation, column, clause: 'ON CONFLICT', ref: null, alias: null });
}

/** The columns of the unique or exclusion constraint of a name; none where there is none. */
function constrained({ names }: Walk, relation: Relation, name: string | undefined): Column[] {
  if (name === undefined) return [];
  return names.catalogue
    .constraintsOn(relation.oid)
    .filter((constraint) => constraint.name === name)
    .flatMap(({ columns }) => columnsOf(relation, columns));
}

function noteUpdate(walk: Walk, { relation }: Target, columns: ReadonlySet<Column>): void {
  walk.findings.updates.push({ relation, columns });
}

/** The columns that are written, those that a view's show included. */
function assignments(
  walk: Walk,
  nodes: readonly Node[] | undefined,
  relation: Relation | null,
  scope: Scope,
): ReadonlySet<Column> {
  const written = new Set<Column>();
  for (const node of nodes ?? []) {
    const assignment = bodyOf(node, 'ResTarget');
    if (assignment === undefined) {
      walk.findings.unknowns.add('an assignment is not understood');
      continue;
    }
    const column = relation?.byName.get(assignment.name ?? '');
    const count = assignedValues(walk, column, assignment, scope.clause);
    for (const own of noteWrittenName(walk, relation, assignment.name, count)) {
      written.add(own);
      if (isDefault(assignment.val)) walk.findings.refilled.add(own);
    }
    if (assignment.indirection !== undefined) notePartWritten(walk, relation, assignment.name);
    expressions(walk, assignment.indirection, scope);
    walk.findings.store(expression(walk, assignment.val, scope));
  }
  return written;
}

/**
 * How many constants and parameters an assignment gives its column. What ON CONFLICT takes over from its own INSERT was
 * counted there, where that gave it.
 */
function assignedValues(
  { findings }: Walk,
  column: Column | undefined,
  to: ResTarget,
  clause: string,
): number | null {
  if (to.indirection !== undefined) return null;
  if (constantOf(to.val) !== null) return 1;
  const [name, alias, ...more] = namesOf(bodyOf(to.val, 'ColumnRef')?.fields).toReversed();
  const isTakenOver =
    clause === 'ON CONFLICT' && alias === 'excluded' && name === to.name && more.length === 0;
  const given = isTakenOver && column !== undefined ? findings.given.get(column) : null;
  return given === undefined || given === null || given === 0 ? null : 0;
}

/** DEFAULT, by itself or as one of the values that several columns are given: `(a, b) = (1, DEFAULT)`. */
function isDefault(value: Node | undefined): boolean {
  const several = bodyOf(value, 'MultiAssignRef');
  const given = bodyOf(several?.source, 'RowExpr')?.args?.[(several?.colno ?? 1) - 1];
  return bodyOf(several === undefined ? value : given, 'SetToDefault') !== undefined;
}

/** Whether a part of a value can be written depends on the rest of it: on its bounds, and on what is there already. */
function notePartWritten(walk: Walk, relation: Relation | null, name: string | undefined): void {
  const column = name === undefined ? undefined : relation?.byName.get(name);
  if (relation === null || column === undefined) return;
  walk.findings.targetReads.push({ relation, column, clause: 'SET', ref: null, alias: null });
}

function noteWritten(
  walk: Walk,
  relation: Relation,
  cols: readonly Node[] | undefined,
  source: Node | undefined,
  scope: Scope,
): void {
  const value = (at: number) => (source === undefined ? null : givenValues(source, at));
  if (cols === undefined) {
    for (const [at, column] of relation.columns.entries()) {
      if (source !== undefined && value(at) !== 0) noteWrittenName(walk, relation, column.name, value(at));
    }
    return;
  }
  for (const [at, node] of cols.entries()) {
    const target = bodyOf(node, 'ResTarget');
    expressions(walk, target?.indirection, scope);
    const count = value(at);
    if (count === 0) knownColumn(walk, relation, target?.name);
    else noteWrittenName(walk, relation, target?.name, count);
  }
}

/** VALUES of a MERGE in the shape of an INSERT's. */
function mergedValues({ values }: MergeWhenClause): Node | undefined {
  if (values === undefined) return undefined;
  return { SelectStmt: { valuesLists: [{ List: { items: values } }] } };
}

/** Writing a view's column writes the column that it shows. */
function noteWrittenName(
  walk: Walk,
  relation: Relation | null,
  name: string | undefined,
  count: number | null,
): Column[] {
  const column = knownColumn(walk, relation, name);
  const columns = column === undefined ? [] : [column, ...shownColumns(walk, column)];
  for (const own of columns) {
    walk.findings.give(own, count);
    walk.findings.written.add(own);
  }
  return columns;
}

function knownColumn(walk: Walk, relation: Relation | null, name: string | undefined): Column | undefined {
  const column = name === undefined ? undefined : relation?.byName.get(name);
  if (relation !== null && name !== undefined && column === undefined) {
    walk.findings.unknowns.add(`column ${relation.name}.${name} does not exist`);
  }
  return column;
}

/** RETURNING, with `old` and `new` (PostgreSQL 18) as further names of the target. */
function returning(walk: Walk, clause: ReturningClause | undefined, scope: Scope, target: Target): Result {
  if (clause === undefined) return NO_RESULT;
  const options = (clause.options ?? []).map((node) => bodyOf(node, 'ReturningOption'));
  const nameOf = (option: string, standard: string) =>
    options.find((entry) => entry?.option === option)?.value ?? standard;
  const taken = new Set(scope.items.flatMap((item) => item.ranges.map((range) => range.alias)));
  const extra = [nameOf('RETURNING_OPTION_OLD', 'old'), nameOf('RETURNING_OPTION_NEW', 'new')]
    .filter((alias) => !taken.has(alias))
    .map((alias) => ({ ...target.range, alias, schema: null }));
  const { firstColumns, returnings } = walk.findings;
  returnings.push({ clause, relation: target.relation, items: scope.items, firstColumns });
  const items = [...scope.items, ...extra.map((range) => ({ ranges: [range], columns: [], rest: null }))];
  return targetList(walk, clause.exprs, { ...scope, items, clause: 'RETURNING' });
}
