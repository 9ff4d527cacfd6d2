import { z } from 'zod';
import type { AnalysedStatement, SqlSessionState } from '../../../sql/engine.ts';
import { sessionStateQuery } from '../../../sql/postgres/catalogue/queries.ts';
import { decodeSessionState } from '../../../sql/postgres/catalogue/snapshot.ts';
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

/** A statement with the name that it makes, uses or drops. */
export type NamingStatement = AnalysedStatement & {
  sessionName?: { action: string; name: string | null } | null;
};

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
  /** What PREPARE and DECLARE made, by name. */
  readonly #named: Record<Naming, Map<string, NamedStatement>> = { prepare: new Map(), declare: new Map() };
  /** Names of protocol-level statements that upstream still has. */
  #statements: ReadonlySet<string> = new Set();
  #naming: { action: Naming; name: string | null; statement: NamedStatement } | null = null;

  get known(): KnownState {
    return this.#known;
  }

  get statements(): ReadonlySet<string> {
    return this.#statements;
  }

  /** A PREPARE or DECLARE was sent; the next answer tells whether it succeeded, and the name when it isn't known. */
  willName(action: Naming, name: string | null, statement: NamedStatement): void {
    this.#naming = { action, name, statement };
  }

  /** What a PREPARE or DECLARE in force was sent upstream as; null when there is none of that name. */
  enforcedText(action: Naming, name: string): string | null {
    return this.#named[action].get(name)?.enforcedText ?? null;
  }

  /** Takes the answer to `STATE_QUESTION`. @throws ZodError when it has another shape. */
  learn(answer: unknown): void {
    const { searchPath, role, temporary, digest } = decodeSessionState(z.array(z.unknown()).parse(answer));
    const [{ prepared, cursors, statements }] = StateRow.parse(answer);
    this.#keepNames(prepared, 'prepare');
    this.#keepNames(cursors, 'declare');
    this.#naming = null;
    this.#statements = new Set(statements);
    this.#known = this.#view({ searchPath, role, temporary }, digest);
    this.dirty = false;
  }

  #keepNames(names: readonly string[], action: Naming): void {
    const known = this.#named[action];
    for (const name of known.keys()) if (!names.includes(name)) known.delete(name);
    const naming = this.#naming;
    if (naming?.action !== action) return;
    // A name that was in force already can't have been made again: that statement failed.
    const added = names.filter(
      (name) => !known.has(name) && name !== '' && !name.startsWith(OWN_NAME_PREFIX),
    );
    const made = naming.name ?? (added.length === 1 ? added[0] : undefined);
    if (made !== undefined && added.includes(made)) known.set(made, naming.statement);
  }

  #view(state: Pick<SqlSessionState, 'searchPath' | 'role' | 'temporary'>, digest: string): KnownState {
    const texts = (named: Map<string, NamedStatement>) =>
      new Map([...named].map(([name, statement]) => [name, statement.text]));
    const prepared = texts(this.#named.prepare);
    const cursors = texts(this.#named.declare);
    const names = prepared.size + cursors.size === 0 ? '' : JSON.stringify([[...prepared], [...cursors]]);
    return { sql: { ...state, prepared, cursors }, digest: digest + names };
  }
}

const EMPTY: KnownState = {
  sql: { searchPath: [], role: '', temporary: [], prepared: new Map(), cursors: new Map() },
  digest: '',
};
