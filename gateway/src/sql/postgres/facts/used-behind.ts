import type { RelationRef, StatementKind, ThroughColumns, ThroughRef } from '../../../../contract/facts.ts';
import type { Column, Relation } from '../catalogue/catalogue.ts';
import { triggerSources } from './filled-by-trigger.ts';
import type { Sources } from './findings.ts';
import { generatedFlow } from './generated.ts';
import type { Names } from './names.ts';
import { type Doing, writtenBehind } from './reached.ts';
import { type ViewFlow, viewFlow } from './view.ts';

/**
 * Columns of one relation that are used without being named, and a named relation that leads there. `isLike`: all ways come by
 * this one, which it is a partition, child or parent of, so that columns of the same names are used of both.
 */
export type UsedBehind = { named: Relation; ways: UsedWay[]; isLike: Relation | null };
/** Columns that are used by one way: `ThroughColumns`, before it is told. */
type UsedWay = Pick<ThroughColumns, 'columns'> & { by: Relation; path: readonly Relation[] };

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
): ReadonlyMap<Relation, UsedBehind> {
  const ways = new Ways(names);
  for (const column of columns) {
    ways.follow({ column, origin: { kind: 'shown', as: column }, named: column.relation, path: NO_PATH });
  }
  for (const { relation, by } of doings) {
    const inserts = INSERTING.has(by);
    if (inserts || LOOKING.has(by)) ways.visit({ relation, inserts, outward: [] });
  }
  const used = gathered(ways.steps.values(), columns);
  for (const [relation, found] of used) found.isLike = ways.likeness(relation, found);
  return used;
}

/** Steps to the columns of each relation, those together that go the same way. */
function gathered(steps: Iterable<Step>, named: ReadonlySet<Column>): ReadonlyMap<Relation, UsedBehind> {
  const used = new Map<Relation, UsedBehind>();
  for (const { column, origin, named: from, path } of steps) {
    if (named.has(column)) continue;
    const by = origin.kind === 'shown' ? origin.as.relation : origin.by;
    const found = used.get(column.relation) ?? { named: from, ways: [], isLike: null };
    if (found.ways.length === 0) used.set(column.relation, found);
    let way = found.ways.find((other) => other.by === by && isSamePath(other.path, path));
    if (way === undefined) {
      way = { by, path, columns: [] };
      found.ways.push(way);
    }
    way.columns.push({ column: column.name, as: origin.kind === 'shown' ? origin.as.name : null });
  }
  return used;
}

function isSamePath(one: readonly Relation[], other: readonly Relation[]): boolean {
  return (
    one === other || (one.length === other.length && one.every((relation, at) => relation === other[at]))
  );
}

const INSERTING: ReadonlySet<StatementKind> = new Set(['insert', 'copyFrom']);
const LOOKING: ReadonlySet<StatementKind> = new Set(['select', 'update', 'delete', 'merge']);
const NONE: ReadonlySet<Relation> = new Set();
const NO_PATH: readonly Relation[] = [];

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
      const { column } = step;
      if (this.#followed.has(column)) continue;
      this.#followed.add(column);
      if (!this.steps.has(column)) this.steps.set(column, step);
      for (const source of this.#sourcesOf(column)) queue.push(further(step, source));
      const { below, above } = this.#relativesOf(column.relation);
      for (const child of below) {
        const same = child.byName.get(column.name);
        if (same !== undefined && !this.#followed.has(same)) queue.push(further(step, same));
      }
      // Of a partition's parent, but not what the parent has in other partitions.
      for (const parent of above) {
        const same = parent.byName.get(column.name);
        if (same !== undefined && !this.steps.has(same)) this.steps.set(same, further(step, same));
      }
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

  /** The relative by which all ways to a relation come; null where there is no such one. */
  likeness(relation: Relation, { ways }: UsedBehind): Relation | null {
    const [first, ...others] = new Set(ways.map(({ by, path }) => path[0] ?? by));
    if (first === undefined || others.length > 0) return null;
    const { below, above } = this.#relativesOf(first);
    return below.includes(relation) || above.includes(relation) ? first : null;
  }

  #sourcesOf(column: Column): Iterable<Column> {
    const { relation } = column;
    if (relation.definition !== null) {
      // What can't be followed may come from whatever the server says that the view has to do with.
      return this.#shownBy(relation).get(column) ?? this.#names.catalogue.columnsBehind(relation.oid);
    }
    if (!column.generated) return triggerSources(this.#names.catalogue, column) ?? [];
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

function further({ column: from, origin, named, path }: Step, column: Column): Step {
  const begins = origin.kind === 'shown' && origin.as === from;
  return { column, origin, named, path: begins ? path : [from.relation, ...path] };
}

/** As facts tell it. */
export function throughColumns({ ways, isLike }: UsedBehind): ThroughRef['columns'] {
  if (isLike !== null) return { sameAs: relationRef(isLike) };
  return ways.map(({ by, path, columns }) => ({ by: relationRef(by), path: path.map(relationRef), columns }));
}

function relationRef({ schema, name }: Relation): RelationRef {
  return { schema, relation: name };
}
