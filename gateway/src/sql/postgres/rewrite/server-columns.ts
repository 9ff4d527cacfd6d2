import type { Column } from '../catalogue/catalogue.ts';
import type { EffectiveMasks } from '../masks/effective.ts';

/**
 * What stands for a hidden column of the server's own that is not hidden in every row; null for all others. How many
 * rows a partition or an index with a condition has counts values of their key and condition: -1 is the server's own
 * word for not knowing. Where rows are hidden no count is shown at all.
 */
export function serverColumn(column: Column, masks: EffectiveMasks): string | null {
  const { relation, name } = column;
  if (relation.schema !== 'pg_catalog' || relation.name !== 'pg_class' || name !== 'reltuples') return null;
  const pages = relation.byName.get('relpages');
  if (pages !== undefined && masks.maskOf(pages) !== null) return null;
  return `CASE WHEN "relispartition" OR "relkind" IN ('i', 'I') THEN -1::pg_catalog.float4 ELSE "reltuples" END`;
}
