import { z } from 'zod';
import type { Masking } from '../../engine.ts';
import { type Catalogue, isSystemSchema, type Relation } from '../catalogue/catalogue.ts';
import { type EffectiveMasks, spoken } from '../masks/effective.ts';
import { maskExpression } from '../masks/expression.ts';
import { quoted } from '../masks/type-name.ts';
import { parse } from '../parse/parser.ts';
import { type KnownMaskingView, maskingViewOf } from '../prepare/masking-view.ts';
import { maskedColumn, openColumn, sameMask, systemColumn } from '../prepare/names.ts';
import type { Refusal } from './refusals.ts';
import { serverColumn } from './server-columns.ts';

/** Which rows of a relation are read. */
export type Picked = {
  /** Over its raw columns, every name qualified; all must hold. */
  conditions: readonly string[];
  /** What is read in place of the relation: a view's query, with the filters inside. */
  source: string | null;
  /** Whether conditions from outside must not be asked of rows that these leave out. */
  barrier: boolean;
};
const EVERY_ROW: Picked = { conditions: [], source: null, barrier: false };

/** A query that yields a relation as it may be read, or why there is none. */
export type MaskingRelation = { query: string } | Refusal;

/**
 * The relation as it may be read: all its columns in order, masked ones replaced. `only` keeps ONLY.
 * System columns come last.
 * Every name is qualified, so that neither search path nor temporary objects can stand in for anything.
 */
export function maskingRelation(
  masking: Masking,
  catalogue: Catalogue,
  relation: Relation,
  masks: EffectiveMasks,
  only: boolean,
  systemColumns: readonly string[] = [],
  picked: Picked = EVERY_ROW,
): MaskingRelation {
  const masked = masks.maskedColumns(relation).length > 0;
  if (masking === 'inlined' || isReadWhole(catalogue, relation) || !masked) {
    return { query: inlined(relation, masks, only, systemColumns, picked) };
  }
  const known = maskingViewOf(catalogue, relation, only);
  if (known === 'missing' || known === 'stale') return notPrepared(relation, known);
  const isOpen = (column: string) => !known.variants.has(column) && openColumn(column) === column;
  const columns = columnsOfConditions(picked.conditions);
  if (columns === null || !columns.every(isOpen)) return notPicked(relation);
  return throughView(known, relation, masks, systemColumns, picked);
}

/** Relations of which the target's own role reads every column: its own, and the server's. */
export function isReadWhole(catalogue: Catalogue, relation: Relation): boolean {
  return relation.temporary || isSystemSchema(relation.schema) || catalogue.isOwn(relation.oid);
}

function inlined(
  relation: Relation,
  masks: EffectiveMasks,
  only: boolean,
  systemColumns: readonly string[],
  picked: Picked,
): string {
  const columns = relation.columns.map((column) => {
    const mask = masks.maskOf(column);
    if (mask === null) return quoted(column.name);
    return `${serverColumn(column, masks) ?? maskExpression(column, mask, masks.encoding)} AS ${quoted(column.name)}`;
  });
  columns.push(...systemColumns.map(quoted));
  const schema = relation.temporary ? 'pg_temp' : relation.schema;
  const from = `${only ? 'ONLY ' : ''}${quoted(schema)}.${quoted(relation.name)}`;
  return `SELECT ${columns.join(', ')} FROM ${picked.source ?? from}${restricted(picked)}`;
}

function restricted({ conditions, barrier }: Picked): string {
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.map((one) => `(${one})`).join(' AND ')}`;
  return `${where}${barrier ? ' OFFSET 0' : ''}`;
}

/** Under a role that reads no masked column, rows can't be picked by one. */
function notPicked(relation: Relation): Refusal {
  return {
    why: `Refused, because rows of ${relation.schema}.${relation.name} are picked for you by a masked column, which the role of this prepared target can't look at.`,
    next: "Ask the target's administrator to enforce its masks inlined, or ask the rule's owner.",
  };
}

const PlainColumn = z.object({
  ColumnRef: z.object({ fields: z.tuple([z.object({ String: z.object({ sval: z.string() }) })]) }),
});

/** The columns that conditions name by their names alone, as conditions of rules are written; null when that can't be told. */
function columnsOfConditions(conditions: readonly string[]): string[] | null {
  const names: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const ref = PlainColumn.safeParse(value);
    if (ref.success) names.push(ref.data.ColumnRef.fields[0].String.sval);
    for (const part of Object.values(value)) collect(part);
  };
  for (const condition of conditions) {
    const parsed = parse(`SELECT 1 WHERE ${condition}`);
    if (parsed.kind === 'unparsed') return null;
    collect(parsed.statements);
  }
  return names;
}

function throughView(
  { view, variants }: KnownMaskingView,
  relation: Relation,
  masks: EffectiveMasks,
  systemColumns: readonly string[],
  picked: Picked,
): MaskingRelation {
  const columns: string[] = [];
  const take = (from: string, name: string) =>
    columns.push(from === name ? quoted(name) : `${quoted(from)} AS ${quoted(name)}`);
  for (const column of relation.columns) {
    const mask = masks.maskOf(column);
    const methods = variants.get(column.name);
    if (mask === null) {
      if (methods !== undefined) return rawRefusal(spoken(column));
      take(openColumn(column.name), column.name);
    } else if (mask.method === 'null') {
      // What isn't looked at needs no column of the view.
      columns.push(`${maskExpression(column, mask, masks.encoding)} AS ${quoted(column.name)}`);
    } else {
      if (!methods?.some((method) => sameMask(method, mask))) return notPrepared(relation, 'stale');
      take(maskedColumn(column.name, mask), column.name);
    }
  }
  for (const name of systemColumns) take(systemColumn(name), name);
  const from = `${quoted(view.schema)}.${quoted(view.name)}`;
  return { query: `SELECT ${columns.join(', ')} FROM ${from}${restricted(picked)}` };
}

function notPrepared(relation: Relation, why: 'missing' | 'stale'): Refusal {
  const reason =
    why === 'missing'
      ? 'it has no masking view in this prepared target'
      : 'its masking view was made before the table or the policy changed';
  return {
    why: `Refused, because ${relation.schema}.${relation.name} has columns that are masked for you, and ${reason}.`,
    next: "Ask the target's administrator to run `sluice target prepare` again.",
  };
}

/** The target's own role reads nothing unmasked that is masked for anybody. */
export function rawRefusal(column: string): Refusal {
  return {
    why: `Refused, because ${column} is not masked for you, and this connection to the prepared target can't read it unmasked.`,
    next: 'Leave the column out, or ask the administrator of the target for an `exemptUrl` and connect again.',
  };
}
