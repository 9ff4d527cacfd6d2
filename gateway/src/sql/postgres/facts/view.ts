import type { FunctionRef } from '../../../../contract/facts.ts';
import type { Column, Relation } from '../catalogue/catalogue.ts';
import { parse } from '../parse/parser.ts';
import { misreadName } from './encoded-names.ts';
import { Findings } from './findings.ts';
import { keysTold, partingBelow } from './keys-told.ts';
import type { Names } from './names.ts';
import { query } from './query.ts';
import { emptyScope, type Visible } from './scope.ts';

/** Where a view's columns come from: one step down, in the columns of the relations that its query names. */
export type ViewFlow = {
  /** In the order of the view's columns. */
  columns: Visible[];
  /** Columns that decide which rows the view has, how many of each, or their order. */
  conditions: ReadonlySet<Column>;
  /** Those of them that its query names: not what the order or the place of its rows tells besides. */
  lookedAt: ReadonlySet<Column>;
  relations: Relation[];
  /** Columns by whose values something that is computed here, or behind it, may fail. */
  failing: ReadonlySet<Column>;
  /** Those of them by which reading the view may fail, whatever is read of it. */
  failingUnread: ReadonlySet<Column>;
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

/** The column of another relation that a view's column is as it is, and that is written with it. */
export function shownColumn(names: Names, { relation, name }: Column): Column | undefined {
  if (relation.kind !== 'v') return undefined;
  const at = relation.columns.findIndex((column) => column.name === name);
  return viewFlow(names, relation).columns[at]?.copyOf ?? undefined;
}

const NOT_DETERMINED = (view: Relation): ViewFlow => ({
  columns: [],
  conditions: new Set(),
  lookedAt: new Set(),
  relations: [],
  failing: new Set(),
  failingUnread: new Set(),
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
  const inner = view.temporary ? names.with(findings) : names.asServer(findings);
  const result = query({ names: inner, findings }, tree, emptyScope(null, null));
  if (result.rest !== null || result.columns.length !== view.columns.length) return NOT_DETERMINED(view);
  const relations = [...findings.references.values()].map((reference) => reference.relation);
  const lookedAt = new Set([...findings.conditions, ...findings.multiplying]);
  const flow: ViewFlow = {
    columns: result.columns,
    lookedAt,
    conditions: new Set([
      ...lookedAt,
      ...findings.sorted,
      ...keysTold(names.catalogue, findings),
      ...relations.flatMap((relation) => partingBelow(names.catalogue, relation)),
    ]),
    relations,
    ...failures(names, findings, relations),
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

/** A volatile function has the server compute whatever stands beside it. */
function failures(
  names: Names,
  findings: Findings,
  relations: readonly Relation[],
): Pick<ViewFlow, 'failing' | 'failingUnread'> {
  const behind = (within: Iterable<Relation>) =>
    [...within].flatMap((inner) => (inner.kind === 'v' ? [...viewFlow(names, inner).failing] : []));
  const failing = new Set([...findings.failing, ...behind(relations)]);
  const volatile = [...findings.functions.values()].some(({ volatility }) => volatility === 'volatile');
  const unread = new Set([...findings.failingWithin, ...behind(findings.readWithin)]);
  return { failing, failingUnread: volatile ? failing : unread };
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
  };
}
