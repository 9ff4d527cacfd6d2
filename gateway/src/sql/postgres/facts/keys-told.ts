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

/** The columns that say in which of a relation's own partitions a row is; none where nothing is parted. */
function partingColumns(catalogue: Catalogue, relation: Relation): Column[] {
  return columnsOf(relation, catalogue.partitionKey(relation.oid) ?? []);
}

/**
 * The columns that say in which partition of a relation, or of its partitions, a row is. Rows come partition by partition,
 * and a view keeps that order.
 */
export function partingBelow(catalogue: Catalogue, relation: Relation): Column[] {
  return [relation.oid, ...catalogue.descendants(relation.oid)].flatMap((oid) => {
    const parted = catalogue.relationByOid(oid);
    return parted === undefined ? [] : partingColumns(catalogue, parted);
  });
}

/** The columns of other tables that refer to this one. */
export function referringColumns(catalogue: Catalogue, relation: Relation): Column[] {
  return catalogue.constraintsReferencing(relation.oid).flatMap((key) => {
    const columns = catalogue.relationByOid(key.relation)?.columns ?? [];
    return columns.filter(({ number }) => key.columns.includes(number));
  });
}
