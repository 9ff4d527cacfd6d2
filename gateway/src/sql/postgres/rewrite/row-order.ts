import type { Column, Relation } from '../catalogue/catalogue.ts';
import { isFilledAnew } from '../facts/filled-anew.ts';
import { keyedWith, writtenBehind } from '../facts/reached.ts';
import type { Examined } from '../facts/statement.ts';
import { type EffectiveMasks, spoken } from '../masks/effective.ts';
import { quoted } from '../masks/type-name.ts';
import type { Refusal } from './refusals.ts';

/**
 * The query of a relation with its rows in an order of its own. Rows come partition by partition where nothing orders
 * them: where the key is masked, that order would tell whose keys are alike. They are ordered by what may be seen of
 * them, so that only rows that look the same can come either way round. OFFSET keeps the planner from pushing
 * conditions below the partitions: each has statistics of its own, and the plan would follow from who is in which.
 * Any other relation's query is given back.
 */
export function inOwnOrder(query: string, relation: Relation, masks: EffectiveMasks): string {
  if (masks.partsBelow(relation) === null) return query;
  // Of masked columns the query gives the mask, of which some kinds can be told apart.
  const keys = relation.columns.map((column) =>
    ORDERED.has(column.baseType ?? '') ? nameOf(column) : asText(column),
  );
  return `SELECT * FROM (${query}) AS ${quoted('rows')} ORDER BY ${keys.join(', ')} OFFSET 0`;
}

/**
 * RETURNING of UPDATE, DELETE and MERGE gives rows partition by partition as well, and nothing can order them. What is
 * computed anew for each row, as the next number of a sequence, comes in that order too, whether it is written in the
 * statement or a column's default.
 */
export function orderRefusal(examined: Examined, masks: EffectiveMasks): Refusal | null {
  const { findings, names } = examined;
  for (const { relation, by } of findings.writes) {
    if (by === 'insert') continue;
    const isReturned = findings.returnings.some((returning) => returning.relation === relation);
    const written = [relation, ...writtenBehind(names, relation)];
    const anew = isReturned ? null : computedAnew(examined, written);
    if (!isReturned && anew === null) continue;
    if (!written.some((own) => masks.partsBelow(own) !== null)) continue;
    if (anew !== null) return numbered(relation, anew);
    return {
      why: `Refused, because RETURNING gives the rows of ${shownName(relation)} partition by partition, which tells of its key, and that is masked for you.`,
      next: 'Leave RETURNING out, and read the rows before or afterwards.',
    };
  }
  for (const relation of findings.filledAnew)
    if (masks.partsBelow(relation) !== null) return numbered(relation, 'what the new column is filled with');
  return joinedRefusal(examined, masks);
}

/** Whether a join has failed before it has ended tells of the order in which it looks at rows. */
function joinedRefusal({ findings, names }: Examined, masks: EffectiveMasks): Refusal | null {
  for (const relation of findings.joinedRaising) {
    const written = [relation, ...writtenBehind(names, relation)];
    if (!written.some((own) => masks.partsBelow(own) !== null)) continue;
    return {
      why: `Refused, because the condition may fail for some rows of ${shownName(relation)}, which a join looks at partition by partition and not always to the end: whether it fails would tell of its key, and that is masked for you.`,
      next: 'Compare columns with each other and with constants alone where another table is looked at, or find the rows by a query first.',
    };
  }
  return null;
}

/**
 * Whether a statement works on the rows of partitions that a masked column tells apart, one partition after the other:
 * then which row fails first, by the kind of its error or what that names, tells of the column. Rows of an INSERT come as
 * they are given.
 */
export function isRowByRow({ findings, names, shape }: Examined, masks: EffectiveMasks): boolean {
  const worked = new Set(findings.computedFor);
  for (const { relation, role } of findings.references.values()) {
    if (role === 'maintained' && shape.kind === 'maintenance') worked.add(relation);
    if (role !== 'target' || isOnlyInserted(findings, relation)) continue;
    for (const taken of keyedWith(names, relation)) worked.add(taken);
  }
  return [...worked].some((relation) => masks.partsBelow(relation) !== null);
}

function isOnlyInserted({ writes }: Examined['findings'], relation: Relation): boolean {
  const own = writes.filter((write) => write.relation === relation);
  return own.length > 0 && own.every(({ by }) => by === 'insert' || by === 'copyFrom');
}

/** What gives another value for each row of these relations that a statement writes; null when nothing does. */
function computedAnew({ findings, names }: Examined, written: readonly Relation[]): string | null {
  const called = [...findings.functions.values()].find(({ volatility }) => volatility === 'volatile');
  if (called !== undefined) return called.name;
  const filled = [...findings.refilled].find(
    (column) => written.includes(column.relation) && isFilledAnew(names, column),
  );
  return filled === undefined ? null : `the default of ${spoken(filled)}`;
}

function numbered(relation: Relation, anew: string): Refusal {
  return {
    why: `Refused, because ${anew} is computed for the rows of ${shownName(relation)} partition by partition, which tells of its key, and that is masked for you.`,
    next: 'Write what is the same for all rows, or ask somebody for whom the key is not masked to do it.',
  };
}

const shownName = ({ schema, name }: Relation) => `${schema}.${name}`;

const ORDERED: ReadonlySet<string> = new Set([
  ...['int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'bool', 'uuid', 'oid', 'bytea'],
  ...['text', 'varchar', 'bpchar', 'name', 'date', 'time', 'timetz', 'timestamp', 'timestamptz', 'interval'],
]);

const nameOf = (column: Column) => `${quoted('rows')}.${quoted(column.name)}`;

/** Types that may have no order of their own have that of what is shown of them. */
function asText(column: Column): string {
  return `${nameOf(column)}::pg_catalog.text`;
}
