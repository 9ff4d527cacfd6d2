import { readFileSync } from 'node:fs';
import pg from 'pg';
import type { ColumnMask, MaskMethod } from '../../gateway/contract/decision.ts';
import type { SqlFacts, ThroughRef } from '../../gateway/contract/facts.ts';
import type { CatalogueVersion } from '../../gateway/contract/ids.ts';
import { RuleId } from '../../gateway/contract/ids.ts';
import type { AnalyseRequest, SqlEngine } from '../../gateway/src/sql/engine.ts';
import { loadCatalogue } from '../../gateway/src/sql/postgres/catalogue/load.ts';
import { fingerprintQuery, sessionStateQuery } from '../../gateway/src/sql/postgres/catalogue/queries.ts';
import { decodeSessionState } from '../../gateway/src/sql/postgres/catalogue/snapshot.ts';
import { tokenKeySettings } from '../../gateway/src/sql/postgres/masks/hmac.ts';
import { MASKED } from './policy.ts';

/** What a client sees of one statement. */
export type Seen =
  | { kind: 'rows'; rows: unknown[][]; fields: string[]; tag: string }
  | { kind: 'error'; message: string; details: string }
  | { kind: 'refused'; why: string };

export type Outcome = { seen: Seen[]; notices: string[] };

export type Connect = { host: string; port: number; user: string; password: string };

/** Makes a database of `schema.sql` whose masked values depend on `salt`. */
export async function makeDatabase(server: Connect, name: string, salt: number): Promise<void> {
  await withClient({ ...server, database: 'postgres' }, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${name}`);
  });
  const text = readFileSync(new URL('./schema.sql', import.meta.url), 'utf8').replaceAll(
    ':salt',
    String(salt),
  );
  await withClient({ ...server, database: name }, (client) => client.query(text));
}

/** A fresh copy of a database made by `makeDatabase`. */
export async function copyDatabase(server: Connect, from: string, to: string): Promise<void> {
  await withClient({ ...server, database: 'postgres' }, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${to} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${to} TEMPLATE ${from}`);
  });
}

export async function withClient<T>(
  config: pg.ClientConfig,
  work: (client: pg.Client, notices: string[]) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(config);
  const notices: string[] = [];
  client.on('notice', (notice) => notices.push(notice.message ?? ''));
  client.on('notification', (message) => notices.push(message.payload ?? ''));
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client, notices);
  } finally {
    await client.end();
  }
}

/** Sends statements without a gateway. */
export async function direct(
  server: Connect,
  database: string,
  statements: readonly string[],
): Promise<Outcome> {
  return withClient({ ...server, database }, async (client, notices) => {
    const seen: Seen[] = [];
    for (const sql of statements) seen.push(...(await run(client, sql)));
    return { seen, notices };
  });
}

export type Masking = {
  /** How the columns of `MASKED` are masked. */
  method: MaskMethod;
  reviewed: readonly string[];
};

/** What the gateway starts its connections with. */
const KEY_OPTIONS = [...tokenKeySettings(new Uint8Array(32).fill(5))]
  .map(([name, value]) => `-c ${name}=${value}`)
  .join(' ');

/** Sends statements as the gateway would: analysed, masked, rewritten, then run by the superuser, the weakest wall. */
export async function governed(
  engine: SqlEngine,
  server: Connect,
  database: string,
  statements: readonly string[],
  masking: Masking,
): Promise<Outcome> {
  return withClient({ ...server, database, options: KEY_OPTIONS }, async (client, notices) => {
    const session = new GovernedSession(engine, client, database, masking);
    const seen: Seen[] = [];
    for (const sql of statements) seen.push(...(await session.send(sql)));
    return { seen, notices };
  });
}

export type Judged = { facts: SqlFacts | null; through: ThroughRef[]; refused: string | null };

/** What is found out about a statement, and what would be done with it: nothing is run. */
export async function judged(
  engine: SqlEngine,
  server: Connect,
  database: string,
  sql: string,
  masking: Masking,
): Promise<Judged> {
  return withClient({ ...server, database }, (client) =>
    new GovernedSession(engine, client, database, masking).judge(sql),
  );
}

/** OIDs above are given by each database. */
const FIRST_USER_OID = 16384;

type Named = { text: string; enforced: string };

class GovernedSession {
  readonly #engine: SqlEngine;
  readonly #client: pg.Client;
  readonly #target: string;
  readonly #masking: Masking;
  readonly #prepared = new Map<string, Named>();
  readonly #cursors = new Map<string, Named>();

  constructor(engine: SqlEngine, client: pg.Client, target: string, masking: Masking) {
    this.#engine = engine;
    this.#client = client;
    this.#target = target;
    this.#masking = masking;
  }

  async send(text: string): Promise<Seen[]> {
    const analysis = await this.#engine.analyse(await this.#request(text));
    if (analysis.kind === 'unparsed') return [{ kind: 'refused', why: analysis.message }];
    const seen: Seen[] = [];
    // One by one, each analysed when those before it have run.
    for (const { text: one } of analysis.statements) seen.push(...(await this.#one(one)));
    return seen;
  }

  async judge(text: string): Promise<Judged> {
    const request = await this.#request(text);
    const analysis = await this.#engine.analyse(request);
    const [statement] = analysis.kind === 'analysed' ? analysis.statements : [];
    const enforced = await this.#enforce(request);
    return {
      facts: statement?.facts ?? null,
      through: statement?.through ?? [],
      refused: enforced.kind === 'refused' ? enforced.why : null,
    };
  }

  async #one(text: string): Promise<Seen[]> {
    const request = await this.#request(text);
    const enforced = await this.#enforce(request);
    if (enforced.kind === 'refused') return [enforced];
    const problem = await this.#drift(text, request);
    if (problem !== null) return [{ kind: 'refused', why: problem }];
    const seen = withoutDetails(await run(this.#client, enforced.text));
    if (seen[0]?.kind !== 'error') this.#remember(text, enforced.text);
    return seen;
  }

  async #enforce(
    request: AnalyseRequest,
  ): Promise<{ kind: 'sent'; text: string } | { kind: 'refused'; why: string }> {
    const analysis = await this.#engine.analyse(request);
    const statement = analysis.kind === 'analysed' ? analysis.statements[0] : undefined;
    if (analysis.kind === 'unparsed') return { kind: 'refused', why: analysis.message };
    if (statement === undefined) return { kind: 'refused', why: 'empty' };
    const [unknown] = statement.facts.unknowns;
    if (unknown !== undefined) return { kind: 'refused', why: unknown };
    const masks = statement.touched
      .filter(({ schema, relation, column }) => MASKED.includes(`${schema}.${relation}.${column}`))
      .map((column): ColumnMask => ({ column, mask: this.#masking.method, rule: RuleId.parse('hide') }));
    if (masks.length === 0) return { kind: 'sent', text: statement.text };
    const rewrite = await this.#engine.rewrite(request, 0, masks);
    return rewrite.kind === 'refused' ? rewrite : { kind: 'sent', text: rewrite.text };
  }

  /** What EXECUTE and FETCH name must have been sent as it would be now. */
  async #drift(text: string, request: AnalyseRequest): Promise<string | null> {
    const uses = /^\s*(?:execute|fetch|move)\b/i.test(text);
    if (!uses) return null;
    for (const named of [...this.#prepared.values(), ...this.#cursors.values()]) {
      const now = await this.#enforce({ ...request, text: named.text });
      if (now.kind === 'refused' || now.text !== named.enforced)
        return 'what it names has changed its meaning';
    }
    return null;
  }

  #remember(text: string, enforced: string): void {
    const prepared = /^\s*prepare\s+(\w+)/i.exec(text)?.[1];
    const cursor = /^\s*declare\s+(\w+)/i.exec(text)?.[1];
    if (prepared !== undefined) this.#prepared.set(prepared.toLowerCase(), { text, enforced });
    if (cursor !== undefined) this.#cursors.set(cursor.toLowerCase(), { text, enforced });
  }

  async #request(text: string): Promise<AnalyseRequest> {
    const version = await learn(this.#engine, this.#client, this.#target);
    const rows = await this.#client.query(sessionStateQuery).then(
      (result) => result.rows,
      () => null,
    );
    if (rows !== null) this.#last = decodeSessionState(rows);
    const { searchPath, role, temporary } = this.#last;
    const texts = (named: Map<string, Named>) =>
      new Map([...named].map(([name, { text: sql }]) => [name, sql]));
    return {
      text,
      catalogue: version,
      session: {
        searchPath,
        role,
        temporary,
        prepared: texts(this.#prepared),
        cursors: texts(this.#cursors),
      },
      reviewedFunctions: new Set(this.#masking.reviewed),
    };
  }

  #last: ReturnType<typeof decodeSessionState> = {
    searchPath: [],
    path: '',
    role: '',
    temporary: [],
    digest: '',
  };
}

const loaded = new Map<string, Promise<Awaited<ReturnType<typeof loadCatalogue>>>>();

/** Loads the catalogue on a connection of its own, again after each change. */
async function learn(engine: SqlEngine, client: pg.Client, target: string): Promise<CatalogueVersion> {
  const { host, port, user, password } = client;
  const config = { host, port, user: user ?? '', password: String(password), database: target };
  const found = await client.query(fingerprintQuery).then(
    (result) => String(result.rows[0]?.version),
    () => 'in a failed transaction',
  );
  const key = `${port} ${target} ${found}`;
  const loading =
    loaded.get(key) ?? withClient(config, (own) => loadCatalogue(async (sql) => (await own.query(sql)).rows));
  loaded.set(key, loading);
  const { version, snapshot } = await loading;
  await engine.learn(target, version, snapshot);
  return version;
}

/** The proxy leaves DETAIL, HINT and CONTEXT out where masks are in force. */
function withoutDetails(seen: Seen[]): Seen[] {
  return seen.map((one) => (one.kind === 'error' ? { ...one, details: '' } : one));
}

async function run(client: pg.Client, sql: string): Promise<Seen[]> {
  if (/^\s*copy\b.*\bstdout/is.test(sql)) return [await copyOut(client, sql)];
  try {
    const result = await client.query({
      text: sql,
      rowMode: 'array',
      types: { getTypeParser: () => String },
    });
    const results = Array.isArray(result) ? result : [result];
    return results.map((one) => ({
      kind: 'rows',
      rows: one.rows,
      fields: one.fields.map(
        (field: pg.FieldDef) =>
          `${field.name}:${field.dataTypeID < FIRST_USER_OID ? field.dataTypeID : 'user'}:${field.dataTypeModifier}`,
      ),
      tag: `${one.command} ${one.rowCount}`,
    }));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { detail = '', hint = '', where = '' } = error as pg.DatabaseError;
    return [{ kind: 'error', message: error.message, details: `${detail} ${hint} ${where}` }];
  }
}

async function copyOut(client: pg.Client, sql: string): Promise<Seen> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const query = {
      submit: (connection: pg.Connection) => connection.query(sql),
      handleCopyInResponse: () => undefined,
      handleCopyData: (message: { chunk: Buffer }) => chunks.push(message.chunk),
      handleCommandComplete: () => undefined,
      handleReadyForQuery: () =>
        resolve({ kind: 'rows', rows: [[Buffer.concat(chunks).toString()]], fields: [], tag: '' }),
      handleError: (error: Error) => resolve({ kind: 'error', message: error.message, details: '' }),
      handleRowDescription: () => undefined,
      handleDataRow: () => undefined,
      handleEmptyQuery: () => undefined,
      callback: () => undefined,
    };
    client.query(query);
  });
}
