import type { ColumnRef } from 'libpg-query';
import type { Column, Relation } from '../catalogue/catalogue.ts';
import { bodyOf, textOf } from '../parse/node.ts';
import { countingColumns } from './allowed/counting.ts';
import { hiddenColumns } from './allowed/relations.ts';
import { NO_SOURCES, type Sources, union } from './findings.ts';
import { generatedFlow } from './generated.ts';
import { type FromItem, type Range, type Scope, sourcesOf, type Visible, visible } from './scope.ts';
import type { Walk } from './walk.ts';

/** `oid` is a column like others since PostgreSQL 12. */
const SYSTEM_COLUMNS = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid']);

/** What a column reference means. */
export type Meaning = {
  sources: Sources;
  /** The columns it stands for: one, or all of a range for `alias.*` and whole rows; null when unknown. */
  columns: Visible[] | null;
  /** A field of a whole row: `(c).email`. Null when this is no whole row. */
  field: (name: string) => Sources | null;
  /** Set when it is a whole row of this relation. */
  row: Relation | null;
};

const NOTHING: Meaning = { sources: NO_SOURCES, columns: null, field: () => null, row: null };

/** Resolves `a`, `t.a`, `s.t.a`, `t.*`, `*` and whole rows. Spec: manual, "Column References". */
export function lookUp(walk: Walk, ref: ColumnRef, scope: Scope): Meaning {
  const { targetReads } = walk.findings;
  const before = targetReads.length;
  const meaning = meaningOf(walk, ref, scope);
  for (const read of targetReads.slice(before)) read.ref = ref;
  return meaning;
}

function meaningOf(walk: Walk, ref: ColumnRef, scope: Scope): Meaning {
  walk.findings.visited.add(ref);
  const fields = ref.fields ?? [];
  const star = bodyOf(fields.at(-1), 'A_Star') !== undefined;
  const parts = (star ? fields.slice(0, -1) : fields).map((field) => textOf(field) ?? '');
  if (star && parts.length === 0) return everything(walk, scope);
  const first = parts[0] ?? '';
  if (parts.length === 1 && !star) return unqualified(walk, first, scope);
  const rangeParts = star ? parts : parts.slice(0, -1);
  const range = findRange(scope, rangeParts);
  if (range !== null) {
    noteQualified(walk, ref, range, rangeParts);
    return star ? wholeRow(walk, range, scope) : named(walk, range, parts.at(-1) ?? '', scope);
  }
  // `a.b` can also be field b of a composite column a, and `t.a.b` field b of t.a.
  const composite = compositeColumn(walk, parts, scope);
  if (composite !== null) return composite;
  walk.findings.unknowns.add(
    `${parts.join('.')}${star ? '.*' : ''} does not resolve to a table or column in reach`,
  );
  return NOTHING;
}

function noteQualified(walk: Walk, ref: ColumnRef, range: Range, parts: readonly string[]): void {
  if (parts.length < 2 || range.relation === null) return;
  walk.findings.qualified.set(ref, { relation: range.relation, node: ref });
}

function everything(walk: Walk, scope: Scope): Meaning {
  const columns = scope.items.flatMap((item) => item.columns);
  const open = scope.items.some((item) => item.rest !== null);
  for (const column of columns) noteTarget(walk, column, scope, aliasOf(scope, column));
  for (const { relation } of scope.items.flatMap((item) => item.ranges)) noteStarred(walk, relation);
  const sources = sourcesOf(columns, null);
  const rest = scope.items.map((item) => item.rest ?? NO_SOURCES);
  const all = open ? new Set([...sources, ...rest.flatMap((set) => [...set])]) : sources;
  return { sources: all, columns: open ? null : columns, field: () => null, row: null };
}

/**
 * A column of the nearest query level that has one of this name; only where no level has, the nearest whole row
 * (transformColumnRef in the server's parse_expr.c). What an item of FROM may have on the way counts besides.
 */
function unqualified(walk: Walk, name: string, scope: Scope): Meaning {
  const possible: Sources[] = [];
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    const meaning = columnAt(walk, name, at, scope);
    if (meaning !== null) return orPossible(meaning, name, possible);
    for (const { rest } of at.items) if (rest !== null) possible.push(rest);
  }
  const range = findRange(scope, [name]);
  if (range !== null) return orPossible(wholeRow(walk, range, scope), name, possible);
  if (possible.length > 0) return orPossible(NOTHING, name, possible);
  walk.findings.unknowns.add(`column ${name} does not exist in the tables in reach`);
  return NOTHING;
}

/** Whether a query level has, or may have, a column of this name. */
export function mayHaveColumn({ items }: Scope, name: string): boolean {
  if (SYSTEM_COLUMNS.has(name) && items.flatMap(withSystemColumns).length > 0) return true;
  return items.some(({ columns, rest }) => rest !== null || columns.some((column) => column.name === name));
}

/** The column of this name that a query level has for sure; null when it has none. */
function columnAt(walk: Walk, name: string, at: Scope, scope: Scope): Meaning | null {
  const found = at.items.flatMap((item) => item.columns.filter((column) => column.name === name));
  const [only] = found;
  if (only !== undefined) {
    for (const column of found) noteTarget(walk, column, scope, aliasOf(at, column));
    return one(only, sourcesOf(found, null));
  }
  const ranges = SYSTEM_COLUMNS.has(name) ? at.items.flatMap(withSystemColumns) : [];
  if (ranges.length === 0) return null;
  for (const range of ranges) noteSystem(walk, range, name);
  return { ...NOTHING, columns: [visible(name, NO_SOURCES)] };
}

/** A table that stands in FROM by itself has system columns without a qualifier; a join has none, nor has a view. */
function withSystemColumns({ ranges, columns }: FromItem): Range[] {
  return ranges.filter((range) => range.columns === columns && hasSystemColumns(range));
}

function hasSystemColumns({ relation }: Range): boolean {
  return relation !== null && relation.kind !== 'v';
}

/** What a name means where items of FROM on the way to it may have a column of that name, too. */
function orPossible(meaning: Meaning, name: string, possible: readonly Sources[]): Meaning {
  if (possible.length === 0) return meaning;
  const sources = union(meaning.sources, ...possible);
  return one(visible(name, sources), sources);
}

function named(walk: Walk, range: Range, name: string, scope: Scope): Meaning {
  const found = range.columns.filter((column) => column.name === name);
  const [only] = found;
  if (only !== undefined) {
    for (const column of found) noteTarget(walk, column, scope, range.alias);
    return one(only, sourcesOf(found, null));
  }
  if (range.rest !== null) {
    walk.names.field(name);
    return one({ name, sources: range.rest, copyOf: null, target: null }, range.rest);
  }
  if (SYSTEM_COLUMNS.has(name) && hasSystemColumns(range)) {
    noteSystem(walk, range, name);
    return { ...NOTHING, columns: [visible(name, NO_SOURCES)] };
  }
  // `alias.f` is `f(alias)` when there's no such column.
  if (walk.names.field(name)) {
    const { sources } = wholeRow(walk, range, scope);
    return one(visible(name, sources), sources);
  }
  walk.findings.unknowns.add(`column ${range.alias}.${name} does not exist`);
  return NOTHING;
}

function one(column: Visible, sources: Sources): Meaning {
  return { sources, columns: [{ ...column, sources }], field: () => null, row: null };
}

function wholeRow(walk: Walk, range: Range, scope: Scope): Meaning {
  const sources = sourcesOf(range.columns, range.rest);
  noteStarred(walk, range.relation);
  for (const column of range.columns) noteHidden(walk, column);
  noteSeen(walk, sources);
  if (range.target !== null) {
    const { clause } = scope;
    walk.findings.targetReads.push({
      relation: range.target,
      column: null,
      clause,
      ref: null,
      alias: range.alias,
    });
  }
  return {
    sources,
    columns: range.rest === null ? range.columns : null,
    field: (name) => range.columns.find((column) => column.name === name)?.sources ?? null,
    row: range.relation,
  };
}

function compositeColumn(walk: Walk, parts: readonly string[], scope: Scope): Meaning | null {
  const [first = '', second = ''] = parts;
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    const column = at.items.flatMap((item) => item.columns).find((candidate) => candidate.name === first);
    if (column !== undefined) {
      noteTarget(walk, column, scope, null);
      return { ...NOTHING, sources: column.sources };
    }
    const range = parts.length > 2 ? rangeIn(at, [first]) : null;
    if (range !== null) return { ...named(walk, range, second, scope), columns: null };
  }
  return null;
}

/** The name of the range that a column without one comes of. */
function aliasOf({ items }: Scope, column: Visible): string | null {
  const ranges = items.flatMap((item) => item.ranges);
  return ranges.find((range) => range.columns.includes(column))?.alias ?? null;
}

function noteTarget(walk: Walk, column: Visible, scope: Scope, alias: string | null): void {
  noteHidden(walk, column);
  noteSeen(walk, column.sources);
  if (column.target === null) return;
  const { target: relation, copyOf } = column;
  walk.findings.targetReads.push({ relation, column: copyOf, clause: scope.clause, ref: null, alias });
}

function noteSeen(walk: Walk, sources: Sources): void {
  for (const source of sources) noteRead(walk, source);
}

/** Notes a column whose value is read: what a generated one calls counts like a call. */
export function noteRead(walk: Walk, column: Column): void {
  if (walk.findings.seen.has(column)) return;
  walk.findings.seen.add(column);
  if (!column.generated) return;
  for (const why of generatedFlow(walk.names, column).unknowns) walk.findings.unknowns.add(why);
}

export function noteStarred(walk: Walk, relation: Relation | null): void {
  const { starred } = walk.findings;
  if (relation !== null) starred.set(relation, (starred.get(relation) ?? 0) + 1);
}

function noteHidden(walk: Walk, column: Visible): void {
  const shown = column.copyOf;
  if (shown?.relation.schema !== 'pg_catalog') return;
  if (hiddenColumns.get(shown.relation.name)?.has(shown.name) === true) walk.findings.hidden.add(shown);
  if (countingColumns.get(shown.relation.name)?.test(shown.name) === true) walk.findings.counting.add(shown);
}

function noteSystem(walk: Walk, range: Range, name: string): void {
  if (range.relation === null) return;
  const names = walk.findings.systemColumns.get(range.relation) ?? new Set<string>();
  walk.findings.systemColumns.set(range.relation, names.add(name));
}

function findRange(scope: Scope, parts: readonly string[]): Range | null {
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    const range = rangeIn(at, parts);
    if (range !== null) return range;
  }
  return null;
}

/** `[alias]`, `[schema, relation]` or `[database, schema, relation]`. */
function rangeIn(scope: Scope, parts: readonly string[]): Range | null {
  const alias = parts.at(-1);
  const schema = parts.at(-2);
  for (const item of scope.items) {
    for (const range of item.ranges) {
      if (range.alias !== alias) continue;
      if (schema === undefined || range.schema === schema) return range;
    }
  }
  return null;
}
