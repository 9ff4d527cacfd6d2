import type { StatementKind } from '../../../../contract/facts.ts';
import { isSystemSchema, type Relation } from '../catalogue/catalogue.ts';
import type { Findings } from './findings.ts';
import type { Names } from './names.ts';
import { followingEvents, type WriteEvent } from './triggers.ts';
import { viewFlow } from './view.ts';

/** What a statement does with a relation. */
export type Doing = { relation: Relation; by: StatementKind; everyRow: boolean };
/** The same with a relation that it does not name, and the named one that leads there. */
export type Reached = Doing & { named: Relation };

/**
 * What a statement works on besides what it names: relations behind views, partitions and children with their
 * parents, and rows that a foreign key takes along. Relations of the server's own are left out.
 */
export function reachedThrough(names: Names, named: readonly Doing[]): Reached[] {
  const seen = new Set(named.map(keyOf));
  const reached: Reached[] = [];
  const add = (doing: Doing, from: Relation): Reached | null => {
    if (seen.has(keyOf(doing)) || isSystemSchema(doing.relation.schema)) return null;
    seen.add(keyOf(doing));
    const found = { ...doing, named: from };
    reached.push(found);
    return found;
  };
  const queue: Reached[] = named.map((doing) => ({ ...doing, named: doing.relation }));
  for (const from of queue) {
    for (const next of nextTo(names, from)) {
      const found = add(next, from.named);
      if (found !== null) queue.push(found);
    }
    // What is done to a partition is done to its parent, but not to the parent's other partitions.
    for (const parent of relationsOf(names, names.catalogue.ancestors(from.relation.oid))) {
      add({ ...from, relation: parent }, from.named);
    }
  }
  return reached;
}

/** The relations that a write to this view writes; none for what is no view. Spec: manual, "Updatable Views". */
export function writtenBehind(names: Names, relation: Relation): Relation[] {
  if (relation.kind !== 'v') return [];
  const { relations, columns } = viewFlow(names, relation);
  const [from] = relations;
  const shown = columns.flatMap(({ copyOf }) => copyOf?.relation ?? []);
  const written = new Set([...(from === undefined ? [] : [from]), ...shown]);
  return [...written].flatMap((base) => [base, ...writtenBehind(names, base)]);
}

/**
 * Relations at both ends of the foreign keys of what a write reaches: those that it refers to, those that refer to it,
 * and so on where a key takes their rows along. An error of a row that is taken along shows that row.
 */
export function keyedWith(names: Names, relation: Relation): ReadonlySet<Relation> {
  const { catalogue } = names;
  const written = new Set([relation, ...writtenBehind(names, relation)]);
  const keyed = new Set<Relation>();
  for (const from of written) {
    keyed.add(from);
    for (const child of relationsOf(names, catalogue.descendants(from.oid))) written.add(child);
    const referenced = catalogue.constraintsOn(from.oid).map((key) => key.referenced);
    for (const other of relationsOf(names, referenced)) keyed.add(other);
    for (const key of catalogue.constraintsReferencing(from.oid)) {
      for (const other of relationsOf(names, [key.relation])) {
        keyed.add(other);
        if (followingEvents(key, ['update', 'delete']).length > 0) written.add(other);
      }
    }
  }
  return keyed;
}

/** What data-changing statements write, and what they write behind views. */
export function allWrites(findings: Findings, names: Names): Doing[] {
  return findings.writes.flatMap((write) => [
    write,
    ...writtenBehind(names, write.relation).map((relation) => ({ ...write, relation })),
  ]);
}

function nextTo(names: Names, doing: Doing): Doing[] {
  const { catalogue } = names;
  const { relation, by } = doing;
  const children = relationsOf(names, catalogue.descendants(relation.oid));
  const taken = catalogue
    .constraintsReferencing(relation.oid)
    .flatMap((reference) =>
      relationsOf(names, [reference.relation]).flatMap((other) =>
        (isEvent(by) ? followingEvents(reference, [by]) : []).map(
          (event): Doing => ({ relation: other, by: event, everyRow: false }),
        ),
      ),
    );
  return [...behind(names, doing), ...children.map((child) => ({ ...doing, relation: child })), ...taken];
}

function relationsOf({ catalogue }: Names, oids: Iterable<number>): Relation[] {
  return [...oids].flatMap((oid) => catalogue.relationByOid(oid) ?? []);
}

function behind(names: Names, { relation, by, everyRow }: Doing): Doing[] {
  const writes = WRITING.has(by);
  if (relation.definition === null || !(writes || by === 'select')) return [];
  const written = writes ? writtenBehind(names, relation) : [];
  const read = viewFlow(names, relation).relations.filter((inner) => !written.includes(inner));
  return [
    ...written.map((inner) => ({ relation: inner, by, everyRow })),
    ...read.map((inner): Doing => ({ relation: inner, by: 'select', everyRow: false })),
  ];
}

const WRITING: ReadonlySet<StatementKind> = new Set(['insert', 'update', 'delete', 'merge', 'copyFrom']);

function isEvent(by: StatementKind): by is StatementKind & WriteEvent {
  return by === 'insert' || by === 'update' || by === 'delete' || by === 'truncate';
}

function keyOf({ relation, by, everyRow }: Doing): string {
  return `${relation.oid} ${by} ${everyRow}`;
}
