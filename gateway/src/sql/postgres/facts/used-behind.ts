import type { ColumnRef, RelationRef, StatementKind, ThroughColumn } from '../../../../contract/facts.ts';
import type { Column, Relation } from '../catalogue/catalogue.ts';
import type { Sources } from './findings.ts';
import { generatedFlow } from './generated.ts';
import type { Names } from './names.ts';
import { type Doing, writtenBehind } from './reached.ts';
import { type ViewFlow, viewFlow } from './view.ts';

/** A column that is used without being named, and the named relation that leads there. */
export type UsedBehind = { column: Column; named: Relation; told: ThroughColumn };

/** How it comes to a column: by the values of a named one, or by the query of a view that looks at it. */
type Origin = { kind: 'shown'; as: Column } | { kind: 'lookedAt'; by: Relation };
type Step = { column: Column; origin: Origin; named: Relation; path: readonly Relation[] };
/** A relation whose rows are read, or that an INSERT writes. `outward` leads to the named one, which comes last. */
type Visit = { relation: Relation; inserts: boolean; outward: readonly Relation[] };

/**
 * Columns that a statement uses without naming them: what columns of views show, and views look at, at any depth; the
 * same column of parents and children; what a generated column is computed from. Masks go the same ways
 * (masks/effective.ts). Columns that are named are not among them.
 */
export function usedBehind(
  names: Names,
  columns: ReadonlySet<Column>,
  doings: readonly Doing[],
): UsedBehind[] {
  const ways = new Ways(names);
  for (const column of columns) {
    ways.follow({ column, origin: { kind: 'shown', as: column }, named: column.relation, path: [] });
  }
  for (const { relation, by } of doings) {
    const inserts = INSERTING.has(by);
    if (inserts || LOOKING.has(by)) ways.visit({ relation, inserts, outward: [] });
  }
  return [...ways.steps.values()]
    .filter(({ column }) => !columns.has(column))
    .map((step) => ({ column: step.column, named: step.named, told: toldOf(step) }));
}

const INSERTING: ReadonlySet<StatementKind> = new Set(['insert', 'copyFrom']);
const LOOKING: ReadonlySet<StatementKind> = new Set(['select', 'update', 'delete', 'merge']);
const NONE: ReadonlySet<Relation> = new Set();

/** Finds the ways from what is named, and keeps the first to each column. */
class Ways {
  readonly steps = new Map<Column, Step>();
  readonly #names: Names;
  readonly #followed = new Set<Column>();
  readonly #visited = new Set<string>();
  readonly #shown = new Map<Relation, ReadonlyMap<Column, Sources>>();
  readonly #relatives = new Map<Relation, { below: Relation[]; above: Relation[] }>();

  constructor(names: Names) {
    this.#names = names;
  }

  /** A column that is used, and whatever it leads to. */
  follow(first: Step): void {
    const queue = [first];
    for (const step of queue) {
      if (this.#followed.has(step.column)) continue;
      this.#followed.add(step.column);
      this.#keep(step);
      const { below, above } = this.#relativesOf(step.column.relation);
      const same = (relation: Relation) => relation.byName.get(step.column.name) ?? [];
      for (const source of this.#sourcesOf(step.column)) queue.push(further(step, source));
      for (const child of below.flatMap(same)) queue.push(further(step, child));
      // Of a partition's parent, but not what the parent has in other partitions.
      for (const parent of above.flatMap(same)) this.#keep(further(step, parent));
    }
  }

  /** What a view's own query looks at, whichever of its columns are used, and queries of views that it reads. */
  visit({ relation, inserts, outward }: Visit): void {
    const key = `${relation.oid} ${inserts}`;
    if (relation.definition === null || this.#visited.has(key)) return;
    this.#visited.add(key);
    const flow = viewFlow(this.#names, relation);
    const only = inserts ? onlyWritten(this.#names, relation, flow) : NONE;
    const named = outward.at(-1) ?? relation;
    for (const column of flow.lookedAt) {
      // A row that is inserted is none of those that the view picks from.
      if (only.has(column.relation)) continue;
      this.follow({ column, origin: { kind: 'lookedAt', by: relation }, named, path: outward });
    }
    for (const inner of flow.relations) {
      this.visit({ relation: inner, inserts: only.has(inner), outward: [relation, ...outward] });
    }
  }

  #keep(step: Step): void {
    if (!this.steps.has(step.column)) this.steps.set(step.column, step);
  }

  #sourcesOf(column: Column): Iterable<Column> {
    const { relation } = column;
    if (relation.definition !== null) {
      // What can't be followed may come from whatever the server says that the view has to do with.
      return this.#shownBy(relation).get(column) ?? this.#names.catalogue.columnsBehind(relation.oid);
    }
    if (!column.generated) return [];
    return generatedFlow(this.#names, column).sources ?? relation.columns;
  }

  #shownBy(view: Relation): ReadonlyMap<Column, Sources> {
    const known = this.#shown.get(view);
    if (known !== undefined) return known;
    const { columns } = viewFlow(this.#names, view);
    const shown = new Map(
      view.columns.flatMap((column, at): Array<[Column, Sources]> => {
        const flow = columns[at];
        return flow === undefined ? [] : [[column, flow.sources]];
      }),
    );
    this.#shown.set(view, shown);
    return shown;
  }

  #relativesOf(relation: Relation): { below: Relation[]; above: Relation[] } {
    const known = this.#relatives.get(relation);
    if (known !== undefined) return known;
    const { catalogue } = this.#names;
    const found = (oids: Iterable<number>) => [...oids].flatMap((oid) => catalogue.relationByOid(oid) ?? []);
    const relatives = {
      below: found(catalogue.descendants(relation.oid)),
      above: found(catalogue.ancestors(relation.oid)),
    };
    this.#relatives.set(relation, relatives);
    return relatives;
  }
}

/** Relations that an INSERT into a view writes, and that the view's query reads nowhere else. */
function onlyWritten(names: Names, view: Relation, { relations }: ViewFlow): ReadonlySet<Relation> {
  const once = (relation: Relation) => relations.filter((other) => other === relation).length === 1;
  return new Set(writtenBehind(names, view).filter(once));
}

function further(step: Step, column: Column): Step {
  const begins = step.origin.kind === 'shown' && step.origin.as === step.column;
  return { ...step, column, path: begins ? [] : [step.column.relation, ...step.path] };
}

function toldOf({ column, origin, path }: Step): ThroughColumn {
  const told = { column: column.name, path: path.map(relationRef) };
  return origin.kind === 'shown'
    ? { kind: 'shown', as: columnRef(origin.as), ...told }
    : { kind: 'lookedAt', by: relationRef(origin.by), ...told };
}

function relationRef({ schema, name }: Relation): RelationRef {
  return { schema, relation: name };
}

function columnRef({ relation, name }: Column): ColumnRef {
  return { ...relationRef(relation), column: name };
}
