import { readFileSync } from 'node:fs';
import pg from 'pg';

export type Side = 'a' | 'b';
export const SIDES: readonly Side[] = ['a', 'b'];

/** A PostgreSQL server, as its superuser reaches it. */
export type Server = { host: string; port: number; user: string; password: string };

/** What makes twins twins: the same definitions, the same rows, and other values in masked columns. */
export const SERVER_SETTINGS = {
  // Plans, statistics and places of rows change when a statement changes them and at no other moment.
  autovacuum: 'off',
  max_parallel_workers_per_gather: '0',
  synchronize_seqscans: 'off',
  jit: 'off',
  // Not even what is to come fast (a cursor) is read along an index, unless somebody is told to.
  random_page_cost: '100',
  max_connections: '120',
  shared_buffers: '256MB',
} as const;

/**
 * Whom the gateway is at the server: it owns everything and reads nearly everything, but row policies are for it as
 * well. A weaker one would hide what the gateway itself must keep in.
 */
export const GATEWAY_ROLE = 'twin_gateway';

const textOf = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

/** What each VACUUM is followed by; nothing with `knownLimits`. */
export const equalSizes = (knownLimits: boolean): string => (knownLimits ? '' : textOf('./equal-sizes.sql'));

export type TemplateOptions = {
  knownLimits?: boolean;
  /** What an administrator does to the twins' definitions besides. */
  prepare?: (client: pg.Client) => Promise<void>;
};

/** Makes both templates: `schema.sql` (and `known-limits.sql` or `equal-plans.sql`), then `values.sql` of each side. */
export async function makeTemplates(server: Server, options: TemplateOptions = {}): Promise<void> {
  const { knownLimits = false, prepare } = options;
  await onDatabase(server, 'postgres', async (client) => {
    const roles = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [GATEWAY_ROLE]);
    if (roles.rowCount === 0)
      await client.query(`CREATE ROLE ${GATEWAY_ROLE} LOGIN IN ROLE pg_monitor, pg_read_server_files`);
    await client.query(`ALTER ROLE ${GATEWAY_ROLE} PASSWORD '${server.password}'`);
    for (const name of ['twin', 'twin_a', 'twin_b']) await recreate(client, name, 'template1');
  });
  await onDatabase(server, 'twin', async (client) => {
    await client.query(`GRANT ALL ON SCHEMA public TO ${GATEWAY_ROLE}; GRANT CREATE ON DATABASE twin TO ${GATEWAY_ROLE};
      GRANT SELECT ON pg_statistic, pg_statistic_ext_data, pg_largeobject TO ${GATEWAY_ROLE}; SET ROLE ${GATEWAY_ROLE}`);
    await client.query(textOf('./schema.sql'));
    await client.query(textOf(knownLimits ? './known-limits.sql' : './equal-plans.sql'));
    await client.query('RESET ROLE');
    await prepare?.(client);
  });
  for (const [index, side] of SIDES.entries()) {
    await onDatabase(server, 'postgres', (client) => recreate(client, `twin_${side}`, 'twin'));
    await onDatabase(server, `twin_${side}`, async (client) => {
      await client.query(`SET ROLE ${GATEWAY_ROLE}`);
      await client.query(textOf('./values.sql').replaceAll(/:side\b/g, String(index)));
      await client.query('RESET ROLE');
      await client.query('VACUUM ANALYZE');
    });
  }
}

/** Fresh copies of both sides. Nobody may be connected to them. */
export async function copyTwins(server: Server, nameOf: (side: Side) => string): Promise<void> {
  await onDatabase(server, 'postgres', async (client) => {
    for (const side of SIDES) await recreate(client, nameOf(side), `twin_${side}`);
  });
}

export async function onDatabase<T>(
  server: Server,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ ...server, database });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function recreate(client: pg.Client, name: string, template: string): Promise<void> {
  await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
}
