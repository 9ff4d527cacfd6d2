import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { SqlFacts } from '../../../../contract/facts.ts';
import type { SqlSessionState } from '../../../sql/engine.ts';
import { sessionStateQuery } from '../../../sql/postgres/catalogue/queries.ts';
import { decodeSessionState, type SnapshotRelation } from '../../../sql/postgres/catalogue/snapshot.ts';
import { isApplicationSetting } from '../../../sql/postgres/facts/allowed/settings.ts';
import { OwnQuestion } from '../upstream/own-question.ts';
import { OWN_NAME_PREFIX } from '../upstream/upstream.ts';

const Names = z.array(z.string());
const StateRow = z.tuple([
  z.looseObject({ prepared: Names, cursors: Names, statements: Names, settings: z.string() }),
]);
const InitialRow = z.tuple([z.looseObject({ settings: z.string() })]);

/** What a session may set, and what a constant, a cast or a row policy of the same text then means differs by. */
const MEANING =
  `DateStyle IntervalStyle TimeZone timezone_abbreviations bytea_output extra_float_digits lc_monetary
  lc_numeric lc_time default_text_search_config xmloption xmlbinary row_security search_path`.split(/\s+/);
const SETTINGS = settingsOf([]);

/** Settings by name, as one JSON object, in which those that applications have for themselves follow the server's. */
function settingsOf(own: readonly string[]): string {
  const values = [...MEANING, ...own].map((name) => `'${name}', pg_catalog.current_setting('${name}', true)`);
  return `pg_catalog.json_build_object(${values.join(', ')})::pg_catalog.text AS settings`;
}

/** The state of a session that has just begun, in one row. */
export const INITIAL_STATE = `SELECT s.*, ${SETTINGS} FROM (${sessionStateQuery}) s`;

/** Everything that decides what a session's next statement means, in one row. `own`: names of application settings. */
function stateQuestion(own: readonly string[]): OwnQuestion {
  return OwnQuestion.rows(`SELECT s.*, ${settingsOf(own)},
  (SELECT coalesce(pg_catalog.json_agg(p.name), '[]'::pg_catalog.json)
    FROM pg_catalog.pg_prepared_statements p WHERE p.from_sql) AS prepared,
  (SELECT coalesce(pg_catalog.json_agg(p.name), '[]'::pg_catalog.json)
    FROM pg_catalog.pg_prepared_statements p WHERE NOT p.from_sql) AS statements,
  (SELECT coalesce(pg_catalog.json_agg(c.name), '[]'::pg_catalog.json)
    FROM pg_catalog.pg_cursors c) AS cursors
  FROM (${sessionStateQuery}) s`);
}

/** Of a session without application settings: one text for all of them. */
const USUAL_QUESTION = stateQuestion([]);

/**
 * A statement that later ones refer to by name: as the client wrote it, and as it was sent upstream. Where a rule asks,
 * that somebody `approved` its making lets it be named; using it is asked for by itself.
 */
export type NamedStatement = { text: string; enforcedText: string; approved: boolean };
type Naming = 'prepare' | 'declare';

/** A session's state as upstream last told it. */
export type KnownState = {
  sql: SqlSessionState;
  /** Of all that a statement's meaning depends on, */
  digest: string;
  /** and of that without what PREPARE and DECLARE have named: what those stand for never names another. */
  namelessDigest: string;
  /** The setting search_path, which `sql.searchPath` comes of. */
  path: string;
  /** OIDs of its temporary relations. */
  temporary: ReadonlySet<number>;
  /** Settings that change what a statement does and not what its names mean: a JSON object, null where there is none. */
  settings: string;
};

const oidsOf = (relations: readonly SnapshotRelation[]) => new Set(relations.map(({ oid }) => oid));

/** The state of a session that has just begun, of the rows of `INITIAL_STATE`. */
export function initialState(rows: readonly unknown[]): KnownState {
  const { searchPath, path, role, temporary, digest } = decodeSessionState(rows);
  const sql = { searchPath, role, temporary, prepared: new Map(), cursors: new Map() };
  const [{ settings }] = InitialRow.parse(rows);
  return { sql, digest, namelessDigest: digest, path, temporary: oidsOf(temporary), settings };
}

/**
 * What a session's statements depend on besides the catalogue. It is asked of upstream, never simulated: after
 * anything that may have changed it, it is `dirty` until asked again.
 */
export class SessionState {
  dirty = true;
  #known: KnownState = EMPTY;
  #stateDigest = '';
  /** What PREPARE and DECLARE made, by name. */
  readonly #named: Record<Naming, Map<string, NamedStatement>> = { prepare: new Map(), declare: new Map() };
  /** Names of protocol-level statements that upstream still has. */
  #statements: ReadonlySet<string> = new Set();
  /** Every name that upstream had when it was last asked, whether or not it is known what it stands for. */
  readonly #present: Record<Naming, ReadonlySet<string>> = { prepare: new Set(), declare: new Set() };
  /** Application settings that were set: the server lists them nowhere, and is asked for each. */
  readonly #ownSettings = new Set<string>();
  #question = USUAL_QUESTION;
  #naming: { action: Naming; name: string; statement: NamedStatement } | null = null;

  get known(): KnownState {
    return this.#known;
  }

  get statements(): ReadonlySet<string> {
    return this.#statements;
  }

  /** A PREPARE or DECLARE was sent; the next answer tells whether it succeeded. */
  willName(action: Naming, name: string, statement: NamedStatement): void {
    this.#naming = { action, name, statement };
  }

  /** A statement was sent that sets these. */
  willSet(settings: SqlFacts['settings']): void {
    for (const { name } of settings) {
      if (!isApplicationSetting(name) || this.#ownSettings.has(name)) continue;
      this.#ownSettings.add(name);
      this.#question = stateQuestion([...this.#ownSettings].sort());
    }
  }

  /** What upstream is asked; `learn` takes its answer. */
  get question(): OwnQuestion {
    return this.#question;
  }

  /** Whether PREPARE or DECLARE made anything that is in force. */
  get hasNames(): boolean {
    return this.#named.prepare.size + this.#named.declare.size > 0;
  }

  /** Everything that PREPARE and DECLARE made and that is in force. */
  named(): Array<{ action: Naming; name: string; statement: NamedStatement }> {
    const of = (action: Naming) =>
      [...this.#named[action]].map(([name, statement]) => ({ action, name, statement }));
    return [...of('prepare'), ...of('declare')];
  }

  /**
   * Forgets a name whose statement no longer means what it was granted as, or that may stand for another one now:
   * both protocols name in the same space.
   */
  forget(action: Naming, name: string): void {
    if (this.#naming?.action === action && this.#naming.name === name) this.#naming = null;
    if (!this.#named[action].delete(name)) return;
    this.#known = { ...this.#known, ...this.#view(this.#known.sql, this.#stateDigest) };
  }

  /** Takes the answer to `question`. @throws ZodError when it has another shape. */
  learn(answer: unknown): void {
    const told = decodeSessionState(z.array(z.unknown()).parse(answer));
    const { searchPath, path, role, temporary, digest } = told;
    const [{ prepared, cursors, statements, settings }] = StateRow.parse(answer);
    this.#keepNames(prepared, 'prepare');
    this.#keepNames(cursors, 'declare');
    this.#naming = null;
    this.#statements = new Set(statements);
    this.#stateDigest = digest;
    const view = this.#view({ searchPath, role, temporary }, digest);
    this.#known = { ...view, path, temporary: oidsOf(temporary), settings };
    this.dirty = false;
  }

  #keepNames(names: readonly string[], action: Naming): void {
    const known = this.#named[action];
    for (const name of known.keys()) if (!names.includes(name)) known.delete(name);
    const before = this.#present[action];
    this.#present[action] = new Set(names);
    const naming = this.#naming;
    // A name that was in force already can't have been made again: that statement failed.
    if (naming?.action !== action || before.has(naming.name) || !names.includes(naming.name)) return;
    if (!naming.name.startsWith(OWN_NAME_PREFIX)) known.set(naming.name, naming.statement);
  }

  #view(
    state: Pick<SqlSessionState, 'searchPath' | 'role' | 'temporary'>,
    digest: string,
  ): Pick<KnownState, 'sql' | 'digest' | 'namelessDigest'> {
    const texts = (named: Map<string, NamedStatement>) =>
      new Map([...named].map(([name, statement]) => [name, statement.text]));
    const prepared = texts(this.#named.prepare);
    const cursors = texts(this.#named.declare);
    const names = prepared.size + cursors.size === 0 ? '' : digestOf([[...prepared], [...cursors]]);
    const { searchPath, role, temporary } = state;
    const sql = { searchPath, role, temporary, prepared, cursors };
    return { sql, digest: digest + names, namelessDigest: digest };
  }
}

/** As long as what it stands for may become: it is part of the key of all that is remembered of a session's statements. */
function digestOf(names: unknown): string {
  return createHash('sha256').update(JSON.stringify(names)).digest('hex');
}

const EMPTY: KnownState = {
  sql: { searchPath: [], role: '', temporary: [], prepared: new Map(), cursors: new Map() },
  digest: '',
  namelessDigest: '',
  path: '',
  temporary: new Set(),
  settings: '',
};
