import type { Catalogue, Column, Relation } from '../catalogue/catalogue.ts';
import { partingBelow } from '../facts/keys-told.ts';
import { writtenBehind } from '../facts/reached.ts';
import type { Examined } from '../facts/statement.ts';
import type { EffectiveMasks } from '../masks/effective.ts';
import { quoted } from '../masks/type-name.ts';
import type { Refusal } from './refusals.ts';

/**
 * The query of a relation with its rows in an order of its own. Rows come partition by partition where nothing orders
 * them: where the key is masked, that order would tell whose keys are alike. They are ordered by what may be seen of
 * them, so that only rows that look the same can come either way round. OFFSET keeps the planner from pushing
 * conditions below the partitions: each has statistics of its own, and the plan would follow from who is in which.
 * Any other relation's query is given back.
 */
export function inOwnOrder(
  query: string,
  relation: Relation,
  masks: EffectiveMasks,
  catalogue: Catalogue,
): string {
  if (!isPartedByMasked(relation, masks, catalogue)) return query;
  // Of masked columns the query gives the mask, of which some kinds can be told apart.
  const keys = relation.columns.map((column) =>
    ORDERED.has(column.baseType ?? '') ? nameOf(column) : asText(column),
  );
  return `SELECT * FROM (${query}) AS ${quoted('rows')} ORDER BY ${keys.join(', ')} OFFSET 0`;
}

/**
 * RETURNING of UPDATE, DELETE and MERGE gives rows partition by partition as well, and nothing can order them. What is
 * computed anew for each row, as the next number of a sequence, comes in that order too.
 */
export function orderRefusal({ findings, names }: Examined, masks: EffectiveMasks): Refusal | null {
  const anew = [...findings.functions.values()].find(({ volatility }) => volatility === 'volatile');
  for (const { relation, by } of findings.writes) {
    const isReturned = findings.returnings.some((returning) => returning.relation === relation);
    if (by === 'insert' || (!isReturned && anew === undefined)) continue;
    const written = [relation, ...writtenBehind(names, relation)];
    if (!written.some((own) => isPartedByMasked(own, masks, names.catalogue))) continue;
    const shown = `${relation.schema}.${relation.name}`;
    if (!isReturned) {
      return {
        why: `Refused, because ${anew?.name} is called for the rows of ${shown} partition by partition, which tells of its key, and that is masked for you.`,
        next: 'Do without the function, or ask somebody for whom the key is not masked to do it.',
      };
    }
    return {
      why: `Refused, because RETURNING gives the rows of ${shown} partition by partition, which tells of its key, and that is masked for you.`,
      next: 'Leave RETURNING out, and read the rows before or afterwards.',
    };
  }
  return null;
}

/** Whether it is the parent of partitions, at any depth, that a masked column tells apart. */
function isPartedByMasked(relation: Relation, masks: EffectiveMasks, catalogue: Catalogue): boolean {
  return partingBelow(catalogue, relation).some((column) => masks.maskOf(column) !== null);
}

const ORDERED: ReadonlySet<string> = new Set([
  ...['int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'bool', 'uuid', 'oid', 'bytea'],
  ...['text', 'varchar', 'bpchar', 'name', 'date', 'time', 'timetz', 'timestamp', 'timestamptz', 'interval'],
]);

const nameOf = (column: Column) => `${quoted('rows')}.${quoted(column.name)}`;

/** Types that may have no order of their own have that of what is shown of them. */
function asText(column: Column): string {
  return `${nameOf(column)}::pg_catalog.text`;
}
