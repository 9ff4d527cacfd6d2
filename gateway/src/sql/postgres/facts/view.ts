import type { FunctionRef } from '../../../../contract/facts.ts';
import { type Column, isSystemSchema, type Relation } from '../catalogue/catalogue.ts';
import { parse } from '../parse/parser.ts';
import { determinedBy } from './determined.ts';
import { misreadName } from './encoded-names.ts';
import { computesUnread } from './failing.ts';
import { Findings } from './findings.ts';
import { keysTold, partingBelow, referringColumns } from './keys-told.ts';
import type { Names } from './names.ts';
import { query } from './query.ts';
import { emptyScope, isPlain, type Visible } from './scope.ts';

/** Where a view's columns come from: one step down, in the columns of the relations that its query names. */
export type ViewFlow = {
  /** In the order of the view's columns. */
  columns: Visible[];
  /** Columns that decide which rows the view has, how many of each, or their order. */
  conditions: ReadonlySet<Column>;
  /** Those of them that its query names: not what the order or the place of its rows tells besides. */
  lookedAt: ReadonlySet<Column>;
  /** Columns that something is computed of which may raise an error, once it is filled. */
  failing: ReadonlySet<Column>;
  /** Those of which it is computed whatever is read of the view. */
  failingUnread: ReadonlySet<Column>;
  /** Those that it shows beside GROUP BY of a primary key. */
  determined: ReadonlySet<Column>;
  relations: Relation[];
  unknowns: ReadonlySet<string>;
  /** What it calls, sets and hides itself: not what views that it reads do. */
  functions: ReadonlyMap<string, FunctionRef>;
  settings: Findings['settings'];
  hidden: ReadonlySet<Column>;
  counting: ReadonlySet<Column>;
  writes: Findings['writes'];
  calledWrites: Findings['calledWrites'];
};

/** The lineage of a view or materialised view by its definition, checked against pg_depend. */
export function viewFlow(names: Names, view: Relation): ViewFlow {
  const key = `${view.oid} ${names.reviewedKey}`;
  const known = names.catalogue.derived.get(key);
  if (known !== undefined) return known as ViewFlow;
  // While it is computed a view that reaches itself finds this, and is refused.
  names.catalogue.derived.set(key, NOT_DETERMINED(view));
  const flow = compute(names, view);
  if (view.temporary) names.catalogue.derived.delete(key);
  else names.catalogue.derived.set(key, flow);
  return flow;
}

/** A view, and the views that its query reads, at any depth. Of a materialised one behind it the rows are kept. */
export function viewsBehind(names: Names, view: Relation): Relation[] {
  const views = new Set([view]);
  for (const own of views) {
    if (own.definition === null) continue;
    for (const inner of viewFlow(names, own).relations) if (inner.kind === 'v') views.add(inner);
  }
  return [...views].filter(({ definition }) => definition !== null);
}

/** The column of another relation that a view's column is as it is, and that is written with it. */
export function shownColumn(names: Names, column: Column): Column | undefined {
  return column.relation.kind === 'v' ? (copiedBy(names, column) ?? undefined) : undefined;
}

/** The column whose value a view's column is, unchanged, that of a materialised view too; null where it is computed. */
export function copiedBy(names: Names, { relation, name }: Column): Column | null {
  const at = relation.columns.findIndex((column) => column.name === name);
  return viewFlow(names, relation).columns[at]?.copyOf ?? null;
}

const NOT_DETERMINED = (view: Relation): ViewFlow => ({
  columns: [],
  conditions: new Set(),
  lookedAt: new Set(),
  failing: new Set(),
  failingUnread: new Set(),
  determined: new Set(),
  relations: [],
  unknowns: new Set([`where the columns of view ${view.schema}.${view.name} come from can't be determined`]),
  functions: new Map(),
  settings: [],
  hidden: new Set(),
  counting: new Set(),
  writes: [],
  calledWrites: [],
});

function compute(names: Names, view: Relation): ViewFlow {
  const parsed = parse(view.definition ?? '');
  const tree = parsed.kind === 'parsed' ? parsed.statements[0]?.tree : undefined;
  const misread = misreadName(names.catalogue, view.definition ?? '');
  if (tree === undefined || misread !== null) return NOT_DETERMINED(view);
  const findings = new Findings();
  findings.isDefinition = true;
  const inner = view.temporary ? names.with(findings) : names.asServer(findings);
  const result = query({ names: inner, findings }, tree, emptyScope(null, null));
  if (result.rest !== null || result.columns.length !== view.columns.length) return NOT_DETERMINED(view);
  const relations = [...findings.references.values()].map((reference) => reference.relation);
  const lookedAt = new Set([...findings.conditions, ...findings.multiplying]);
  // What may fail in a WITH that calls something volatile is never folded.
  const isVolatile = [...findings.functions.values()].some(({ volatility }) => volatility === 'volatile');
  const behind = [...findings.seen].filter((column) => mayRaise(names, column));
  const failing = new Set([...findings.failing, ...(findings.onlyOne ? lookedAt : []), ...behind]);
  const isUnread = isVolatile || computesUnread(tree);
  const takesBehind = isUnread || findings.sets > 0 || findings.sorted.size > 0;
  const flow: ViewFlow = {
    columns: result.columns,
    lookedAt,
    failing,
    failingUnread: new Set([
      ...(isUnread ? findings.failing : findings.failingUnread),
      ...(takesBehind ? behind : []),
    ]),
    conditions: new Set([
      ...lookedAt,
      ...findings.sorted,
      ...(findings.locksKeys ? relations.flatMap((own) => referringColumns(names.catalogue, own)) : []),
      ...keysTold(names.catalogue, findings),
      ...relations.flatMap((relation) => partingBelow(names.catalogue, relation)),
    ]),
    determined: new Set(
      findings.groupings
        .flatMap((grouping) => determinedBy(grouping, findings, names.catalogue))
        .flatMap(({ columns }) => columns),
    ),
    relations,
    unknowns: new Set(
      [...findings.unknowns, ...findings.opaque].map((why) => `view ${view.schema}.${view.name}: ${why}`),
    ),
    functions: findings.functions,
    settings: findings.settings,
    hidden: findings.hidden,
    counting: findings.counting,
    writes: findings.writes,
    calledWrites: findings.calledWrites,
  };
  return witnessed(names, view, flow, findings.seen);
}

/** Whether a view's column is computed in a way that may raise an error, at any depth. */
function mayRaise(names: Names, { relation, name }: Column): boolean {
  if (relation.kind !== 'v' || isSystemSchema(relation.schema)) return false;
  const shown = viewFlow(names, relation).columns[relation.columns.findIndex((own) => own.name === name)];
  if (shown === undefined) return true;
  return shown.copyOf === null ? !isPlain(shown) : mayRaise(names, shown.copyOf);
}

/** The server's own list of columns that the query refers to must not name one that we did not find. */
function witnessed(names: Names, view: Relation, flow: ViewFlow, found: ReadonlySet<Column>): ViewFlow {
  const missed = names.catalogue.columnsBehind(view.oid).filter((column) => !found.has(column));
  if (missed.length === 0) return flow;
  // Referred to in a place that we don't follow: it may decide anything about the rows.
  return {
    ...flow,
    conditions: new Set([...flow.conditions, ...missed]),
    lookedAt: new Set([...flow.lookedAt, ...missed]),
    failing: new Set([...flow.failing, ...missed]),
  };
}
