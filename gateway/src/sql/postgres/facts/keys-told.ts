import { type Catalogue, type Column, columnsOf, type Relation } from '../catalogue/catalogue.ts';
import type { Findings } from './findings.ts';

/**
 * Columns that the system columns which a query uses tell of: where a row lies tells of the key that parts its table,
 * and `xmax` which transaction has written a row that refers to it, by a foreign key's lock.
 */
export function keysTold(catalogue: Catalogue, { systemColumns }: Findings): Column[] {
  return [...systemColumns].flatMap(([relation, used]) => [
    ...partingBelow(catalogue, relation),
    ...(used.has('xmax') ? referringColumns(catalogue, relation) : []),
  ]);
}

/** The columns that say in which partition of a relation, or of its partitions, a row is: an UPDATE of one may move it. */
export function keysBelow(catalogue: Catalogue, relation: Relation): Column[] {
  return withBelow(catalogue, relation).flatMap((own) =>
    columnsOf(own, catalogue.partitionKey(own.oid) ?? []),
  );
}

/**
 * The columns that say in which partition or child of a relation, at any depth, a row is. Rows come one after the other
 * partition by partition, and a view keeps that order.
 */
export function partingBelow(catalogue: Catalogue, relation: Relation): Column[] {
  const family = withBelow(catalogue, relation);
  if (family.length === 1) return keysBelow(catalogue, relation);
  const children = family.filter(({ oid }) => oid !== relation.oid);
  return [
    ...keysBelow(catalogue, relation),
    ...children.flatMap((child) => checkedApart(catalogue, child)),
    ...family.flatMap((own) => checkedAlone(catalogue, own)),
  ];
}

/**
 * The columns of checks that a child has and a parent of its own has not: they say which rows are there, as the key of a
 * partitioned table does. A column that none of its kin has tells of no other's rows.
 */
export function checkedApart(catalogue: Catalogue, child: Relation): Column[] {
  const parents = catalogue.parents(child.oid);
  if (parents.length === 0 || parents.some((oid) => catalogue.partitionKey(oid) !== null)) return [];
  const below = catalogue.descendants(child.oid);
  const kin = new Set(
    [...catalogue.ancestors(child.oid)].flatMap((oid) => [oid, ...catalogue.descendants(oid)]),
  );
  const others = [...kin].filter((oid) => oid !== child.oid && !below.has(oid));
  const isShared = ({ name }: Column) =>
    others.some((oid) => catalogue.relationByOid(oid)?.byName.has(name) === true);
  return catalogue
    .constraintsOn(child.oid)
    .filter(({ type, inherited }) => type === 'c' && (!inherited || parents.length > 1))
    .flatMap(({ columns }) => columnsOf(child, columns))
    .filter(isShared);
}

/** The columns of checks that a relation has and its children have not. */
function checkedAlone(catalogue: Catalogue, relation: Relation): Column[] {
  if (catalogue.descendants(relation.oid).size === 0) return [];
  return catalogue
    .constraintsOn(relation.oid)
    .filter(({ type, alone }) => type === 'c' && alone)
    .flatMap(({ columns }) => columnsOf(relation, columns));
}

function withBelow(catalogue: Catalogue, relation: Relation): Relation[] {
  const below = [...catalogue.descendants(relation.oid)].flatMap((oid) => catalogue.relationByOid(oid) ?? []);
  return [relation, ...below];
}

/** The columns of other tables that refer to this one. */
export function referringColumns(catalogue: Catalogue, relation: Relation): Column[] {
  return catalogue.constraintsReferencing(relation.oid).flatMap((key) => {
    const columns = catalogue.relationByOid(key.relation)?.columns ?? [];
    return columns.filter(({ number }) => key.columns.includes(number));
  });
}
