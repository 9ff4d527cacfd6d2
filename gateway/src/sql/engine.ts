import type { ColumnMask, RowFilter } from '../../contract/decision.ts';
import type { ColumnLookup, ColumnRef, SqlFacts, ThroughRef } from '../../contract/facts.ts';
import type { CatalogueVersion } from '../../contract/ids.ts';

/** What name resolution and semantics depend on besides the catalogue; asked of the server, not simulated. */
export type SqlSessionState = {
  /** `current_schemas(true)`, in order. */
  searchPath: readonly string[];
  /** `current_user`. */
  role: string;
  /** Relations of this session's pg_temp schema, as loaded by the catalogue queries; usually empty. */
  temporary: unknown;
  /** SQL-level `PREPARE name AS …` and `DECLARE name CURSOR FOR …` in force: name → statement text as written. */
  prepared: ReadonlyMap<string, string>;
  cursors: ReadonlyMap<string, string>;
};

/**
 * What must be done after a statement ran, because it may have changed what later ones mean. `catalogue` means
 * the session's state as well. The analysis of statements that follow in the same text is void after anything
 * but `none`: analyse them again.
 */
export type SessionEffect = 'none' | 'sessionState' | 'catalogue' | 'transactionEnd';

/** A result column's lineage: every column whose value it carries or is computed from. */
export type OutputColumn = {
  name: string;
  sources: ColumnRef[];
  /** The sources and, behind those of views, the columns that the views show; each with what it came through. */
  origins: Origin[];
};

/** A column that a value comes from, and through what, from there to the result. */
export type Origin = ColumnRef & { through: Step[] };
export type Step = { kind: 'view' | 'with' | 'subquery'; name: string };

/** A query's select list: UTF-16 offsets of the whole, and its items, of which `start` is null when `*` stands for it. */
export type SelectList = {
  start: number;
  end: number;
  items: Array<{ name: string; text: string; start: number | null }>;
};

/** Queries for the rows that an UPDATE or DELETE finds. `parameters`: which of the statement's they have, in order. */
export type FoundRows = { count: string; maxCounted: number; sample: string; parameters: number[] };

/** What a statement's tree tells of what it would do. */
export type Outline = {
  found: FoundRows | null;
  /** Columns that an UPDATE sets. */
  sets: string[];
  /** TRUNCATE … CASCADE. */
  emptiesReferring: boolean;
  /** DDL and the like: the lock on what is written, by PostgreSQL's name, and what it does beyond its words. */
  definition: { lock: string | null; effects: string[] } | null;
  /** Columns of which the planner's estimates tell though the statement doesn't ask for them: lists of values have them. */
  listed: ColumnRef[];
};

/** How COPY … TO STDOUT writes its lines, which are text; bytes of ASCII. */
export type CopyFormat = { kind: 'text' | 'csv'; delimiter: number; quote: number; escaping: number };

export type AnalysedStatement = {
  /** UTF-16 offsets in the text; `end` is exclusive and leaves out the semicolon. */
  start: number;
  end: number;
  text: string;
  facts: SqlFacts;
  /** Every column of every relation the statement touches: what `Question.columns` wants. */
  touched: ColumnRef[];
  /** What it works on without naming it. */
  through: ThroughRef[];
  outputs: OutputColumn[] | null;
  /** For COPY … TO: how it writes; null for binary, and for every other statement. */
  copyTo: CopyFormat | null;
  /** Number of parameters ($1 …) it uses. */
  parameters: number;
  /** The name that PREPARE or DECLARE gives to its query, as the server keeps it. */
  naming: string | null;
  effect: SessionEffect;
  /** It makes lasting, or has checked, what statements before it did: COMMIT, SET CONSTRAINTS … IMMEDIATE. */
  concludes: boolean;
  /** Those that differ from it in constants alone do the same, with other values. */
  shaped: boolean;
};

export type Analysis =
  | { kind: 'analysed'; statements: AnalysedStatement[] }
  /** Not parsed: blocked as a whole. `position` is a UTF-16 offset. */
  | { kind: 'unparsed'; message: string; position: number | null };

export type Rewrite =
  /**
   * `text` is the statement to execute. Equal to the input when nothing had to change. `rowByRow`: it works on rows in an
   * order that tells of what is masked, so that nothing may tell which of them has failed first.
   */
  | { kind: 'rewritten'; text: string; rowByRow?: true }
  /** The masks can't be enforced on this statement; `why` is a sentence for people. */
  | { kind: 'refused'; why: string; next: string };

/**
 * How masks are enforced: by queries that stand in the statement, or by views of the target (docs/TARGETS.md), which
 * a role reads that has no right to the columns behind them.
 */
export type Masking = 'inlined' | 'prepared';

export type AnalyseRequest = {
  text: string;
  catalogue: CatalogueVersion;
  session: SqlSessionState;
  /** `schema.name` of functions that the policy declares reviewed. */
  reviewedFunctions: ReadonlySet<string>;
  /** `inlined` when it isn't said. */
  masking?: Masking;
};

/** What of a relation is there at all, and what may be asked of its masked columns. */
export type RowRestrictions = { rows?: readonly RowFilter[]; lookups?: readonly ColumnLookup[] };

/**
 * Parse, facts, lineage and rewrite for one SQL dialect, off the main thread. Pure: the same request gives
 * the same answer. Never throws for bad SQL; a dead worker is replaced and the request answered `unparsed`.
 */
export interface SqlEngine {
  /**
   * Makes a catalogue snapshot known, or says that it is in use. Of the same target, versions that were so longer ago may be
   * forgotten: whoever asks says it before, and needs not wait for it.
   */
  learn(target: string, version: CatalogueVersion, snapshot: unknown): Promise<void>;
  analyse(request: AnalyseRequest): Promise<Analysis>;
  /** The select list of a text's only statement; null when leaving an item out could change what the others mean. */
  selectList(request: AnalyseRequest): Promise<SelectList | null>;
  /** What the tree of a text's only statement tells; null when there is no such statement. */
  outline(request: AnalyseRequest): Promise<Outline | null>;
  /**
   * Rewrites statement `index` of `request.text` so that it only reads masked values, and rows that pass their
   * filters. Tokens need a connection that was started with `tokenKeySettings`.
   */
  rewrite(
    request: AnalyseRequest,
    index: number,
    masks: readonly ColumnMask[],
    restrictions?: RowRestrictions,
  ): Promise<Rewrite>;
  close(): Promise<void>;
}
