import type { ColumnRef, CommonTableExpr, Node, SelectStmt, WithClause } from 'libpg-query';
import type { Column, Relation } from '../catalogue/catalogue.ts';
import { bodyOf, namesOf, tagOf } from '../parse/node.ts';
import { lookUp, mayHaveColumn } from './column.ts';
import { deleteStatement, insertStatement, mergeStatement, updateStatement } from './dml.ts';
import { expression, expressions } from './expression.ts';
import { Findings, NO_SOURCES, type Sources, union } from './findings.ts';
import { addFrom } from './from.ts';
import { noteLookups, reachOf } from './lookup.ts';
import { noteMade } from './made.ts';
import { isNullAsItsColumns } from './nullness.ts';
import { outputName } from './output-name.ts';
import {
  type CteScope,
  emptyScope,
  isPlain,
  type Result,
  renamed,
  type Scope,
  sourcesOf,
  type Visible,
  visible,
} from './scope.ts';
import type { Walk } from './walk.ts';

/** As in the server (MaxTupleAttributeNumber): more would be refused there. */
const MAX_COLUMNS = 1664;
/** Counts each time that a query is looked at; recursive ones are looked at until nothing new flows. */
const MAX_QUERIES = 5000;
const NO_RESULT: Result = { columns: [], rest: null };

/** A query or data-changing statement in `around`: what its result columns are computed from. */
export function query(walk: Walk, node: Node | undefined, around: Scope): Result {
  walk.findings.queries += 1;
  if (walk.findings.queries > MAX_QUERIES) {
    walk.findings.unknowns.add(`the statement nests more than ${MAX_QUERIES} queries`);
    return NO_RESULT;
  }
  const select = bodyOf(node, 'SelectStmt');
  if (select !== undefined) return selectStatement(walk, select, around);
  const insert = bodyOf(node, 'InsertStmt');
  if (insert !== undefined) return insertStatement(walk, insert, around);
  const update = bodyOf(node, 'UpdateStmt');
  if (update !== undefined) return updateStatement(walk, update, around);
  const remove = bodyOf(node, 'DeleteStmt');
  if (remove !== undefined) return deleteStatement(walk, remove, around);
  const merge = bodyOf(node, 'MergeStmt');
  if (merge !== undefined) return mergeStatement(walk, merge, around);
  walk.findings.unknowns.add(`${tagOf(node) ?? 'an empty node'} as a query is not understood`);
  return { columns: [], rest: NO_SOURCES };
}

export function selectStatement(walk: Walk, body: SelectStmt, around: Scope): Result {
  const ctes = withClause(walk, body.withClause, around);
  const scope = emptyScope(around, ctes);
  if (body.op !== undefined && body.op !== 'SETOP_NONE') return setOperation(walk, body, scope);
  if (body.valuesLists !== undefined) return values(walk, body, scope);
  if (body.intoClause !== undefined) {
    walk.findings.makesTable = true;
    noteMade(walk, body.intoClause.rel);
  }
  addFrom(walk, body.fromClause, scope);
  scope.windows = new Map(
    (body.windowClause ?? []).map((node) => [bodyOf(node, 'WindowDef')?.name ?? '', node]),
  );
  for (const node of body.windowClause ?? []) expression(walk, node, scope);
  const result = targetList(walk, body.targetList, scope);
  walk.findings.starLists.push({ select: body, items: scope.items });
  const filtered = { ...scope, clause: 'WHERE' };
  walk.findings.condition(expression(walk, body.whereClause, filtered));
  const within = new Set((body.fromClause ?? []).flatMap((node) => [...reachOf(node)]));
  noteLookups(walk, body.whereClause, within, filtered);
  walk.findings.condition(expression(walk, body.havingClause, filtered));
  const sorted = { ...scope, outputs: result.columns };
  for (const node of body.groupClause ?? []) walk.findings.condition(outputOr(walk, node, sorted));
  noteGrouping(walk, body, scope);
  distinct(walk, body, sorted, result);
  tail(walk, body, sorted);
  return result;
}

/** ORDER BY, LIMIT and locking: for single selects, VALUES and set operations. */
function tail(walk: Walk, body: SelectStmt, scope: Scope): void {
  for (const node of body.sortClause ?? []) {
    const sort = bodyOf(node, 'SortBy');
    if (sort?.useOp !== undefined) walk.names.operator(sort.useOp);
    walk.findings.condition(outputOr(walk, sort?.node ?? node, scope));
  }
  const limits = expressions(
    walk,
    [body.limitOffset, body.limitCount].filter((node) => node !== undefined),
    scope,
  );
  walk.findings.condition(limits);
  walk.findings.fail(limits);
  const locks = (body.lockingClause ?? []).map((node) => bodyOf(node, 'LockingClause')?.strength);
  // The others go together with FOR KEY SHARE, which a foreign key takes.
  if (locks.some((strength) => !LET_KEYS.has(strength ?? ''))) walk.findings.locksKeys = true;
}

const LET_KEYS: ReadonlySet<string> = new Set(['LCS_FORKEYSHARE', 'LCS_FORSHARE', 'LCS_FORNOKEYUPDATE']);

function noteGrouping(walk: Walk, body: SelectStmt, scope: Scope): void {
  const first = body.groupClause?.[0];
  const location = bodyOf(first, 'ColumnRef')?.location ?? bodyOf(first, 'A_Const')?.location;
  if (location === undefined || body.groupDistinct === true) return;
  // What was found wrong with them is noted already.
  const apart = { ...walk, findings: new Findings() };
  const columns = new Set<Column>();
  for (const node of body.groupClause ?? []) {
    const ref = groupedColumn(node, body.targetList ?? [], scope);
    if (ref === null) return;
    const column = lookUp(apart, ref, scope).columns?.[0]?.copyOf;
    if (column !== null && column !== undefined) columns.add(column);
  }
  const ranges = scope.items.flatMap((item) => item.ranges);
  walk.findings.groupings.push({
    select: body,
    location,
    columns,
    ranges: ranges.flatMap(({ alias, relation }) => (relation === null ? [] : [{ alias, relation }])),
  });
}

/** The column that an item of GROUP BY names: itself, by a position in the select list, or by an output column's name. */
function groupedColumn(node: Node, targets: readonly Node[], scope: Scope): ColumnRef | null {
  const position = bodyOf(node, 'A_Const')?.ival?.ival;
  if (position !== undefined) {
    const stars = targets.slice(0, position).some((target) => isStar(bodyOf(target, 'ResTarget')?.val));
    return stars ? null : (bodyOf(bodyOf(targets[position - 1], 'ResTarget')?.val, 'ColumnRef') ?? null);
  }
  const ref = bodyOf(node, 'ColumnRef');
  const name = ref?.fields?.length === 1 ? namesOf(ref.fields)[0] : null;
  if (ref === undefined || name === null || name === undefined || mayHaveColumn(scope, name))
    return ref ?? null;
  const named = targets
    .map((target) => bodyOf(target, 'ResTarget'))
    .filter((target) => target?.name === name);
  return bodyOf(named[0]?.val, 'ColumnRef') ?? ref;
}

function isStar(node: Node | undefined): boolean {
  return bodyOf(node, 'ColumnRef')?.fields?.some((field) => bodyOf(field, 'A_Star') !== undefined) === true;
}

function distinct(walk: Walk, body: SelectStmt, scope: Scope, result: Result): void {
  const clause = body.distinctClause;
  if (clause === undefined) return;
  const on = clause.filter((node) => Object.keys(node).length > 0);
  if (on.length === 0) walk.findings.condition(sourcesOf(result.columns, result.rest));
  for (const node of on) walk.findings.condition(outputOr(walk, node, scope));
}

/** An item of GROUP BY, ORDER BY or DISTINCT ON: a position or name of an output column, or an expression. */
function outputOr(walk: Walk, node: Node, scope: Scope): Sources {
  const position = bodyOf(node, 'A_Const')?.ival?.ival;
  if (position !== undefined) return scope.outputs[position - 1]?.sources ?? sourcesOf(scope.outputs, null);
  const fields = bodyOf(node, 'ColumnRef')?.fields;
  const name = fields?.length === 1 ? namesOf(fields)[0] : null;
  const outputs = scope.outputs.filter((column) => column.name === name);
  const fromOutputs = sourcesOf(outputs, null);
  if (name !== null && name !== undefined && outputs.length > 0 && !mayHaveColumn(scope, name)) {
    const ref = bodyOf(node, 'ColumnRef');
    if (ref !== undefined) walk.findings.visited.add(ref);
    return fromOutputs;
  }
  const grouping = bodyOf(node, 'GroupingSet');
  if (grouping !== undefined) {
    return union(...(grouping.content ?? []).map((inner) => outputOr(walk, inner, scope)));
  }
  return union(fromOutputs, expression(walk, node, scope));
}

/** The select list: `*` expanded, names given as the server gives them. */
export function targetList(walk: Walk, nodes: readonly Node[] | undefined, scope: Scope): Result {
  const columns: Visible[] = [];
  let rest: Sources | null = null;
  for (const node of nodes ?? []) {
    const target = bodyOf(node, 'ResTarget');
    const ref = bodyOf(target?.val, 'ColumnRef');
    if (target === undefined) {
      walk.findings.unknowns.add('an item of the select list is not understood');
      continue;
    }
    if (ref === undefined) {
      const sets = walk.findings.sets;
      // What gives rows is computed for their sake.
      const sources = walk.findings.whileFailing(
        () => expression(walk, target.val, scope),
        () => walk.findings.sets > sets,
      );
      const expands = bodyOf(bodyOf(target.val, 'A_Indirection')?.indirection?.at(-1), 'A_Star');
      const name = target.name ?? outputName(target.val, walk.findings.firstColumns);
      // What may have any name is like what may be any number of columns.
      if (expands !== undefined || name === null) rest = union(rest ?? NO_SOURCES, sources);
      else {
        const nullAsSources =
          walk.findings.isDefinition && isNullAsItsColumns(walk, target.val, sources, scope);
        columns.push({ ...visible(name, sources), nullAsSources });
      }
      continue;
    }
    const isStar = bodyOf(ref.fields?.at(-1), 'A_Star') !== undefined;
    const before = isStar ? new Map(walk.findings.starred) : null;
    const meaning = lookUp(walk, ref, scope);
    if (before !== null) noteListed(walk, before);
    if (isStar && meaning.columns === null) rest = union(rest ?? NO_SOURCES, meaning.sources);
    else if (isStar) columns.push(...(meaning.columns ?? []));
    else {
      const name = target.name ?? namesOf(ref.fields).at(-1) ?? '';
      columns.push(singleOutput(name, meaning.sources, meaning.columns));
    }
  }
  if (columns.length > MAX_COLUMNS) {
    walk.findings.unknowns.add(`a query has more than ${MAX_COLUMNS} columns`);
    return NO_RESULT;
  }
  // Positions after something that could not be expanded are unknown: then only names are.
  return { columns: columns.map((column) => ({ ...column, target: null })), rest };
}

/** What the last item took all columns of. */
function noteListed({ findings }: Walk, before: ReadonlyMap<Relation, number>): void {
  for (const [relation, times] of findings.starred) {
    const more = times - (before.get(relation) ?? 0);
    if (more > 0) findings.listed.set(relation, (findings.listed.get(relation) ?? 0) + more);
  }
}

function singleOutput(name: string, sources: Sources, columns: Visible[] | null): Visible {
  const only = columns?.length === 1 ? columns[0] : undefined;
  return { ...visible(name, sources, only?.copyOf ?? null), nullAsSources: only?.nullAsSources === true };
}

function values(walk: Walk, body: SelectStmt, scope: Scope): Result {
  const columns: Visible[] = [];
  for (const row of body.valuesLists ?? []) {
    const items = bodyOf(row, 'List')?.items ?? [];
    items.forEach((item, index) => {
      const sources = expression(walk, item, scope);
      columns[index] = visible(`column${index + 1}`, union(columns[index]?.sources ?? NO_SOURCES, sources));
    });
  }
  tail(walk, body, { ...scope, outputs: columns });
  return { columns, rest: null };
}

function setOperation(walk: Walk, body: SelectStmt, scope: Scope): Result {
  const left = body.larg === undefined ? NO_RESULT : selectStatement(walk, body.larg, scope);
  const right = body.rarg === undefined ? NO_RESULT : selectStatement(walk, body.rarg, scope);
  const result = combined(left, right);
  const keepsAll = body.all === true && body.op === 'SETOP_UNION';
  if (!keepsAll) walk.findings.condition(sourcesOf(result.columns, result.rest));
  tail(walk, body, { ...scope, outputs: result.columns });
  return result;
}

/** Column by column, names from the left; when either side isn't fully known every column may come from it. */
function combined(left: Result, right: Result): Result {
  const open = left.rest !== null || right.rest !== null;
  if (open) {
    const all = union(sourcesOf(left.columns, left.rest), sourcesOf(right.columns, right.rest));
    return { columns: left.columns.map((column) => visible(column.name, all)), rest: all };
  }
  const columns = left.columns.map((column, index) => {
    const other = right.columns[index];
    const sources = union(column.sources, other?.sources ?? NO_SOURCES);
    const same = other !== undefined && other.copyOf === column.copyOf;
    const nullAsSources = other !== undefined && isPlain(column) && isPlain(other);
    return { ...visible(column.name, sources, same ? column.copyOf : null), nullAsSources };
  });
  return { columns, rest: null };
}

/**
 * Names of WITH, each seen as the server does: without RECURSIVE by those that follow it, with RECURSIVE by
 * all. Every query of it is walked once even when nobody refers to it.
 */
export function withClause(walk: Walk, clause: WithClause | undefined, around: Scope): CteScope | null {
  let ctes = around.ctes;
  if (clause === undefined) return ctes;
  const entries: CteScope[] = [];
  const bodies = (clause.ctes ?? []).map((node) => bodyOf(node, 'CommonTableExpr'));
  if (bodies.includes(undefined)) walk.findings.unknowns.add('an item of WITH is not understood');
  const known = bodies.filter((body) => body !== undefined);
  if (clause.recursive === true) {
    const inner: { ctes: CteScope | null } = { ctes };
    for (const body of known) {
      const cte = {
        name: body.ctename ?? '',
        result: lazily(walk, body, around, () => inner.ctes),
        outer: inner.ctes,
      };
      inner.ctes = cte;
      entries.push(cte);
    }
    ctes = inner.ctes;
  } else {
    for (const body of known) {
      const before = ctes;
      const cte = {
        name: body.ctename ?? '',
        result: lazily(walk, body, around, () => before),
        outer: before,
      };
      ctes = cte;
      entries.push(cte);
    }
  }
  for (const cte of entries) cte.result();
  return ctes;
}

const MAX_ROUNDS = 50;

/** A CTE's result, computed when first asked for; a recursive one until nothing new flows round. */
function lazily(
  walk: Walk,
  body: CommonTableExpr,
  around: Scope,
  ctes: () => CteScope | null,
): () => Result | null {
  let done: Result | null = null;
  let current: Result | null = null;
  let running = false;
  let askedWhileRunning = false;
  let beginning = false;
  const once = (): Result => {
    const scope = { ...emptyScope(around, ctes()) };
    const result = query(walk, body.ctequery, scope);
    return withExtras(
      walk,
      body,
      { ...result, columns: renamed(result.columns, namesOf(body.aliascolnames)) },
      scope,
    );
  };
  return () => {
    if (done !== null) return done;
    if (running) {
      askedWhileRunning = true;
      if (current !== null) return current;
      if (beginning) {
        walk.findings.unknowns.add(`WITH ${body.ctename ?? ''} refers to itself where it begins`);
        return null;
      }
      beginning = true;
      const begun = firstArm(walk, body, around, ctes());
      beginning = false;
      return begun;
    }
    running = true;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const before = current;
      current = once();
      if (!askedWhileRunning || (before !== null && sameFlow(before, current))) break;
    }
    running = false;
    done = current;
    return done;
  };
}

/** What a recursive query's own name means in the first round: its non-recursive term. */
function firstArm(walk: Walk, body: CommonTableExpr, around: Scope, ctes: CteScope | null): Result | null {
  const select = bodyOf(body.ctequery, 'SelectStmt');
  if (select?.larg === undefined) return null;
  const inner = withClause(walk, select.withClause, emptyScope(around, ctes));
  const result = selectStatement(walk, select.larg, emptyScope(around, inner));
  const columns = renamed(result.columns, namesOf(body.aliascolnames));
  return withExtras(walk, body, { ...result, columns }, emptyScope(around, ctes));
}

function sameFlow(left: Result, right: Result): boolean {
  const sizes = (result: Result) => [
    ...result.columns.map((column) => column.sources.size),
    result.rest?.size,
  ];
  return JSON.stringify(sizes(left)) === JSON.stringify(sizes(right));
}

/** What CYCLE compares: rows end where they repeat. */
function compared({ columns, rest }: Result, names: readonly (string | null)[]): Sources {
  return sourcesOf(
    columns.filter(({ name }) => names.includes(name)),
    rest,
  );
}

/** Columns that SEARCH and CYCLE add. */
function withExtras(walk: Walk, body: CommonTableExpr, result: Result, scope: Scope): Result {
  const all = sourcesOf(result.columns, result.rest);
  const extra: Visible[] = [];
  const search = body.search_clause?.search_seq_column;
  const cycle = body.cycle_clause;
  if (search !== undefined) extra.push(visible(search, all));
  if (cycle?.cycle_mark_column !== undefined) extra.push(visible(cycle.cycle_mark_column, all));
  if (cycle?.cycle_path_column !== undefined) extra.push(visible(cycle.cycle_path_column, all));
  if (cycle !== undefined) walk.findings.condition(compared(result, namesOf(cycle.cycle_col_list)));
  expressions(
    walk,
    [cycle?.cycle_mark_value, cycle?.cycle_mark_default].filter((node) => node !== undefined),
    scope,
  );
  return extra.length === 0 ? result : { ...result, columns: [...result.columns, ...extra] };
}
