import type { Column, Constraint, Relation } from '../catalogue/catalogue.ts';
import { movesRows } from './moved.ts';
import { viewFlow } from './view.ts';
import type { Walk } from './walk.ts';

export type WriteEvent = 'insert' | 'update' | 'delete' | 'truncate';

/** Bits of pg_trigger.tgtype. */
const EVENT_BIT: Readonly<Record<WriteEvent, number>> = { insert: 4, delete: 8, update: 16, truncate: 32 };
const BUILT_IN_TRIGGERS = new Set(['suppress_redundant_updates_trigger', 'tsvector_update_trigger']);

/** Notes triggers and rules that a write would set off and that nobody has reviewed. */
export function noteWriteEffects(
  walk: Walk,
  relation: Relation,
  events: readonly WriteEvent[],
  seen: Set<string> = new Set(),
): void {
  const key = `${relation.oid} ${events.join(' ')}`;
  if (seen.has(key)) return;
  seen.add(key);
  const { catalogue } = walk.names;
  const bits = events.reduce((all, event) => all | EVENT_BIT[event], 0);
  for (const trigger of catalogue.triggersOn(relation.oid)) {
    if ((trigger.type & bits) === 0) continue;
    if (trigger.schema === 'pg_catalog' && BUILT_IN_TRIGGERS.has(trigger.function)) continue;
    const refusal = walk.names.refusal(trigger.schema, trigger.function, null);
    if (refusal === null) continue;
    walk.findings.unknowns.add(`trigger ${trigger.name} on ${relation.schema}.${relation.name}: ${refusal}`);
  }
  noteConditions(walk, relation, bits);
  if (events.includes('insert') || events.includes('update')) noteComputed(walk, relation);
  for (const rule of catalogue.rulesOn(relation.oid)) {
    walk.findings.unknowns.add(
      `rule ${rule.name} on ${relation.schema}.${relation.name} replaces or adds statements`,
    );
  }
  const kin = [...catalogue.descendants(relation.oid)].map((oid) => catalogue.relationByOid(oid));
  if (relation.kind === 'v') kin.push(...viewFlow(walk.names, relation).relations);
  for (const other of kin) if (other !== undefined) noteWriteEffects(walk, other, events, seen);
  noteKeyQueries(walk, relation);
  for (const reference of catalogue.constraintsReferencing(relation.oid)) {
    const other = catalogue.relationByOid(reference.relation);
    const follows = followingEvents(reference, events);
    if (other === undefined || follows.length === 0) continue;
    const isSet = ({ name }: Column) =>
      reference.columns.some((number) => other.byNumber.get(number)?.name === name);
    const moves = follows.includes('update') && movesRows(catalogue, other, isSet);
    noteWriteEffects(walk, other, moves ? [...follows, ...MOVING] : follows, seen);
  }
}

/** Notes what the server's own queries call that it asks of both ends of a relation's foreign keys. */
export function noteKeyQueries({ names }: Walk, { oid }: Relation): void {
  const { catalogue } = names;
  const ends = [
    ...catalogue.constraintsOn(oid).map(({ referenced }) => referenced),
    ...catalogue.constraintsReferencing(oid).map(({ relation }) => relation),
  ];
  for (const end of ends) {
    const other = catalogue.relationByOid(end);
    if (other !== undefined) names.noteKeyQuery(other);
  }
}

/** What becomes of a row that an UPDATE takes to another partition. */
export const MOVING: readonly WriteEvent[] = ['insert', 'delete'];

/** Notes what is computed of a relation, and of what is below it, whoever writes it or computes it anew. */
export function noteAttachedTo(walk: Walk, relation: Relation): void {
  const { catalogue } = walk.names;
  for (const oid of [relation.oid, ...catalogue.descendants(relation.oid)]) {
    const own = catalogue.relationByOid(oid);
    if (own === undefined) continue;
    noteAttached(walk, own);
    noteCompared(walk, own);
  }
}

/** Whether it is an index that was not made to its end. */
export function isUnfilled({ type, validated }: Constraint): boolean {
  return !validated && (type === 'u' || type === 'computed');
}

/** Notes indexes that were not made to their end where all are made anew: one asks rows that it hasn't asked yet. */
export function noteUnfilled({ names: { catalogue }, findings }: Walk, relation: Relation): void {
  for (const oid of [relation.oid, ...catalogue.descendants(relation.oid)]) {
    const own = catalogue.relationByOid(oid);
    if (own !== undefined && catalogue.constraintsOn(oid).some(isUnfilled)) findings.asksTwice.add(own);
  }
}

/** Notes what compares values of a relation's columns where nobody says how: as one is indexed, or statistics are made. */
export function noteCompared({ names }: Walk, { schema, name, columns }: Relation): void {
  for (const { typeOid } of columns) {
    for (const called of names.catalogue.comparisonsOf(typeOid))
      names.noteAttached(called, `an operator class of a type in ${schema}.${name}`);
  }
}

/** What is computed of a row that is written. */
function noteComputed(walk: Walk, relation: Relation): void {
  noteAttached(walk, relation);
  for (const { typeOid, name } of relation.columns) {
    const what = `${relation.schema}.${relation.name}.${name}`;
    walk.names.checksOf(typeOid, `a check of column ${what}`);
    walk.names.defaultOf(typeOid, `the default of the type of ${what}`);
  }
  const { catalogue } = walk.names;
  for (const oid of catalogue.ancestors(relation.oid)) {
    const parent = catalogue.relationByOid(oid);
    // That a row belongs into a partition is told by the key of what it is a partition of.
    if (parent !== undefined && catalogue.partitionKey(oid) !== null) noteAttached(walk, parent);
  }
}

function noteAttached(walk: Walk, { oid, schema, name }: Relation): void {
  const what = `a default, check, index, partition key or statistics of ${schema}.${name}`;
  for (const called of walk.names.catalogue.attachedTo(oid)) {
    if (called.events === 0) walk.names.noteAttached(called, what);
  }
  for (const { type } of walk.names.catalogue.typesAttachedTo(oid)) walk.names.checksOf(type, what);
}

/** Notes what conditions of triggers call before it is known whether the triggers are set off. */
function noteConditions(walk: Walk, { oid, schema, name }: Relation, bits: number): void {
  const what = `the condition of a trigger on ${schema}.${name}, or a key that refers to it`;
  for (const called of walk.names.catalogue.attachedTo(oid)) {
    if ((called.events & bits) !== 0) walk.names.noteAttached(called, what);
  }
}

/** What a foreign key does to the rows that refer to those written. One that only forbids sets off no trigger. */
export function followingEvents(
  { onDelete, onUpdate }: Constraint,
  events: readonly WriteEvent[],
): WriteEvent[] {
  const follows = new Set<WriteEvent>();
  const setsNull = (action: string) => action === 'n' || action === 'd';
  if (events.includes('truncate')) follows.add('truncate');
  if (events.includes('delete') && onDelete === 'c') follows.add('delete');
  if (events.includes('delete') && setsNull(onDelete)) follows.add('update');
  if (events.includes('update') && (onUpdate === 'c' || setsNull(onUpdate))) follows.add('update');
  return [...follows];
}
