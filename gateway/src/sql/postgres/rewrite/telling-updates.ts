import { type Column, type Constraint, columnsOf, type Relation } from '../catalogue/catalogue.ts';
import { isFilledAnew } from '../facts/filled-anew.ts';
import { movesRows } from '../facts/moved.ts';
import type { Names } from '../facts/names.ts';
import type { Examined } from '../facts/statement.ts';
import { followingEvents } from '../facts/triggers.ts';
import { type EffectiveMasks, spoken } from '../masks/effective.ts';
import { isComputed } from './keys.ts';

type CatalogueView = Examined['names']['catalogue'];

const REDUNDANT = 'suppress_redundant_updates_trigger';
/** pg_constraint.confdeltype and confupdtype. */
const SETS_DEFAULT = 'd';
/** Bits of pg_trigger.tgtype. */
const INSERT = 4;
const DELETE = 8;
const UPDATE = 16;

/** What becomes of rows besides their being written: they go, or an UPDATE takes them to another partition. */
export type Leaving = { removed: boolean; moved: boolean };

/**
 * Why a DELETE or an UPDATE of these columns would tell by what follows whether a masked one had another value before; null when
 * it wouldn't. A foreign key is asked, and its row locked, only for a value that is another one; a trigger may compare.
 */
export function comparison(
  relation: Relation,
  catalogue: CatalogueView,
  masks: EffectiveMasks,
  isWritten: (column: Column) => boolean,
  { removed, moved }: Leaving,
): string | null {
  const isMasked = (column: Column) => masks.maskOf(column) !== null;
  for (const { type, columns } of catalogue.constraintsOn(relation.oid)) {
    const own = type === 'f' ? columnsOf(relation, columns) : [];
    const masked = own.find(isMasked);
    if (masked !== undefined && own.some(isWritten))
      return `a foreign key is asked only where a value is another than it was, which tells of ${spoken(masked)}`;
  }
  for (const trigger of catalogue.triggersOn(relation.oid)) {
    const events =
      (removed ? DELETE : 0) |
      (moved ? INSERT | DELETE : 0) |
      (relation.columns.some(isWritten) ? UPDATE : 0);
    if ((trigger.type & events) === 0) continue;
    const compared = [
      ...columnsOf(relation, trigger.compared),
      ...(trigger.function === REDUNDANT ? relation.columns.filter(isWritten) : []),
    ];
    const masked = compared.find(isMasked);
    if (masked !== undefined)
      return `trigger ${trigger.name} of ${relation.schema}.${relation.name} compares ${spoken(masked)}`;
  }
  return null;
}

/** What happens to the rows of a relation because of a key: they go, or these columns of theirs are written. */
type Taken = { relation: Relation; removed: boolean; written: readonly number[] };

/** A foreign key that is asked because of a write, the relation that it is of, and what it does to rows there. */
type Step = { key: Constraint; other: Relation; taken: Taken[] };

/** Which foreign keys a write has asked at their other end, of rows that others of them take along as well. */
export function stepsAlong(first: Taken, names: Names): Step[] {
  const { catalogue } = names;
  const seen = new Set<string>();
  const steps: Step[] = [];
  const queue = [first];
  for (const { relation, removed, written } of queue) {
    for (const key of catalogue.constraintsReferencing(relation.oid)) {
      const other = catalogue.relationByOid(key.relation);
      const moved = key.referencedColumns.some((number) => written.includes(number));
      if (other === undefined || !(removed || moved)) continue;
      const next = taken(key, other, removed, moved, names).filter((one) => {
        const known = `${one.relation.oid} ${one.removed} ${one.written}`;
        return !seen.has(known) && seen.add(known);
      });
      steps.push({ key, other, taken: next });
      queue.push(...next);
    }
  }
  return steps;
}

/**
 * Why what foreign keys do to rows that refer to those written would tell of a masked value; null when it wouldn't.
 * `first` is what the statement itself does; what it tells there is asked elsewhere.
 */
export function cascade(first: Taken, names: Names, masks: EffectiveMasks): string | null {
  for (const step of stepsAlong(first, names)) {
    const { key, other, taken: rows } = step;
    const asked = columnsOf(other, key.columns).find((column) => masks.maskOf(column) !== null);
    if (asked !== undefined) return `a foreign key would tell whether a value exists in ${spoken(asked)}`;
    const filled = filledAnew(step, names, masks);
    if (filled !== null) return filled;
    for (const next of rows) {
      const why = next.removed ? takenAway(next, names, masks) : takenUpdate(next, names, masks);
      if (why !== null) return why;
    }
  }
  return null;
}

/** SET DEFAULT fills rows in the order of their partitions, and what is another value each time numbers them so. */
function filledAnew({ key, other, taken: rows }: Step, names: Names, masks: EffectiveMasks): string | null {
  if (key.onDelete !== SETS_DEFAULT && key.onUpdate !== SETS_DEFAULT) return null;
  const parting = rows.some(({ removed }) => !removed) ? masks.partsBelow(other) : null;
  if (parting === null) return null;
  const filled = columnsOf(other, key.columns).find((column) => isFilledAnew(names, column));
  return filled === undefined
    ? null
    : `a foreign key would fill ${spoken(filled)} with another value in each row, partition by partition, which tells of ${spoken(parting)}`;
}

/** What a key does to rows that refer to one that is removed or moved; their partitions are taken with them. */
function taken(key: Constraint, other: Relation, removed: boolean, moved: boolean, names: Names): Taken[] {
  const { catalogue } = names;
  const events = followingEvents(key, [
    ...(removed ? (['delete'] as const) : []),
    ...(moved ? (['update'] as const) : []),
  ]);
  const family = [other, ...[...catalogue.descendants(other.oid)].map((oid) => catalogue.relationByOid(oid))];
  return family.flatMap((relation) => {
    if (relation === undefined) return [];
    const keyed = new Set(columnsOf(other, key.columns).map(({ name }) => name));
    const isGiven = ({ name }: Column) => keyed.has(name);
    const own = relation.columns.filter((column) => isComputed(isGiven, names, column));
    return events.map((event) => ({
      relation,
      removed: event === 'delete',
      written: own.map(({ number }) => number),
    }));
  });
}

function takenAway({ relation }: Taken, { catalogue }: Names, masks: EffectiveMasks): string | null {
  return comparison(relation, catalogue, masks, () => false, { removed: true, moved: false });
}

function takenUpdate(
  { relation, written }: Taken,
  { catalogue }: Names,
  masks: EffectiveMasks,
): string | null {
  const isWritten = (column: Column) => written.includes(column.number);
  const moved = [relation.oid, ...catalogue.ancestors(relation.oid)].some((oid) => {
    const above = catalogue.relationByOid(oid);
    const isSet = ({ name }: Column) =>
      relation.columns.some((column) => column.name === name && isWritten(column));
    return above !== undefined && movesRows(catalogue, above, isSet);
  });
  for (const constraint of catalogue.constraintsOn(relation.oid)) {
    const { columns, referenced, referencedColumns } = constraint;
    const own = columnsOf(relation, columns);
    if (!own.some(isWritten) && !isAskedAnew(constraint, moved)) continue;
    const to = catalogue.relationByOid(referenced);
    const compared = [...own, ...(to === undefined ? [] : columnsOf(to, referencedColumns))];
    const masked = compared.find((column) => masks.maskOf(column) !== null);
    if (masked !== undefined)
      return `a foreign key would write ${relation.schema}.${relation.name}, where a key or check compares with ${spoken(masked)}`;
  }
  return comparison(relation, catalogue, masks, isWritten, { removed: false, moved });
}

/**
 * Whether an UPDATE that writes no column of a constraint has it asked all the same: one that rows may not meet already
 * (a foreign key too, of a row that the transaction has written before: RI_FKey_fk_upd_check_required in the server's
 * ri_triggers.c), and where a row comes to another partition those of its own, and every foreign key, which locks what it finds.
 */
export function isAskedAnew({ type, validated, inherited }: Constraint, moved: boolean): boolean {
  return !validated || (moved && (type === 'f' || !inherited));
}
