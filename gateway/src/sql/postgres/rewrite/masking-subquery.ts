import type { Relation } from '../catalogue/catalogue.ts';
import type { EffectiveMasks } from '../masks/effective.ts';
import { maskExpression } from '../masks/expression.ts';
import { quoted } from '../masks/type-name.ts';

/**
 * The relation as it may be read: all its columns in order, masked ones replaced. `only` keeps ONLY.
 * System columns come last.
 * Every name is qualified, so that neither search path nor temporary objects can stand in for anything.
 */
export function maskingSubquery(
  relation: Relation,
  masks: EffectiveMasks,
  only: boolean,
  systemColumns: readonly string[] = [],
): string {
  const columns = relation.columns.map((column) => {
    const mask = masks.maskOf(column);
    if (mask === null) return quoted(column.name);
    return `${maskExpression(column, mask)} AS ${quoted(column.name)}`;
  });
  columns.push(...systemColumns.map(quoted));
  const schema = relation.temporary ? 'pg_temp' : relation.schema;
  return `SELECT ${columns.join(', ')} FROM ${only ? 'ONLY ' : ''}${quoted(schema)}.${quoted(relation.name)}`;
}
