import type { Catalogue, Column, Relation } from '../catalogue/catalogue.ts';
import { partingColumns } from './keys-told.ts';

/**
 * Whether an UPDATE of a relation may take rows from one partition to another, because it writes a column that tells
 * them apart: a row that moves is deleted from one and inserted into the other, with all that this calls and checks
 * (ExecCrossPartitionUpdate in the server's nodeModifyTable.c).
 */
export function movesRows(
  catalogue: Catalogue,
  relation: Relation,
  isWritten: (column: Column) => boolean,
): boolean {
  return [relation.oid, ...catalogue.descendants(relation.oid)].some((oid) => {
    const parted = catalogue.relationByOid(oid);
    return parted !== undefined && partingColumns(catalogue, parted).some(isWritten);
  });
}

/** A column of a child is written when the parent's of the same name is. */
export function isWrittenByName(written: ReadonlySet<Column>, relation: Relation, column: Column): boolean {
  const same = relation.byName.get(column.name);
  return written.has(column) || (same !== undefined && written.has(same));
}
