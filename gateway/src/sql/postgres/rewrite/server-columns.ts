import type { Column } from '../catalogue/catalogue.ts';
import { hiddenColumns } from '../facts/allowed/relations.ts';
import { countedRelation, type EffectiveMasks } from '../masks/effective.ts';
import { quoted } from '../masks/type-name.ts';

/**
 * What stands for a hidden column of the server's own that is not hidden in every row; null for all others. How many
 * rows a partition, a materialised view or an index with a condition has, or had read and written, counts values of
 * their key and condition. Where rows are hidden no count is shown at all.
 */
export function serverColumn({ relation, name }: Column, masks: EffectiveMasks): string | null {
  if (relation.schema !== 'pg_catalog' || masks.hidesCounts) return null;
  const counted = countedRelation(relation);
  const isPartly = relation.name === 'pg_class';
  if (counted === null || (!isPartly && hiddenColumns.get(relation.name)?.has(name) === true)) return null;
  const placed = masks.placed.map(({ oid }) => `'${oid}'`).join(', ');
  const isPlaced = placed === '' ? '' : `${quoted(counted.name)} IN (${placed})`;
  if (relation.name === 'pg_class' && name === 'reltuples') {
    // -1 is the server's own word for not knowing.
    const hidden = [
      '"relispartition"',
      `"relkind" IN ('i', 'I', 't')`,
      ...(isPlaced === '' ? [] : [isPlaced]),
    ];
    return `CASE WHEN ${hidden.join(' OR ')} THEN -1::pg_catalog.float4 ELSE "reltuples" END`;
  }
  return isPlaced === '' ? null : `CASE WHEN ${isPlaced} THEN NULL ELSE ${quoted(name)} END`;
}
