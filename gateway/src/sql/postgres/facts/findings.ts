import type { ColumnRef, Node, RangeTableSample, RangeVar, ReturningClause, SelectStmt } from 'libpg-query';
import type { FunctionRef, StatementKind, WriteRef } from '../../../../contract/facts.ts';
import type { Step } from '../../engine.ts';
import type { Column, Relation } from '../catalogue/catalogue.ts';
import type { AskedKeys } from './altered-keys.ts';
import type { Lookup } from './lookup.ts';
import type { FirstColumns } from './output-name.ts';
import type { FromItem } from './scope.ts';

export type Sources = ReadonlySet<Column>;
export const NO_SOURCES: Sources = new Set();

/** What a statement does with a relation that it names. */
export type Role =
  /** Its rows are read: the reference can be replaced by a masking subquery. */
  | 'read'
  /** Its rows are written: INSERT, UPDATE, DELETE, MERGE, COPY FROM. */
  | 'target'
  /** COPY relation TO. */
  | 'copied'
  /** Its definition or storage is changed without its values being looked at. */
  | 'maintained'
  /** Its definition is changed, or something that computes on its values is attached to it. */
  | 'altered';

export type Reference = {
  relation: Relation;
  role: Role;
  /** The tree's node, by identity: what a rewrite replaces. */
  node: RangeVar;
  sampled: boolean;
};

/** `schema.relation.column` where the relation has no alias: the schema must go when it becomes a subquery. */
export type QualifiedUse = { relation: Relation; node: { fields?: Node[]; location?: number } };

/** A read of a column of the relation that the statement writes; `column` null stands for the whole row. */
export type TargetRead = {
  relation: Relation;
  column: Column | null;
  clause: string;
  /** The reference by which it is read; null for what only the syntax implies. */
  ref: ColumnRef | null;
  /** What the relation is called there; null when the reference is more than a column of it. */
  alias: string | null;
};

/** A RETURNING clause: what `*` stands for in it, item by item. */
export type Returning = {
  clause: ReturningClause;
  relation: Relation;
  items: readonly FromItem[];
  firstColumns: FirstColumns;
};

/** A select grouped by plain columns, or positions and names of them: what a primary key among them determines may be used ungrouped. */
export type Grouping = {
  select: SelectStmt;
  /** The byte where the first item of GROUP BY stands. */
  location: number;
  columns: ReadonlySet<Column>;
  ranges: ReadonlyArray<{ alias: string; relation: Relation }>;
};

/** Collects what is found while a statement is walked. Adding twice is the same as adding once. */
export class Findings {
  readonly references = new Map<RangeVar, Reference>();
  /** Bodies of references, calls and sub-queries that the walk has looked at. */
  readonly visited = new Set<object>();
  readonly qualified = new Map<object, QualifiedUse>();
  readonly groupings: Grouping[] = [];
  readonly targetReads: TargetRead[] = [];
  readonly returnings: Returning[] = [];
  /** Columns written by INSERT, UPDATE, MERGE and COPY FROM. */
  readonly written = new Set<Column>();
  /** Each UPDATE by itself, that of ON CONFLICT and each of a MERGE included: what it names, and the columns that it writes. */
  readonly updates: Array<{ relation: Relation; columns: Sources }> = [];
  /** Columns that INSERT, MERGE and COPY FROM leave to a default whose value somebody can know. */
  readonly filled = new Set<Column>();
  /** Columns that UPDATE, MERGE and ON CONFLICT set to their default, which is then computed for each row. */
  readonly refilled = new Set<Column>();
  /** Tables of whose rows ALTER TABLE or an index computes or asks something, one after the other. */
  readonly computedFor = new Set<Relation>();
  /** Tables to which a column is added that is filled with another value in each row. */
  readonly filledAnew = new Set<Relation>();
  /** How many constants and parameters a column is given; null when it is given anything else. */
  readonly given = new Map<Column, number | null>();
  readonly deletedFrom = new Set<Relation>();
  readonly conflicts = new Set<Relation>();
  /** Columns of what an INSERT gives that its ON CONFLICT looks at: the server asks for the right to read them in the table. */
  readonly takenOver = new Set<Column>();
  readonly systemColumns = new Map<Relation, Set<string>>();
  /** Every column that a reference resolved to, wherever it stands. */
  readonly seen = new Set<Column>();
  /** What columns came through on their way up: names of WITH and aliases of subqueries, from the inside out. */
  readonly passed = new Map<Column, Step[]>();
  readonly disclosed = new Set<Column>();
  /** Columns that values written by INSERT, UPDATE and MERGE are computed from. */
  readonly stored = new Set<Column>();
  readonly conditions = new Set<Column>();
  /** Columns that say how many rows there are: what functions that return sets are given. */
  readonly multiplying = new Set<Column>();
  /** Columns that windows part and sort rows by: as rows leave a window, so they come where nothing else orders them. */
  readonly sorted = new Set<Column>();
  /** Of a view's query: columns that something is computed of which may raise an error for some of their values. */
  failing = new Set<Column>();
  /** Those of which it is computed though nobody reads it: for windows, functions in FROM, and beside sets of rows. */
  readonly failingUnread = new Set<Column>();
  /** FOR UPDATE, for which a row waits that a foreign key's row refers to in another transaction. */
  locksKeys = false;
  /** How many parts of what was walked may raise an error as rows are looked at. */
  raising = 0;
  /** Tables that UPDATE, DELETE or MERGE joins with others, under a condition that may raise an error. */
  readonly joinedRaising = new Set<Relation>();
  /** It is a view's query that is looked at. */
  isDefinition = false;
  /** How many calls give sets of rows. */
  sets = 0;
  /** A query stands where a value does, and fails where it gives more than one row. */
  onlyOne = false;
  readonly functions = new Map<string, FunctionRef>();
  readonly settings: Array<{ name: string; value: string | null }> = [];
  readonly unknowns = new Set<string>();
  /** Reasons why this may read anything at all: refused where anything is masked for the person. */
  readonly opaque = new Set<string>();
  /** Columns of the server's own relations that are used and that show what others did. */
  readonly hidden = new Set<Column>();
  /** Foreign-key targets: the columns referred to, which must not be masked. */
  readonly probed = new Set<Column>();
  /**
   * Materialised views that a unique index asks for rows that are alike, now that they are filled or it is made, and
   * tables with one that was not made to its end and is made anew.
   */
  readonly asksTwice = new Set<Relation>();
  /** Materialised views that are filled anew. */
  readonly refreshed = new Set<Relation>();
  /** Tables that statistics are made of. */
  readonly analysed = new Set<Relation>();
  /** Foreign keys that ALTER TABLE asks of rows that are there, or of those that come later. */
  readonly askedKeys: AskedKeys[] = [];
  /** Which reference a visible column stands for as it is, by the column's identity. */
  readonly standing = new Map<object, RangeVar>();
  /** Equality with constants that may be let through to raw columns. */
  readonly lookups: Lookup[] = [];
  /** Of relations whose definition is changed: the columns that this works on, where it can be told. */
  readonly reshaped = new Map<RangeVar, Sources>();
  /** Reasons why rows of relations that it doesn't name go, or get other values: refused where any are hidden from the person. */
  readonly changesUnnamed = new Set<string>();
  /** It works on relations that it doesn't name: any of the target's own. */
  everywhere = false;
  /** Columns of the server's own relations that count rows. */
  readonly counting = new Set<Column>();
  parameters = 0;
  /** It runs a query that the session keeps by name: references then stand in another text. */
  usesStored = false;
  /** EXPLAIN: plans tell of values by their estimates. */
  explained = false;
  /** EXPLAIN with options that show neither expressions nor what ran. */
  estimatesOnly = false;
  /** EXPLAIN ANALYZE of a SELECT, with options that tell of rows, pages and time alone. */
  timesSelect = false;
  /** What the first column of a subquery in an expression is called, by its SubLink; null when that can't be told. */
  readonly firstColumns = new Map<object, string | null>();
  /** How often `*`, a whole row or NATURAL JOIN takes all columns of a relation, whichever they are. */
  readonly starred = new Map<Relation, number>();
  /** How often that is an item of a select list, which can be written out. */
  readonly listed = new Map<Relation, number>();
  /** Selects with `*` or `t.*` among their items, and what these stand for. */
  readonly starLists: Array<{ select: SelectStmt; items: readonly FromItem[] }> = [];
  /** TABLESAMPLE, by the reference that it samples. */
  readonly samples = new Map<RangeVar, RangeTableSample>();
  /** CREATE VIEW: the text is kept, and shown to whoever asks. */
  definesView = false;
  /** CREATE OR REPLACE VIEW: the view as it is. */
  readonly replaced = new Set<Relation>();
  /** What is written, CTEs included. */
  readonly writes: Array<{ relation: Relation; by: StatementKind; everyRow: boolean }> = [];
  /** What functions do that is a statement's of its own. */
  readonly calledWrites: WriteRef[] = [];
  /** Queries and set operations looked at so far. */
  queries = 0;
  /** SELECT INTO. */
  makesTable = false;

  pass({ columns }: { columns: readonly { sources: Sources }[] }, step: Step): void {
    for (const column of new Set(columns.flatMap(({ sources }) => [...sources]))) {
      const steps = this.passed.get(column) ?? [];
      if (steps.some(({ kind, name }) => kind === step.kind && name === step.name)) continue;
      this.passed.set(column, [...steps, step]);
    }
  }

  give(column: Column, count: number | null): void {
    const before = this.given.get(column);
    this.given.set(column, before === null || count === null ? null : (before ?? 0) + count);
  }

  /** Notes a default that fills a column, in so many rows; null when that can't be told. */
  fill(column: Column, rows: number | null): void {
    this.filled.add(column);
    this.give(column, rows);
  }

  disclose(sources: Sources): void {
    for (const column of sources) this.disclosed.add(column);
  }

  /** Notes what a value that is written to a relation is computed from. */
  store(sources: Sources): void {
    this.disclose(sources);
    for (const column of sources) this.stored.add(column);
  }

  multiply(sources: Sources): void {
    for (const column of sources) this.multiplying.add(column);
  }

  sort(sources: Sources): void {
    for (const column of sources) this.sorted.add(column);
  }

  fail(sources: Sources): void {
    for (const column of sources) this.failing.add(column);
  }

  /** Runs what may note something failing; `isUnread` tells then whether that is computed though nobody reads it. */
  whileFailing<T>(run: () => T, isUnread: () => boolean = () => true): T {
    const before = this.failing;
    this.failing = new Set();
    const result = run();
    const isNotRead = this.failing.size > 0 && isUnread();
    for (const column of this.failing) {
      before.add(column);
      if (isNotRead) this.failingUnread.add(column);
    }
    this.failing = before;
    return result;
  }

  condition(sources: Sources): void {
    for (const column of sources) this.conditions.add(column);
  }
}

export function union(...sets: readonly Sources[]): Sources {
  const filled = sets.filter((set) => set.size > 0);
  if (filled.length <= 1) return filled[0] ?? NO_SOURCES;
  const all = new Set<Column>();
  for (const set of filled) for (const column of set) all.add(column);
  return all;
}
