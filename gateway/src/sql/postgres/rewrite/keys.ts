import type { Column, Constraint, Relation } from '../catalogue/catalogue.ts';
import type { AskedKeys } from '../facts/altered-keys.ts';
import { triggerSources } from '../facts/filled-by-trigger.ts';
import type { Findings } from '../facts/findings.ts';
import { generatedFlow } from '../facts/generated.ts';
import { byName, type IsGiven } from '../facts/moved.ts';
import type { Names } from '../facts/names.ts';

/** The columns at the other end of each foreign key that an ALTER TABLE asks; its partitions and children have theirs. */
export function askedEnds({ catalogue }: Names, { relation, columns, own, referring }: AskedKeys): Column[] {
  const family = [relation.oid, ...catalogue.descendants(relation.oid)].flatMap(
    (oid) => catalogue.relationByOid(oid) ?? [],
  );
  const names = columns === null ? null : new Set(columns.map(({ name }) => name));
  const isOf = (owner: Relation, numbers: readonly number[]) =>
    names === null || numbers.some((number) => names.has(owner.byNumber.get(number)?.name ?? ''));
  const end = (oid: number, numbers: readonly number[]) =>
    numbers.flatMap((number) => catalogue.relationByOid(oid)?.byNumber.get(number) ?? []);
  const isKey = ({ type }: Constraint) => type === 'f';
  return family.flatMap((owner) => [
    ...(own ? catalogue.constraintsOn(owner.oid) : [])
      .filter((key) => isKey(key) && isOf(owner, key.columns))
      .flatMap((key) => end(key.referenced, key.referencedColumns)),
    ...(referring ? catalogue.constraintsReferencing(owner.oid) : [])
      .filter((key) => isOf(owner, key.referencedColumns))
      .flatMap((key) => end(key.relation, key.columns)),
  ]);
}

/** Whether a write gives a column a value: one of its own, a default's, or what is generated from such. */
export function isReached(findings: Findings, names: Names, target: Relation, column: Column): boolean {
  const isGiven = (own: Column) => findings.written.has(own) || findings.filled.has(own);
  return isComputed(byName(target, isGiven), names, column);
}

/** Whether a column is given a value, or generated from one that is, or filled by a trigger. */
export function isComputed(isGiven: IsGiven, names: Names, column: Column): boolean {
  // A trigger puts it together anew of others, that may keep what they had.
  if (isGiven(column) || triggerSources(names.catalogue, column) !== null) return true;
  if (!column.generated) return false;
  const { sources } = generatedFlow(names, column);
  // What is generated from nothing is the same in every row.
  if (sources === null || sources.size === 0) return true;
  return [...sources].some((source) => isComputed(isGiven, names, source));
}

/** The masked column whose value of before a write is in what a column has after it; undefined where none is. */
export function maskedStored(
  isGiven: IsGiven,
  isMasked: (column: Column) => boolean,
  names: Names,
  column: Column,
): Column | undefined {
  if (isAnew(isGiven, names, column)) return undefined;
  for (const source of sourcesOf(names, column)) {
    const stored = maskedStored(isGiven, isMasked, names, source);
    if (stored !== undefined) return stored;
  }
  return isMasked(column) ? column : undefined;
}

function isAnew(isGiven: IsGiven, names: Names, column: Column): boolean {
  // A trigger writes over what it is given, or leaves what it had.
  if (triggerSources(names.catalogue, column) !== null) return false;
  if (isGiven(column)) return true;
  const from = sourcesOf(names, column);
  return from.length > 0 && from.every((source) => isAnew(isGiven, names, source));
}

/** What a generated column is computed from; nothing for another, and where it can't be told. */
function sourcesOf(names: Names, column: Column): Column[] {
  return column.generated ? [...(generatedFlow(names, column).sources ?? [])] : [];
}
