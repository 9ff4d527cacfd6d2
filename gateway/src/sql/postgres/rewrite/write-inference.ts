import { type Column, type Constraint, columnsOf, type Relation } from '../catalogue/catalogue.ts';
import { byName, movesRows } from '../facts/moved.ts';
import { writtenBehind } from '../facts/reached.ts';
import type { Examined } from '../facts/statement.ts';
import { type EffectiveMasks, spoken } from '../masks/effective.ts';
import { isComputed, isReached, maskedStored } from './keys.ts';
import type { Refusal } from './refusals.ts';
import { cascade, comparison, isAskedAnew } from './telling-updates.ts';

/** Writes, through views as well, whose success or failure would answer a question about masked values. */
export function inference(
  examined: Examined,
  masks: EffectiveMasks,
  telling: ReadonlySet<Column>,
): Refusal | null {
  for (const { relation, role } of examined.findings.references.values()) {
    if (role !== 'target') continue;
    for (const own of [relation, ...writtenBehind(examined.names, relation)]) {
      const write = writeOf(examined, relation, own, masks);
      const why =
        rowsCompared(write) ??
        constraintsAsked(write, telling) ??
        nullsRefused(write) ??
        referrersCompared(write);
      if (why !== null) return refusalBecause(why);
    }
  }
  return null;
}

const UNIQUE = 'a unique key would tell whether a value exists in';

const refusalBecause = (why: string): Refusal => ({
  why: `Refused, because ${why}, which is masked for you.`,
  next: why.startsWith(UNIQUE)
    ? 'Leave that column out where no default fills it, or ask the owner of the rule for `lookup: exact`, under which values may be tried.'
    : 'Leave that column as it is, or ask for the mask to be lifted.',
});

/** A write of a relation: the one that a statement names, or one behind that. */
type Write = Pick<Examined, 'findings' | 'names'> & {
  masks: EffectiveMasks;
  /** What the statement names. */
  target: Relation;
  relation: Relation;
  /** The relation with its partitions or children, where rows land as well. */
  owners: readonly Relation[];
  inserts: boolean;
  /** Whether rows that are there are changed or removed. */
  updates: boolean;
  removed: boolean;
  /** Whether rows may go to another partition. */
  moved: boolean;
  /** Whether an UPDATE gives a column of rows that are there a value. */
  isWritten(column: Column): boolean;
  isMasked(column: Column): boolean;
};

function writeOf(
  { findings, names }: Examined,
  target: Relation,
  relation: Relation,
  masks: EffectiveMasks,
): Write {
  const { catalogue } = names;
  const below = [...catalogue.descendants(relation.oid)].map((oid) => catalogue.relationByOid(oid));
  const isInsert = ({ by }: (typeof findings.writes)[number]) => by === 'insert' || by === 'copyFrom';
  const own = findings.writes.filter((write) => write.relation === target);
  const updates = own.some((write) => !isInsert(write));
  // What ON CONFLICT's INSERT gives is no change of the row that is there.
  const updated = findings.updates.filter((update) => update.relation === target);
  const isGiven = byName(relation, (column) => updated.some(({ columns }) => columns.has(column)));
  return {
    findings,
    names,
    masks,
    target,
    relation,
    owners: [relation, ...below].filter((owner) => owner !== undefined),
    inserts: own.some((write) => isInsert(write) || write.by === 'merge'),
    updates,
    removed: findings.deletedFrom.has(target),
    moved: updates && movesRows(catalogue, relation, isGiven),
    isWritten: (column) => isComputed(isGiven, names, column),
    isMasked: (column) => masks.maskOf(column) !== null,
  };
}

/** What an update, or the removal of a row, compares with what was there, and what follows from it. */
function rowsCompared({ names, masks, owners, updates, removed, moved, isWritten }: Write): string | null {
  if (!updates) return null;
  for (const owner of owners) {
    const written = owner.columns.filter(isWritten).map(({ number }) => number);
    const why =
      comparison(owner, names.catalogue, masks, isWritten, { removed, moved }) ??
      cascade({ relation: owner, removed: removed || moved, written }, names, masks);
    if (why !== null) return why;
  }
  return null;
}

function constraintsAsked(write: Write, telling: ReadonlySet<Column>): string | null {
  for (const owner of write.owners) {
    for (const constraint of write.names.catalogue.constraintsOn(owner.oid)) {
      const key = keyOf(write, owner, constraint);
      const why =
        asksUnique(write, key, telling) ??
        asksAlone(write, key) ??
        computesWithStored(write, key) ??
        asksReferenced(write, key);
      if (why !== null) return why;
    }
  }
  return null;
}

/** A constraint on rows that are written. */
type Key = {
  owner: Relation;
  constraint: Constraint;
  columns: readonly Column[];
  /** Whether it is asked again of rows that are there, whatever is written in them. */
  anew: boolean;
  /** Whether values that are written come to it. */
  reached: boolean;
};

function keyOf(write: Write, owner: Relation, constraint: Constraint): Key {
  const { findings, names, relation, updates, moved } = write;
  const columns = columnsOf(owner, constraint.columns);
  const anew = updates && isAskedAnew(constraint, moved && owner !== relation);
  const reached = anew || columns.some((column) => isReached(findings, names, relation, column));
  return { owner, constraint, columns, anew, reached };
}

function asksUnique(
  { relation, masks, inserts, isMasked }: Write,
  { constraint, columns, reached }: Key,
  telling: ReadonlySet<Column>,
): string | null {
  // What is left out is NULL: where one NULL equals another that tells whether there is one.
  const isAsked = reached || (inserts && constraint.plain && !constraint.nullsDistinct);
  if (constraint.type !== 'u' || !isAsked) return null;
  const isTold = (column: Column) => {
    const same = relation.byName.get(column.name);
    return constraint.plain && same !== undefined && telling.has(same) && masks.allowsLookup(column);
  };
  const masked = columns.find((column) => isMasked(column) && !isTold(column));
  return masked === undefined ? null : `${UNIQUE} ${spoken(masked)}`;
}

function asksAlone(
  { relation, masks, updates, isWritten }: Write,
  { owner, constraint, columns, anew, reached }: Key,
): string | null {
  const parted = owner === relation ? null : partedAlone(owner, constraint, masks);
  const isAsked = (updates && (anew || columns.some(isWritten))) || (constraint.type === 'u' && reached);
  return parted !== null && isAsked
    ? `a constraint that only ${owner.schema}.${owner.name} has would tell which rows are there, and so of ${spoken(parted)}`
    : null;
}

function computesWithStored(
  { findings, names, target, relation, isMasked }: Write,
  { constraint, columns, anew }: Key,
): string | null {
  for (const update of findings.updates) {
    if (update.relation !== target) continue;
    const isSet = byName(relation, (column) => update.columns.has(column));
    if (!anew && !columns.some((column) => isComputed(isSet, names, column))) continue;
    const [stored] = columns.flatMap((column) => maskedStored(isSet, isMasked, names, column) ?? []);
    if (stored === undefined) continue;
    return constraint.type === 'computed'
      ? `a generated column, index or partition would be computed with ${spoken(stored)}`
      : `a constraint would compare with ${spoken(stored)}`;
  }
  return null;
}

function asksReferenced({ names, masks, isMasked }: Write, { constraint, reached }: Key): string | null {
  if (!reached) return null;
  const referenced = names.catalogue.relationByOid(constraint.referenced);
  const asked =
    columnsOf(referenced, constraint.referencedColumns).find(isMasked) ??
    partedAlone(referenced, constraint, masks);
  return asked === null ? null : existsIn(asked);
}

const existsIn = (column: Column) => `a foreign key would tell whether a value exists in ${spoken(column)}`;

function nullsRefused({ masks, relation, owners, updates, isWritten }: Write): string | null {
  if (!updates) return null;
  const isNeeded = ({ name, notNull }: Column) => notNull && relation.byName.get(name)?.notNull === false;
  for (const owner of owners) {
    const parted = owner === relation ? null : masks.partedBy(owner);
    if (parted === null || !owner.columns.some((own) => isNeeded(own) && isWritten(own))) continue;
    return `a NOT NULL that only ${owner.schema}.${owner.name} has would tell which rows are there, and so of ${spoken(parted)}`;
  }
  return null;
}

/** Foreign keys that refer to rows whose key is changed, or that go. */
function referrersCompared(write: Write): string | null {
  const { names, masks, relation, owners, updates, removed, isWritten, isMasked } = write;
  if (!updates) return null;
  for (const owner of owners) {
    const isAlone = owner !== relation;
    for (const constraint of names.catalogue.constraintsReferencing(owner.oid)) {
      if (isAlone && constraint.inherited) continue;
      const referenced = columnsOf(owner, constraint.referencedColumns);
      if (!removed && !referenced.some(isWritten)) continue;
      const own = referenced.find(isMasked) ?? (isAlone ? partedAlone(owner, constraint, masks) : null);
      if (own !== null) return `a foreign key would compare with ${spoken(own)}`;
      const other = names.catalogue.relationByOid(constraint.relation);
      const theirs =
        columnsOf(other, constraint.columns).find(isMasked) ?? partedAlone(other, constraint, masks);
      if (theirs !== null) return existsIn(theirs);
    }
  }
  return null;
}

/** The masked key that says which rows are in a partition, when that has a constraint and those beside it have not. */
function partedAlone(
  owner: Relation | undefined,
  { inherited }: Constraint,
  masks: EffectiveMasks,
): Column | null {
  return owner === undefined || inherited ? null : masks.partedBy(owner);
}
