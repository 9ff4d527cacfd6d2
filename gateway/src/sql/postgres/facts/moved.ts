import type { Catalogue, Column, Relation } from '../catalogue/catalogue.ts';
import { keysBelow } from './keys-told.ts';

/** Bits of pg_trigger.tgtype: a row trigger before an UPDATE, which may write any column. */
const BEFORE_UPDATE = 1 | 2 | 16;

/**
 * Whether an UPDATE of a relation may take rows from one partition to another, because it, or a trigger, writes a column that
 * tells them apart: a row that moves is deleted from one and inserted into the other, with all that this calls and checks
 * (ExecCrossPartitionUpdate in the server's nodeModifyTable.c).
 */
export function movesRows(
  catalogue: Catalogue,
  relation: Relation,
  isWritten: (column: Column) => boolean,
): boolean {
  const parting = keysBelow(catalogue, relation);
  const family = [relation.oid, ...catalogue.descendants(relation.oid)];
  return parting.length > 0 && (parting.some(isWritten) || family.some((oid) => isRewritten(catalogue, oid)));
}

function isRewritten(catalogue: Catalogue, oid: number): boolean {
  return catalogue.triggersOn(oid).some(({ type }) => (type & BEFORE_UPDATE) === BEFORE_UPDATE);
}

/** Whether a column has a value of the write's own. */
export type IsGiven = (column: Column) => boolean;

/** A column of a child is written when the parent's of the same name is. */
export function byName(target: Relation, isGiven: IsGiven): IsGiven {
  return (column) => {
    const same = target.byName.get(column.name);
    return isGiven(column) || (same !== undefined && isGiven(same));
  };
}
