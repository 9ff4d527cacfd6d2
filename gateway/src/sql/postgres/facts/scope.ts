import type { Node } from 'libpg-query';
import type { Column, Relation } from '../catalogue/catalogue.ts';
import { NO_SOURCES, type Sources, union } from './findings.ts';

/** A column that an expression can name. */
export type Visible = {
  name: string;
  sources: Sources;
  /** The column whose value this is, unchanged; null when it is computed. */
  copyOf: Column | null;
  /** Whether it is NULL where its sources are and nowhere else: of a set operation's columns, and masks that a view keeps. */
  nullAsSources?: boolean;
  /** Set when it belongs to the relation that the statement writes. */
  target: Relation | null;
};

/** One entry that a qualified name can point at. */
export type Range = {
  alias: string;
  /** Set for a relation without alias, which may be named with its schema. */
  schema: string | null;
  columns: Visible[];
  /** Null when `columns` is everything; otherwise what a column that isn't listed is computed from. */
  rest: Sources | null;
  /** The relation whose system columns can be named. */
  relation: Relation | null;
  target: Relation | null;
};

/** What one item of FROM contributes: names to qualify with, and columns in the order of `*`. */
export type FromItem = { ranges: Range[]; columns: Visible[]; rest: Sources | null };

/** A query's result columns. */
export type Result = { columns: Visible[]; rest: Sources | null };

export type CteScope = { name: string; result: () => Result | null; outer: CteScope | null };

export type WindowScope = ReadonlyMap<string, Node>;

export type Scope = {
  items: FromItem[];
  outer: Scope | null;
  ctes: CteScope | null;
  /** Names of output columns that ORDER BY and GROUP BY may use. */
  outputs: Visible[];
  windows: WindowScope;
  /** For refusals: "WHERE", "SET", "RETURNING". */
  clause: string;
};

export function emptyScope(outer: Scope | null, ctes: CteScope | null): Scope {
  return { items: [], outer, ctes, outputs: [], windows: new Map(), clause: '' };
}

export function visible(name: string, sources: Sources, copyOf: Column | null = null): Visible {
  return { name, sources, copyOf, target: null };
}

/** Whether it is NULL for no other reason than that what it is made of is. */
export function isNullAsSources({ sources, copyOf, nullAsSources }: Visible): boolean {
  return copyOf !== null || nullAsSources === true || sources.size === 0;
}

export function sourcesOf(columns: readonly Visible[], rest: Sources | null): Sources {
  return union(...columns.map((column) => column.sources), rest ?? NO_SOURCES);
}

/** A FROM item of a single range. */
export function itemOf(range: Range): FromItem {
  return { ranges: [range], columns: range.columns, rest: range.rest };
}

export function rangeOfRelation(relation: Relation, alias: string | null, isTarget = false): Range {
  const target = isTarget ? relation : null;
  const columns = relation.columns.map((column) => ({
    name: column.name,
    sources: new Set([column]),
    copyOf: column,
    target,
  }));
  return {
    alias: alias ?? relation.name,
    schema: alias === null ? relation.schema : null,
    columns,
    rest: null,
    relation,
    target,
  };
}

/** Applies `alias (a, b)` to columns: the first ones are renamed. */
export function renamed(columns: readonly Visible[], names: readonly (string | null)[]): Visible[] {
  return columns.map((column, index) => {
    const name = names[index];
    return name === undefined || name === null ? column : { ...column, name };
  });
}
