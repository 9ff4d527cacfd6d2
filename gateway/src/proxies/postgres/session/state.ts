import { z } from 'zod';
import type { SqlSessionState } from '../../../sql/engine.ts';
import { sessionStateQuery } from '../../../sql/postgres/catalogue/queries.ts';
import { decodeSessionState } from '../../../sql/postgres/catalogue/snapshot.ts';
import { OwnQuestion } from '../upstream/upstream.ts';

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

/** A statement that later ones refer to by name: SQL's PREPARE and DECLARE. */
export type NamedStatement = { kind: 'prepared' | 'cursor'; text: string; enforcedText: string };

/** A session's state as upstream last told it. */
export type KnownState = { sql: SqlSessionState; digest: string };

/** The state of a session that has just begun, of the rows of `sessionStateQuery`. */
export function initialState(rows: readonly unknown[]): KnownState {
  const { searchPath, role, temporary, digest } = decodeSessionState(rows);
  return { sql: { searchPath, role, temporary, prepared: new Map(), cursors: new Map() }, digest };
}

/**
 * What a session's statements depend on besides the catalogue. It is asked of upstream, never simulated: after
 * anything that may have changed it, it is `dirty` until asked again.
 */
export class SessionState {
  dirty = true;
  #known: KnownState = EMPTY;
  /** Names in force, with the statement that made each. */
  readonly #named = {
    prepared: new Map<string, NamedStatement>(),
    cursor: new Map<string, NamedStatement>(),
  };
  /** Names of protocol-level statements that upstream still has. */
  #statements: ReadonlySet<string> = new Set();
  #naming: NamedStatement | null = null;

  get known(): KnownState {
    return this.#known;
  }

  get statements(): ReadonlySet<string> {
    return this.#statements;
  }

  /** A PREPARE or DECLARE was sent; the name is found in the next answer. */
  willName(statement: NamedStatement): void {
    this.#naming = statement;
  }

  named(): Array<{ name: string; statement: NamedStatement }> {
    return [...this.#named.prepared, ...this.#named.cursor].map(([name, statement]) => ({ name, statement }));
  }

  /** Takes the answer to `STATE_QUESTION`. @throws ZodError when it has another shape. */
  learn(answer: unknown): void {
    const { searchPath, role, temporary, digest } = decodeSessionState(z.array(z.unknown()).parse(answer));
    const [{ prepared, cursors, statements }] = StateRow.parse(answer);
    this.#keepNames(prepared, this.#named.prepared, 'prepared');
    this.#keepNames(cursors, this.#named.cursor, 'cursor');
    this.#naming = null;
    this.#statements = new Set(statements);
    this.#known = this.#view({ searchPath, role, temporary }, digest);
    this.dirty = false;
  }

  /** Forgets a name whose statement no longer means what it was granted as. */
  forget(name: string, kind: NamedStatement['kind']): void {
    this.#named[kind].delete(name);
    const { searchPath, role, temporary } = this.#known.sql;
    this.#known = this.#view({ searchPath, role, temporary }, this.#known.digest);
  }

  #keepNames(
    names: readonly string[],
    known: Map<string, NamedStatement>,
    kind: NamedStatement['kind'],
  ): void {
    for (const name of known.keys()) if (!names.includes(name)) known.delete(name);
    const naming = this.#naming;
    if (naming === null || naming.kind !== kind) return;
    const added = names.filter((name) => !known.has(name) && !name.startsWith('sluice$') && name !== '');
    // Two new names at once can't be told apart: then neither is known, and using one is refused.
    if (added.length === 1 && added[0] !== undefined) known.set(added[0], naming);
  }

  #view(state: Pick<SqlSessionState, 'searchPath' | 'role' | 'temporary'>, digest: string): KnownState {
    const texts = (named: Map<string, NamedStatement>) =>
      new Map([...named].map(([name, statement]) => [name, statement.text]));
    const prepared = texts(this.#named.prepared);
    const cursors = texts(this.#named.cursor);
    const names = prepared.size + cursors.size === 0 ? '' : JSON.stringify([[...prepared], [...cursors]]);
    return { sql: { ...state, prepared, cursors }, digest: digest + names };
  }
}

const EMPTY: KnownState = {
  sql: { searchPath: [], role: '', temporary: [], prepared: new Map(), cursors: new Map() },
  digest: '',
};
