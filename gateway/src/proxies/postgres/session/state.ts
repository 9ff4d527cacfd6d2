import { z } from 'zod';
import type { SqlSessionState } from '../../../sql/engine.ts';
import { sessionStateQuery } from '../../../sql/postgres/catalogue/queries.ts';
import { decodeSessionState, type SnapshotRelation } from '../../../sql/postgres/catalogue/snapshot.ts';
import { OwnQuestion } from '../upstream/own-question.ts';
import { OWN_NAME_PREFIX } from '../upstream/upstream.ts';

const Names = z.array(z.string());
const StateRow = z.tuple([z.looseObject({ prepared: Names, cursors: Names, statements: Names })]);

/** Everything that decides what a session's next statement means, in one row. */
export const STATE_QUESTION = OwnQuestion.rows(`SELECT s.*,
  (SELECT coalesce(pg_catalog.json_agg(p.name), '[]'::pg_catalog.json)
    FROM pg_catalog.pg_prepared_statements p WHERE p.from_sql) AS prepared,
  (SELECT coalesce(pg_catalog.json_agg(p.name), '[]'::pg_catalog.json)
    FROM pg_catalog.pg_prepared_statements p WHERE NOT p.from_sql) AS statements,
  (SELECT coalesce(pg_catalog.json_agg(c.name), '[]'::pg_catalog.json)
    FROM pg_catalog.pg_cursors c) AS cursors
  FROM (${sessionStateQuery}) s`);

/** A statement that later ones refer to by name: as the client wrote it, and as it was sent upstream. */
export type NamedStatement = { text: string; enforcedText: string };
type Naming = 'prepare' | 'declare';

/** A session's state as upstream last told it. */
export type KnownState = {
  sql: SqlSessionState;
  digest: string;
  /** The setting search_path, which `sql.searchPath` comes of. */
  path: string;
  /** OIDs of its temporary relations. */
  temporary: ReadonlySet<number>;
};

const oidsOf = (relations: readonly SnapshotRelation[]) => new Set(relations.map(({ oid }) => oid));

/** The state of a session that has just begun, of the rows of `sessionStateQuery`. */
export function initialState(rows: readonly unknown[]): KnownState {
  const { searchPath, path, role, temporary, digest } = decodeSessionState(rows);
  const sql = { searchPath, role, temporary, prepared: new Map(), cursors: new Map() };
  return { sql, digest, path, temporary: oidsOf(temporary) };
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
    const { sql, path, temporary } = this.#known;
    this.#known = { ...this.#view(sql, this.#stateDigest), path, temporary };
  }

  /** Takes the answer to `STATE_QUESTION`. @throws ZodError when it has another shape. */
  learn(answer: unknown): void {
    const told = decodeSessionState(z.array(z.unknown()).parse(answer));
    const { searchPath, path, role, temporary, digest } = told;
    const [{ prepared, cursors, statements }] = StateRow.parse(answer);
    this.#keepNames(prepared, 'prepare');
    this.#keepNames(cursors, 'declare');
    this.#naming = null;
    this.#statements = new Set(statements);
    this.#stateDigest = digest;
    const view = this.#view({ searchPath, role, temporary }, digest);
    this.#known = { ...view, path, temporary: oidsOf(temporary) };
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
  ): Pick<KnownState, 'sql' | 'digest'> {
    const texts = (named: Map<string, NamedStatement>) =>
      new Map([...named].map(([name, statement]) => [name, statement.text]));
    const prepared = texts(this.#named.prepare);
    const cursors = texts(this.#named.declare);
    const names = prepared.size + cursors.size === 0 ? '' : JSON.stringify([[...prepared], [...cursors]]);
    const { searchPath, role, temporary } = state;
    const sql = { searchPath, role, temporary, prepared, cursors };
    return { sql, digest: digest + names };
  }
}

const EMPTY: KnownState = {
  sql: { searchPath: [], role: '', temporary: [], prepared: new Map(), cursors: new Map() },
  digest: '',
  path: '',
  temporary: new Set(),
};
