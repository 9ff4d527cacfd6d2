import { readFileSync } from 'node:fs';
import { Client, type ClientConfig } from 'pg';
import {
  bootPostgres,
  type PostgresVersion,
  type RunningPostgres,
} from '../../../sample/postgres/boot-postgres.ts';
import type { Upstream } from './gateway.ts';
import { type Both, type Lane, SIDES, type Side } from './lane.ts';

const TEMPLATE = 'corpus_template';
/** Where doors to other databases lead. */
const FAR = 'corpus_far';
/** What the twins' masked values are multiples of: of different parity, so that halves differ too. */
const SALTS: Both<number> = { left: 7, right: 12 };
const SETTINGS = {
  autovacuum: 'off',
  max_connections: '80',
  shared_buffers: '64MB',
  shared_preload_libraries: 'pg_stat_statements',
  max_wal_size: '256MB',
};
const schemaText = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

/** Two servers with the same history: their objects have the same OIDs, and their databases the same names. */
export class TwinServers {
  /** What the letters in braces of attacks stand for. */
  readonly names: ReadonlyMap<string, string>;
  readonly #servers: Both<RunningPostgres>;

  private constructor(servers: Both<RunningPostgres>, names: ReadonlyMap<string, string>) {
    this.#servers = servers;
    this.names = names;
  }

  static async boot(version: PostgresVersion): Promise<TwinServers> {
    const booted = await Promise.all(SIDES.map(() => bootPostgres({ version, settings: SETTINGS })));
    const [left, right] = booted;
    if (left === undefined || right === undefined) throw new Error('no servers');
    const servers = { left, right };
    const [toast] = await Promise.all(SIDES.map((side) => furnish(servers[side], SALTS[side])));
    const names = new Map([
      ['toast', `pg_toast.${toast}`],
      ['toast-name', toast ?? ''],
    ]);
    return new TwinServers(servers, names);
  }

  /** Makes a database anew on both servers; whoever is connected to it is thrown out. */
  async renew(database: string): Promise<void> {
    await Promise.all(
      SIDES.map((side) =>
        as(
          this.#servers[side],
          'postgres',
          `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`,
          `CREATE DATABASE ${database} TEMPLATE ${TEMPLATE}`,
          'ALTER ROLE postgres RESET ALL',
        ),
      ),
    );
  }

  upstream(side: Side, database: string): Upstream {
    const { host, port, superuser: user, superuserPassword: password } = this.#servers[side];
    return { host, port, user, password, database };
  }

  /** A lane of its own on the database, whose clients connect as they are told. */
  lane(database: string, client?: Both<ClientConfig>): Lane {
    const owner = { left: this.upstream('left', database), right: this.upstream('right', database) };
    return { client: client ?? owner, owner, names: this.names, renew: () => this.renew(database) };
  }

  async stop(): Promise<void> {
    await Promise.all(SIDES.map((side) => this.#servers[side].stop()));
  }
}

/** Makes the database that lanes are copies of; gives the name of the TOAST table of its letters. */
async function furnish(server: RunningPostgres, salt: number): Promise<string> {
  const schema = `${schemaText('schema.sql')}${schemaText('schema-doors.sql')}`
    // Of one length: old versions keep in trees where in the text something stood.
    .replaceAll(':salt', String(salt).padStart(2))
    .replaceAll(':port', String(server.port))
    .replaceAll(':password', server.superuserPassword);
  await as(server, 'postgres', `CREATE DATABASE ${TEMPLATE}`);
  await as(server, TEMPLATE, schema);
  await as(server, 'postgres', `CREATE DATABASE ${FAR} TEMPLATE ${TEMPLATE}`, 'CHECKPOINT');
  const [found] = await as(
    server,
    FAR,
    `SELECT t.relname FROM pg_class t JOIN pg_class c ON c.reltoastrelid = t.oid WHERE c.oid = 'letters'::regclass`,
  );
  return String(found?.relname);
}

/** Runs statements as the superuser; gives the rows of the last. */
async function as(
  server: RunningPostgres,
  database: string,
  ...statements: string[]
): Promise<Array<Record<string, unknown>>> {
  const client = new Client(server.url(database));
  await client.connect();
  let rows: Array<Record<string, unknown>> = [];
  for (const sql of statements) rows = (await client.query(sql)).rows;
  await client.end();
  return rows;
}
