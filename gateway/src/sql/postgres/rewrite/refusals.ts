import { type ColumnMask, tellsEquality } from '../../../../contract/decision.ts';
import { isSameColumn } from '../../../../contract/facts.ts';
import { type Column, columnsOf, isSystemSchema, type Relation } from '../catalogue/catalogue.ts';
import { readsCounters, readsTuples } from '../facts/allowed/counting.ts';
import { isCounted } from '../facts/defaults.ts';
import type { Findings, Reference } from '../facts/findings.ts';
import { referringColumns } from '../facts/keys-told.ts';
import type { Lookup } from '../facts/lookup.ts';
import type { MadeColumn } from '../facts/made-columns.ts';
import type { Names } from '../facts/names.ts';
import { allWrites, writtenBehind } from '../facts/reached.ts';
import type { Examined } from '../facts/statement.ts';
import { isUnfilled } from '../facts/triggers.ts';
import { toldByLists } from '../facts/value-lists.ts';
import { viewsBehind } from '../facts/view.ts';
import type { EffectiveMasks } from '../masks/effective.ts';
import { spoken } from '../masks/effective.ts';
import { askedEnds } from './keys.ts';
import { isReturned } from './returning.ts';
import { HARMLESS_SYSTEM_COLUMNS } from './system-columns.ts';
import { inference } from './write-inference.ts';

export type Refusal = { why: string; next: string };

/** Why the masks can't be enforced on a statement, however it is rewritten; null when they can. */
export function refusalOf(
  examined: Examined,
  masks: EffectiveMasks,
  lookups: readonly Lookup[] = [],
  telling: ReadonlySet<Column> = new Set(),
): Refusal | null {
  return (
    opaque(examined, masks) ??
    counted(examined, masks) ??
    emptied(examined, masks) ??
    unreadable(examined, masks) ??
    explained(examined, masks) ??
    tokenWritten(examined, masks) ??
    maskStored(examined, masks) ??
    targetReads(examined, masks, lookups, telling) ??
    definitions(examined, masks) ??
    inference(examined, masks, telling) ??
    systemColumns(examined, masks) ??
    locked(examined, masks)
  );
}

type CatalogueView = Examined['names']['catalogue'];

const spokenOf = ({ schema, name }: Relation) => `${schema}.${name}`;

const ASK = 'Leave the column out, or ask its owner to unmask it for a while.';

/**
 * A counter of one partition, which a call names as it likes, tells how often a masked key has its values; one of a TOAST
 * table, how long the values of a row were.
 */
function counted({ findings, related }: Examined, masks: EffectiveMasks): Refusal | null {
  const called = [...findings.functions.values()].find(readsCounters);
  if (called === undefined) return null;
  const [placed] = masks.placed;
  const stored = [...related].find(
    (relation) => relation.schema !== 'pg_catalog' && masks.maskedColumns(relation).length > 0,
  );
  const told = placed ?? (readsTuples(called) ? stored : undefined);
  if (told === undefined) return null;
  const why =
    told === placed
      ? `which rows are in ${spokenOf(told)}`
      : `how many pieces values of ${spokenOf(told)} are kept in`;
  return {
    why: `Refused, because function ${called.name} tells how many rows a relation has, and ${why} tells of what is masked for you.`,
    next: 'Read pg_stat_user_tables, which shows the counters of all other tables.',
  };
}

/** What is left of a table shows which rows were in a partition that is dropped or truncated. */
function emptied({ findings, shape }: Examined, masks: EffectiveMasks): Refusal | null {
  if (shape.kind !== 'truncate' && shape.kind !== 'drop') return null;
  for (const reference of findings.references.values()) {
    const { relation } = reference;
    const key = masks.partedBy(relation) ?? (isOnly(reference) ? masks.leftBy(relation) : null);
    if (key === null) continue;
    return {
      why: `Refused, because the rows that go with ${relation.schema}.${relation.name} would tell of ${spoken(key)}, which is masked for you.`,
      next: 'Ask somebody for whom it is not masked to do it.',
    };
  }
  return null;
}

function opaque({ findings, related }: Examined, masks: EffectiveMasks): Refusal | null {
  const [reason] = findings.opaque;
  if (reason === undefined) return null;
  for (const relation of related) {
    const [column] = relation.schema === 'pg_catalog' ? [] : masks.maskedColumns(relation);
    if (column === undefined) continue;
    return {
      why: `Refused, because ${reason}, and columns of this target are masked for you, ${spoken(column)} among them.`,
      next: 'Do without it, or ask somebody for whom nothing on this target is masked to do it.',
    };
  }
  return null;
}

function unreadable({ findings }: Examined, masks: EffectiveMasks): Refusal | null {
  for (const reference of findings.references.values()) {
    const { relation, role } = reference;
    if (role === 'maintained') continue;
    const why = masks.refusal(relation);
    if (why !== null) return { why: `Refused, because ${why}.`, next: ASK };
    const left = isOnly(reference) ? masks.leftBy(relation) : null;
    if (left !== null) {
      return {
        why: `Refused, because which rows are in ${spokenOf(relation)} itself, and not in its children, tells of ${spoken(left)}, which is masked for you.`,
        next: 'Work on the table with its children.',
      };
    }
  }
  return null;
}

/** Whether the rows of children are left out; COPY of a table does so unasked. */
export function isOnly({ node, role, relation }: Reference): boolean {
  return node.inh !== true || (role === 'copied' && relation.kind === 'r');
}

/**
 * Whether a plan is shown of a statement in which every masked column reads as NULL: then neither estimates nor what
 * ran depend on what is masked.
 */
export function plansUnread({ explained, estimatesOnly, timesSelect }: Findings): boolean {
  return explained && (estimatesOnly || timesSelect);
}

const STORED: ReadonlySet<string> = new Set(['r', 'p', 'm']);

function explained({ findings, names }: Examined, masks: EffectiveMasks): Refusal | null {
  if (!findings.explained) return null;
  for (const { relation, role } of findings.references.values()) {
    const masked = masks.maskedColumns(relation);
    const isWhole = role === 'target' && takesWholeRows(names, relation);
    const isTelling = (column: Column) => {
      if (!plansUnread(findings)) return true;
      // What is written is no reference that can be replaced.
      if (role !== 'read') return isWhole || findings.seen.has(column);
      // A view computes on what is behind it.
      if (!STORED.has(relation.kind)) return true;
      // A plan with NULL in place of what is searched for would be another one.
      return findings.conditions.has(column);
    };
    // Widths of what a view's query takes along and nobody uses stand in a plan, too.
    const within = role === 'read' || isWhole ? referredTo(names, relation) : [];
    // How many rows a partition has tells of its key.
    const parted = masks.partsBelow(relation);
    const hidden = within.filter((column) => masks.maskOf(column) !== null);
    const [column] = [...masked.filter(isTelling), ...(parted === null ? [] : [parted]), ...hidden];
    if (column === undefined) continue;
    return {
      why: `Refused, because a plan's estimates tell of ${spoken(column)}, which is masked for you.`,
      next: plansUnread(findings)
        ? 'Leave the column out, or ask for the mask to be lifted.'
        : 'EXPLAIN works without VERBOSE, and of a SELECT with ANALYZE, BUFFERS and TIMING too.',
    };
  }
  const listed = toldByLists(names, findings, (column) => masks.maskOf(column) !== null, masks.hidesCounts);
  if (listed === undefined) return null;
  return {
    why: `Refused, because a plan's estimates come of statistics that list what ${spokenOf(listed.relation)} has in several columns together, and ${spoken(listed)} among them is masked for you.`,
    next: 'Ask for a plan with one condition less, or ask the owner for statistics without that column.',
  };
}

/** Whether a write gives whole rows of a view to a trigger that stands in for it. */
function takesWholeRows(names: Names, relation: Relation): boolean {
  const written = [relation, ...writtenBehind(names, relation)];
  return written.some(({ kind, oid }) => kind === 'v' && names.catalogue.triggersOn(oid).length > 0);
}

/** The columns that a view's query, and those of views behind it, refer to. */
function referredTo(names: Names, relation: Relation): Column[] {
  if (relation.kind !== 'v' || isSystemSchema(relation.schema)) return [];
  const views = viewsBehind(names, relation).filter(({ schema }) => !isSystemSchema(schema));
  return views.flatMap(({ oid }) => names.catalogue.columnsBehind(oid));
}

/** Who may write a guess and read its token can try every value there is. */
function tokenWritten({ findings, names }: Examined, masks: EffectiveMasks): Refusal | null {
  const made = allWrites(findings, names)
    .filter(({ by }) => by !== 'delete')
    .flatMap(({ relation }) => relation.columns.filter((column) => column.generated));
  // A sequence gives the value that somebody has set it to.
  const counted = [...findings.filled].filter((column) =>
    isCounted(names.catalogue.defaultExpressionOf(column)),
  );
  for (const column of [...findings.written, ...made, ...counted]) {
    const mask = masks.maskOf(column);
    if (mask === null || !tellsEquality(mask)) continue;
    return {
      why: `Refused, because equal values of ${spoken(column)} look equal to you, and who writes values of their own there could tell by that whose value equals theirs.`,
      next: 'Leave that column as it is, or ask somebody for whom it is not masked to write it.',
    };
  }
  return null;
}

/**
 * The same of columns that are not there yet: what is made under a name that a rule masks would come as tokens from then on.
 * Of what comes masked itself nobody chooses the value.
 */
export function tokenMade(
  made: readonly MadeColumn[],
  named: readonly ColumnMask[],
  masks: EffectiveMasks,
): Refusal | null {
  for (const { copyOf, ...ref } of made) {
    const telling = named.some(({ column, mask }) => isSameColumn(column, ref) && tellsEquality(mask));
    const from = copyOf === null ? null : masks.maskOf(copyOf);
    if (!telling || (from !== null && from.method !== 'partial')) continue;
    return {
      why: `Refused, because equal values of columns called ${ref.column} look equal to you, and who makes ${ref.schema}.${ref.relation}.${ref.column} of values of their own could tell by that whose value equals theirs.`,
      next: 'Give the column another name, or ask somebody for whom it is not masked.',
    };
  }
  return null;
}

/** A mask that is written where a value should be is damage that nobody sees. */
function maskStored({ findings }: Examined, masks: EffectiveMasks): Refusal | null {
  for (const column of findings.stored) {
    if (masks.maskOf(column) === null) continue;
    return {
      why: `Refused, because the statement would write the mask of ${spoken(column)} in place of its value.`,
      next: 'Leave the column out, write a constant, or ask its owner to unmask it for a while.',
    };
  }
  return null;
}

function targetReads(
  { findings }: Examined,
  masks: EffectiveMasks,
  lookups: readonly Lookup[],
  telling: ReadonlySet<Column>,
): Refusal | null {
  const found = new Set(lookups.map(({ ref }) => ref));
  for (const target of findings.targetReads) {
    if (isReturned(findings, target) || (target.ref !== null && found.has(target.ref))) continue;
    const { relation, column, clause } = target;
    if (target.ref === null && clause === 'ON CONFLICT' && column !== null && telling.has(column)) continue;
    const read = column === null ? masks.maskedColumns(relation)[0] : column;
    if (read === undefined || masks.maskOf(read) === null) continue;
    const where = clause === '' ? '' : ` in ${clause}`;
    return {
      why: `Refused, because the statement reads ${spoken(read)}${where}, which is masked for you.`,
      next: column === null ? 'Name the columns that you need in place of the whole row.' : ASK,
    };
  }
  return null;
}

function definitions(examined: Examined, masks: EffectiveMasks): Refusal | null {
  const { findings, names } = examined;
  for (const { relation, role, node } of findings.references.values()) {
    if (role !== 'altered') continue;
    const reshaped = findings.reshaped.get(node) ?? columnsBelow(names.catalogue, relation);
    const column = [...reshaped].find((own) => masks.maskOf(own) !== null);
    if (column === undefined) continue;
    return {
      why: `Refused, because a change to ${relation.schema}.${relation.name} can show or uncover ${spoken(column)}, which is masked for you.`,
      next: 'Ask somebody for whom it is not masked to make the change.',
    };
  }
  for (const column of findings.probed) {
    if (masks.maskOf(column) === null) continue;
    return {
      why: `Refused, because an index or key on ${spoken(column)} would tell whether a value exists, and it is masked for you.`,
      next: 'Ask somebody for whom it is not masked to make the change.',
    };
  }
  return askedTwice(examined, masks) ?? computedAnew(examined, masks) ?? askedKeys(examined, masks);
}

/** Of a relation and its children, to which a change of it goes on: a column that is added becomes theirs of its name. */
function columnsBelow(catalogue: CatalogueView, relation: Relation): Column[] {
  const children = [...catalogue.descendants(relation.oid)].flatMap(
    (oid) => catalogue.relationByOid(oid) ?? [],
  );
  return [relation, ...children].flatMap(({ columns }) => columns);
}

/** Whoever may write a row that a materialised view shows could tell by its unique index whether there is another. */
function askedTwice({ findings, names }: Examined, masks: EffectiveMasks): Refusal | null {
  for (const view of findings.asksTwice) {
    const unique = names.catalogue
      .constraintsOn(view.oid)
      .filter((index) => (view.kind === 'm' ? index.type === 'u' : isUnfilled(index)));
    const masked = unique
      .flatMap(({ columns }) => columnsOf(view, columns))
      .find((column) => masks.maskOf(column) !== null);
    const picked = masks.refusal(view);
    const why = masked === undefined ? picked : `it looks at ${spoken(masked)}, which is masked for you`;
    if (why === null) continue;
    return {
      why: `Refused, because a unique index would tell whether two rows of ${view.schema}.${view.name} are alike, and ${why}.`,
      next: 'Ask somebody for whom it is not masked to do it.',
    };
  }
  return null;
}

/** What is computed as a view is filled, or statistics are made, tells of values by failing. */
function computedAnew({ findings, names: { catalogue } }: Examined, masks: EffectiveMasks): Refusal | null {
  const isMasked = (column: Column) => masks.maskOf(column) !== null;
  for (const view of findings.refreshed) {
    const indexed = catalogue
      .constraintsOn(view.oid)
      .filter(({ type }) => type === 'computed')
      .map(({ columns }) => columnsOf(view, columns))
      .find((columns) => columns.length > 1 && columns.some(isMasked));
    const masked = masks.failingIn(view) ?? indexed?.find(isMasked);
    if (masked !== undefined) return failing(`${view.schema}.${view.name} is filled`, masked);
  }
  for (const relation of findings.analysed) {
    const masked = columnsOf(relation, catalogue.columnsOfStatistics(relation.oid)).find(isMasked);
    if (masked !== undefined) return failing('statistics are made', masked);
  }
  return null;
}

function failing(when: string, column: Column): Refusal {
  return {
    why: `Refused, because as ${when} something is computed of ${spoken(column)}, which is masked for you, and whether that fails would tell of it.`,
    next: 'Ask somebody for whom it is not masked to do it.',
  };
}

/** A key that is asked of rows that are there, of values that are computed anew, or of a default that is yet to come. */
function askedKeys({ findings, names }: Examined, masks: EffectiveMasks): Refusal | null {
  for (const asked of findings.askedKeys) {
    const masked = askedEnds(names, asked).find((column) => masks.maskOf(column) !== null);
    if (masked === undefined) continue;
    const { schema, name } = asked.relation;
    return {
      why: `Refused, because a foreign key of or to ${schema}.${name} would tell whether a value exists in ${spoken(masked)}, which is masked for you.`,
      next: 'Ask somebody for whom it is not masked to make the change.',
    };
  }
  return null;
}

/** Whether a row can be locked tells whether a row that its transaction has written twice refers to it. */
function locked({ findings, names, related }: Examined, masks: EffectiveMasks): Refusal | null {
  if (!findings.locksKeys) return null;
  for (const relation of related) {
    const referring = referringColumns(names.catalogue, relation).find((own) => masks.maskOf(own) !== null);
    if (referring === undefined) continue;
    return {
      why: `Refused, because FOR UPDATE could tell which rows of ${relation.schema}.${relation.name} ${spoken(referring)} refers to, and that is masked for you.`,
      next: 'Use FOR NO KEY UPDATE, which goes together with foreign keys that refer to a row.',
    };
  }
  return null;
}

function systemColumns({ findings, names }: Examined, masks: EffectiveMasks): Refusal | null {
  for (const [relation, used] of findings.systemColumns) {
    // In the server's own relations nothing but columns that show others' statements is hidden.
    if (relation.schema === 'pg_catalog') continue;
    const referring = used.has('xmax') ? referringColumns(names.catalogue, relation) : [];
    const locking = referring.find((other) => masks.maskOf(other) !== null);
    if (locking !== undefined) {
      return {
        why: `Refused, because system column xmax of ${relation.schema}.${relation.name} tells which of its rows ${spoken(locking)} refers to, and that is masked for you.`,
        next: 'Leave xmax out.',
      };
    }
    const [column] = masks.maskedColumns(relation);
    if (column === undefined) continue;
    const tells = masks.partsBelow(relation) !== null || relation.kind === 'v';
    // Of a relation that is only written the rest tells nothing: an upsert asks `xmax` whether it has inserted.
    const isRead = [...findings.references.values()].some(
      (reference) => reference.relation === relation && reference.role === 'read',
    );
    if (!isRead && !tells) continue;
    // `*` of a select list is written out; a whole row can't be.
    const isWhole = (findings.starred.get(relation) ?? 0) > (findings.listed.get(relation) ?? 0);
    const name = [...used].find((own) => tells || isWhole || !HARMLESS_SYSTEM_COLUMNS.has(own));
    if (name === undefined) continue;
    return {
      why: `Refused, because system column ${name} of ${relation.schema}.${relation.name} is not available where ${spoken(column)} is masked${isWhole ? ' and the whole row is used' : ''}.`,
      next: `Leave ${name} out${isWhole ? ', or name the columns in place of the row' : ''}.`,
    };
  }
  return null;
}
