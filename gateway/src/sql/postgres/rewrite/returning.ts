import type { ColumnRef, Node, ResTarget } from 'libpg-query';
import type { Masking } from '../../engine.ts';
import type { Column } from '../catalogue/catalogue.ts';
import type { Findings, Returning, TargetRead } from '../facts/findings.ts';
import { type FirstColumns, outputName } from '../facts/output-name.ts';
import type { FromItem } from '../facts/scope.ts';
import type { EffectiveMasks } from '../masks/effective.ts';
import { blindMask, maskExpression } from '../masks/expression.ts';
import { quoted } from '../masks/type-name.ts';
import { bodyOf } from '../parse/node.ts';
import { type Token, tokenAt } from '../parse/parser.ts';
import { itemsOf, targetExtent } from './select-item.ts';
import type { Plan } from './splice.ts';

type Text = { tokens: readonly Token[]; offset: (byte: number) => number };

/**
 * Whether a read of the written relation stands in RETURNING in a way that can be masked there: a column by its
 * name, or `*` and `t.*` as an item of the list. RETURNING sees the table itself, which nothing can stand in for.
 */
export function isReturned(findings: Findings, { clause, ref, alias, column }: TargetRead): boolean {
  if (clause !== 'RETURNING' || ref === null || alias === null) return false;
  if (!isStar(ref)) return column !== null;
  return findings.returnings.some(({ clause: { exprs } }) => exprs?.some((node) => starOf(node) === ref));
}

/**
 * Masks what RETURNING gives of masked columns: each name becomes the mask's expression over it, `*` the list of
 * columns that it stands for, and names of results stay. In a prepared target nobody may read the column there, so
 * that the mask is one that doesn't look.
 */
export function planReturning(
  plan: Plan,
  returning: Returning,
  reads: readonly TargetRead[],
  masks: EffectiveMasks,
  masking: Masking,
  text: Text,
): string | null {
  const masked = new Map<ColumnRef, string>();
  const stars = new Set<ColumnRef>();
  const shown = (column: Column, alias: string) => {
    const mask = masks.maskOf(column);
    const name = `${quoted(alias)}.${quoted(column.name)}`;
    if (mask === null) return name;
    return masking === 'prepared'
      ? blindMask(column, mask, masks.encoding)
      : maskExpression(column, mask, masks.encoding, name);
  };
  for (const { ref, column, alias, relation } of reads) {
    if (ref === null || alias === null || !contains(returning.clause, ref)) continue;
    if (isStar(ref)) {
      if (masks.maskedColumns(relation).length > 0) stars.add(ref);
    } else if (column !== null && masks.maskOf(column) !== null) masked.set(ref, shown(column, alias));
  }
  const exprs: Node[] = [];
  for (const node of returning.clause.exprs ?? []) {
    const target = bodyOf(node, 'ResTarget');
    const star = starOf(node);
    if (target === undefined) return NOT_FOUND;
    if (star !== null && stars.has(star)) {
      const list = expanded(returning, star, shown);
      const at = list === null ? null : targetExtent(target, text.tokens, text.offset);
      if (list === null || at === null) return STAR;
      plan.edits.push({ ...at, text: list });
      exprs.push(...itemsOf(list));
      continue;
    }
    exprs.push(named(plan, node, target, returning.firstColumns, masked, text));
  }
  for (const [ref, expression] of masked) {
    const item = itemsOf(`(${expression})`)[0];
    const mask = bodyOf(item, 'ResTarget')?.val;
    const at = refExtent(ref, text);
    if (mask === undefined || at === null) return NOT_FOUND;
    const [tag, body] = Object.entries(mask)[0] ?? [];
    plan.edits.push({ ...at, text: `(${expression})` });
    plan.becomes.set(ref, { tag, body });
  }
  if (masked.size + stars.size > 0) plan.becomes.set(returning.clause, { ...returning.clause, exprs });
  return null;
}

const NOT_FOUND = 'Refused, because what RETURNING gives could not be found in the text.';
const STAR = 'Refused, because what * stands for in RETURNING can not be written out.';

function isStar(ref: ColumnRef): boolean {
  return bodyOf(ref.fields?.at(-1), 'A_Star') !== undefined;
}

/** The reference of an item that is `*` or `t.*`. */
function starOf(node: Node): ColumnRef | null {
  const ref = bodyOf(bodyOf(node, 'ResTarget')?.val, 'ColumnRef');
  return ref !== undefined && isStar(ref) ? ref : null;
}

/** An item without a name of its own keeps the one that the server gave it before it was masked. */
function named(
  plan: Plan,
  node: Node,
  target: ResTarget,
  firstColumns: FirstColumns,
  masked: ReadonlyMap<ColumnRef, string>,
  text: Text,
): Node {
  if (target.name !== undefined || !holds(target.val, masked)) return node;
  const at = targetExtent(target, text.tokens, text.offset);
  if (at === null) return node;
  const name = outputName(target.val, firstColumns);
  if (name === null) return node;
  plan.edits.push({ start: at.end, end: at.end, text: ` AS ${quoted(name)}` });
  return { ResTarget: { ...target, name } };
}

function holds(value: unknown, masked: ReadonlyMap<ColumnRef, string>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return masked.has(value as ColumnRef) || Object.values(value).some((part) => holds(part, masked));
}

function contains(value: unknown, ref: ColumnRef): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return value === ref || Object.values(value).some((part) => contains(part, ref));
}

type Shown = (column: Column, alias: string) => string;

function expanded({ items, relation }: Returning, star: ColumnRef, shown: Shown): string | null {
  const fields = star.fields ?? [];
  const columnsAs = (alias: string) =>
    relation.columns.map((column) => `${shown(column, alias)} AS ${quoted(column.name)}`).join(', ');
  if (fields.length > 1) {
    const alias = bodyOf(fields.at(-2), 'String')?.sval;
    return alias === undefined ? null : columnsAs(alias);
  }
  const parts = items.map((item) => {
    const [range] = item.ranges;
    if (range === undefined || !isPlain(item)) return null;
    return range.target === null ? `${quoted(range.alias)}.*` : columnsAs(range.alias);
  });
  return parts.includes(null) ? null : parts.join(', ');
}

/** An item of a single name, of which `name.*` is all that `*` shows. */
function isPlain({ ranges, columns }: FromItem): boolean {
  return ranges.length === 1 && ranges[0]?.columns === columns;
}

/** Where a name stands: identifiers with dots between. */
function refExtent(ref: ColumnRef, { tokens, offset }: Text): { start: number; end: number } | null {
  const at = tokenAt(tokens, ref, offset);
  const last = at + 2 * ((ref.fields ?? []).length - 1);
  const [start, end] = [tokens[at]?.start, tokens[last]?.end];
  return at < 0 || start === undefined || end === undefined ? null : { start, end };
}
