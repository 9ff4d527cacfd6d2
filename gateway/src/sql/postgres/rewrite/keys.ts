import type { Column, Constraint, Relation } from '../catalogue/catalogue.ts';
import type { AskedKeys } from '../facts/altered-keys.ts';
import type { Findings } from '../facts/findings.ts';
import { generatedFlow } from '../facts/generated.ts';
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

/**
 * Whether a write gives a column a value: one of its own, a default's, or what is generated from such. A column of a
 * child is written when the parent's of the same name is.
 */
export function isReached(findings: Findings, names: Names, target: Relation, column: Column): boolean {
  const isGiven = (own: Column) => findings.written.has(own) || findings.filled.has(own);
  const same = target.byName.get(column.name);
  if (isGiven(column) || (same !== undefined && isGiven(same))) return true;
  if (!column.generated) return false;
  const { sources } = generatedFlow(names, column);
  // What is generated from nothing is the same in every row.
  if (sources === null || sources.size === 0) return true;
  return [...sources].some((source) => isReached(findings, names, target, source));
}
