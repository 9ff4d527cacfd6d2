import { type ColumnMask, tellsEquality } from '../../../../contract/decision.ts';
import type { AnalyseRequest, Masking, Rewrite, RowRestrictions } from '../../engine.ts';
import type { Catalogue, Column, Relation } from '../catalogue/catalogue.ts';
import { shownRows } from '../facts/allowed/server-rows.ts';
import { determinedBy } from '../facts/determined.ts';
import type { Grouping, Reference } from '../facts/findings.ts';
import { madeColumns } from '../facts/made-columns.ts';
import { type Examined, examine } from '../facts/statement.ts';
import { EffectiveMasks } from '../masks/effective.ts';
import { quoted } from '../masks/type-name.ts';
import { tagOf } from '../parse/node.ts';
import { utf16Offsets } from '../parse/offsets.ts';
import { type ParsedStatement, parse, type Token, tokenAt, tokensOf } from '../parse/parser.ts';
import { EffectiveRows } from '../rows/effective-rows.ts';
import {
  equalitiesOf,
  letThrough,
  lookupCondition,
  lookupRefusal,
  lookupsOf,
  repeatedBeside,
  tellingWrites,
} from '../rows/lookups.ts';
import { rowRefusal } from '../rows/row-refusals.ts';
import { lockThroughViews } from './lock.ts';
import { maskingRelation, type Picked } from './masking-relation.ts';
import { preparedRefusal } from './prepared.ts';
import { copyPlan, extent, NOT_FOUND, queryTree, referencePlan, shorten } from './reference.ts';
import { isOnly, plansUnread, type Refusal, refusalOf, tokenMade } from './refusals.ts';
import { planReturning } from './returning.ts';
import { inOwnOrder, isRowByRow, orderRefusal } from './row-order.ts';
import { filtersOf, guardWrite, type Picking, takeLookups } from './row-plan.ts';
import { samplePlan } from './sample.ts';
import { type Plan, sameTree, spliced, substituted } from './splice.ts';
import { planStars } from './star.ts';
import { qualifiedQuery } from './view-text.ts';

/**
 * Replaces each reference to a relation with masked columns by its masking subquery. The text is spliced, parsed
 * again, and must give exactly the tree that was meant; anything else is refused.
 */
export function rewriteStatement(
  statement: ParsedStatement,
  catalogue: Catalogue,
  request: AnalyseRequest,
  columnMasks: readonly ColumnMask[],
  { rows: filters = [], lookups: allowed = [] }: RowRestrictions = {},
): Rewrite {
  const examined = examine(statement, catalogue, request);
  const [unknown] = examined.findings.unknowns;
  if (unknown !== undefined) return refused(`Refused, because ${unknown}.`, '');
  const rows = new EffectiveRows(examined.names, filters);
  const masks = new EffectiveMasks(examined.names, columnMasks, rows.any);
  const lookups = letThrough(examined.findings, masks, allowed);
  const refusal =
    refusalOf(examined, masks, lookups, tellingWrites(examined.findings, masks, allowed)) ??
    tokenMade(madeColumns(examined.names, statement.tree, request.session), columnMasks, masks) ??
    rowRefusal(examined, rows, masks) ??
    lookupRefusal(lookups) ??
    orderRefusal(examined, masks) ??
    (request.masking === 'prepared' ? preparedRefusal(examined, masks) : null);
  if (refusal !== null) return refused(refusal.why, refusal.next);
  const rewrite = enforced(statement, examined, masks, { request, rows, lookups });
  return rewrite.kind === 'rewritten' && isRowByRow(examined, masks)
    ? { ...rewrite, rowByRow: true }
    : rewrite;
}

/** What of a statement that may run reads masked values, and rows that pass their filters. */
function enforced(
  statement: ParsedStatement,
  examined: Examined,
  masks: EffectiveMasks,
  { request, rows, lookups }: Pick<Picking, 'request' | 'rows' | 'lookups'>,
): Rewrite {
  const tag = tagOf(statement.tree);
  // Their queries were rewritten when they were prepared and declared, and are checked there.
  if (tag === 'ExecuteStmt' || tag === 'FetchStmt') return { kind: 'rewritten', text: statement.text };
  const locking = request.masking === 'prepared' ? lockThroughViews(statement, examined) : null;
  if (locking !== null) return verified(statement, locking);
  const masked = [...examined.findings.references.values()].filter(
    ({ relation, role }) =>
      (role === 'read' || role === 'copied') &&
      (masks.maskedColumns(relation).length > 0 || rows.concerns(relation) || shownRows(relation) !== null),
  );
  const written = [...examined.findings.references.values()].filter(
    ({ relation, role }) => role === 'target' && rows.isFiltered(relation),
  );
  if (masked.length === 0 && written.length === 0 && !returnsMasked(examined, masks)) {
    return { kind: 'rewritten', text: statement.text };
  }
  if (examined.findings.usesStored) {
    return refused(
      'Refused, because what a prepared statement returns under masks can only be shown, and not be stored.',
      'Write the query in place of EXECUTE.',
    );
  }
  const unread = unreadByView(examined, masked, masks);
  const kept = keptText(examined, masked, masks, unread);
  if (kept !== null) return kept;
  const equalities = equalitiesOf(examined.findings, masks, lookups);
  const picking: Picking = { rows, lookups, equalities, request, written };
  const seen = unread.size > 0 ? masks.unread(unread) : masks;
  const shown = plansUnread(examined.findings) ? masks.unread() : seen;
  const plan = planOf(statement, examined, masked, shown, request.masking ?? 'inlined', picking);
  if ('why' in plan) return refused(plan.why, plan.next);
  return verified(statement, plan);
}

function returnsMasked({ findings }: Examined, masks: EffectiveMasks): boolean {
  return findings.returnings.some(({ relation }) => masks.maskedColumns(relation).length > 0);
}

function refused(why: string, next: string): Rewrite {
  return { kind: 'refused', why, next };
}

/** A view keeps its text, which would make tokens only for those who come through the gateway. */
function keptText(
  { findings }: Examined,
  masked: readonly Reference[],
  masks: EffectiveMasks,
  unread: ReadonlySet<Column>,
): Rewrite | null {
  if (!findings.definesView) return null;
  const token = keyedColumns(masked, masks).find((column) => !unread.has(column));
  if (token === undefined) return null;
  return refused(
    `Refused, because a view can't keep the key that masks ${token.relation.name}.${token.name}.`,
    'Ask somebody for whom the column is not masked to make the view.',
  );
}

/** Columns under a key that a new view does not read: nothing of them need stand in its text. */
function unreadByView(
  { findings }: Examined,
  masked: readonly Reference[],
  masks: EffectiveMasks,
): ReadonlySet<Column> {
  if (!findings.definesView) return new Set();
  const isRead = (column: Column) => findings.seen.has(column) || findings.starred.has(column.relation);
  return new Set(keyedColumns(masked, masks).filter((column) => !isRead(column)));
}

function keyedColumns(masked: readonly Reference[], masks: EffectiveMasks): Column[] {
  return masked
    .flatMap(({ relation }) => masks.maskedColumns(relation))
    .filter((column) => {
      const mask = masks.maskOf(column);
      return mask !== null && tellsEquality(mask);
    });
}

function planOf(
  statement: ParsedStatement,
  examined: Examined,
  masked: readonly Reference[],
  masks: EffectiveMasks,
  masking: Masking,
  picking: Picking,
): Plan | Refusal {
  const tokens = tokensOf(statement.text);
  const offset = utf16Offsets(statement.text);
  const plan: Plan = { edits: [], becomes: new Map() };
  for (const reference of masked) {
    const { node, relation, role } = reference;
    const sample = examined.findings.samples.get(node);
    if (sample !== undefined && masking === 'prepared') {
      return simpler(
        `Refused, because ${relation.schema}.${relation.name} is read through a view in this prepared target, and a view takes no TABLESAMPLE.`,
      );
    }
    const only = isOnly(reference);
    const system = examined.findings.systemColumns.get(relation);
    const { catalogue } = examined.names;
    const picked = pickedRows(reference, masking, examined, picking);
    if ('why' in picked) return picked;
    const made = maskingRelation(masking, catalogue, relation, masks, only, [...(system ?? [])], picked);
    if ('why' in made) return made;
    const text = inOwnOrder(made.query, relation, masks);
    const subquery = queryTree(text);
    const at = tokenAt(tokens, node, offset);
    if (subquery === null || at < 0) return simpler(NOT_FOUND);
    const problem =
      role === 'copied'
        ? copyPlan(plan, statement, node, tokens, at, text, subquery)
        : sample === undefined
          ? referencePlan(plan, node, tokens, at, text, subquery)
          : samplePlan(plan, node, sample, statement.text, tokens, extent(node, tokens, at), text);
    if (problem !== null) return simpler(problem);
  }
  const { returnings, targetReads, qualified } = examined.findings;
  for (const returning of returnings) {
    const problem = planReturning(plan, returning, targetReads, masks, masking, { tokens, offset });
    if (problem !== null) return { why: problem, next: 'Name the columns in RETURNING one by one.' };
  }
  const replaced = new Set(masked.map(({ relation }) => relation));
  const taken = takeLookups(plan, picking.lookups, masked, { text: statement.text, tokens, offset });
  if (taken === null) return simpler(NOT_FOUND);
  for (const reference of picking.written) {
    const problem = guardWrite(plan, statement, reference, picking, { tokens, offset });
    if (problem === 'notFound') return simpler(NOT_FOUND);
    if (problem !== null) return problem;
  }
  for (const { relation, node } of qualified.values()) {
    if (taken.has(node)) continue;
    if (!replaced.has(relation) || plan.becomes.has(node)) continue;
    const problem = shorten(plan, node, tokens, offset);
    if (problem !== null) return simpler(problem);
  }
  const starred = planStars(plan, examined.findings, replaced, tokens, offset);
  if (starred !== null) return { why: starred, next: 'Name the columns in place of *.' };
  for (const grouping of examined.findings.groupings) {
    const problem = keepGroups(plan, grouping, replaced, examined, tokens, offset);
    if (problem !== null) return simpler(problem);
  }
  return plan;
}

/** Which rows of one reference are read: those that pass its filters and its lookups. */
function pickedRows(
  { node, relation }: Reference,
  masking: Masking,
  { names }: Examined,
  { rows, lookups, equalities, request }: Picking,
): Picked | Refusal {
  const source = rows.behind(relation) === null ? null : viewSource(relation, masking, names, rows, request);
  if (source !== null && 'why' in source) return source;
  const filters = filtersOf(relation, rows, null);
  // What can raise no error on a hidden row is asked behind the barrier as well, for the sake of indexes.
  const found =
    filters.length > 0
      ? repeatedBeside(equalities, node, null)
      : lookupsOf(lookups, node).map((lookup) => lookupCondition(lookup, null));
  const shown = shownRows(relation);
  return {
    conditions: [...filters, ...(shown === null ? [] : [shown]), ...found],
    source: source?.text ?? null,
    barrier: filters.length > 0 || shown !== null || source?.barrier === true,
  };
}

/** A view over something filtered is read as its query, with the filters inside. */
function viewSource(
  view: Relation,
  masking: Masking,
  { catalogue }: Examined['names'],
  rows: EffectiveRows,
  request: AnalyseRequest,
): { text: string; barrier: boolean } | Refusal {
  const refusal: Refusal = {
    why: `Refused, because view ${view.schema}.${view.name} reads ${rows.behind(view)?.schema}.${rows.behind(view)?.name}, of which you see only some rows, and they can't be picked inside of it.`,
    next: 'Read the table itself.',
  };
  const { asQuery, barrier } = catalogue.viewOptions(view.oid);
  if (masking === 'prepared' || view.temporary || !asQuery) return refusal;
  const definition = qualifiedQuery(view.definition ?? '', catalogue);
  if (definition === null) return refusal;
  const inner = examine(definition, catalogue, request);
  // Something temporary could stand in for a relation whose schema isn't said.
  const unqualified = [...inner.findings.references.keys()].some(
    ({ schemaname }) => schemaname === undefined,
  );
  if (unqualified) return refusal;
  const rewritten = rewriteStatement(definition, catalogue, request, [], { rows: rows.filters });
  if (rewritten.kind === 'refused') return { why: rewritten.why, next: rewritten.next };
  return { text: `(${rewritten.text}) AS ${quoted(view.name)}`, barrier };
}

function simpler(why: string): Refusal {
  return { why, next: 'Write the reference to the table in a simpler way.' };
}

/** Types without equality can't be grouped by. */
const UNGROUPED = new Set(['json', 'xml', 'point', 'polygon', 'path', 'box', 'line', 'lseg', 'circle']);

/**
 * A table's other columns may stand beside GROUP BY of its primary key, those of a subquery may not: those in use are
 * named as well, and every group stays what it was.
 */
function keepGroups(
  plan: Plan,
  grouping: Grouping,
  replaced: ReadonlySet<Relation>,
  { names, findings }: Examined,
  tokens: readonly Token[],
  offset: (byte: number) => number,
): string | null {
  const fields: string[][] = [];
  for (const { alias, relation, columns } of determinedBy(grouping, findings, names.catalogue)) {
    const twice = grouping.ranges.filter((range) => range.relation === relation).length > 1;
    if (twice || !replaced.has(relation)) continue;
    for (const column of columns) {
      if (!UNGROUPED.has(column.baseType ?? '')) fields.push([alias, column.name]);
    }
  }
  if (fields.length === 0) return null;
  const start = tokens.find((token) => token.start === offset(grouping.location))?.start;
  if (start === undefined) return NOT_FOUND;
  const text = fields.map((parts) => parts.map(quoted).join('.')).join(', ');
  const refs = fields.map((parts) => ({
    ColumnRef: { fields: parts.map((sval) => ({ String: { sval } })) },
  }));
  plan.edits.push({ start, end: start, text: `${text}, ` });
  plan.becomes.set(grouping.select, {
    ...(plan.becomes.get(grouping.select) ?? grouping.select),
    groupClause: [...refs, ...(grouping.select.groupClause ?? [])],
  });
  return null;
}

function verified(statement: ParsedStatement, plan: Plan): Rewrite {
  const text = spliced(statement.text, plan.edits);
  const intended = substituted(statement.tree, plan.becomes);
  const parsed = text === null ? null : parse(text);
  const tree =
    parsed?.kind === 'parsed' && parsed.statements.length === 1 ? parsed.statements[0]?.tree : undefined;
  if (text === null || tree === undefined || !sameTree(tree, intended)) {
    return refused(
      'Refused, because the masked statement would not mean what was intended.',
      'Write the references to masked tables in a simpler way.',
    );
  }
  return { kind: 'rewritten', text };
}
