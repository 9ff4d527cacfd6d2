import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { RunningPostgres } from '../postgres/boot-postgres.ts';

/** Full size: what `npm start` shows. Orders, payments and page views grow with it. */
export const FULL_CUSTOMERS = 50_000;

/** The role that the gateway logs in as: no superuser, owner of nothing in the shop. */
export const GATEWAY_ROLE = 'sluice_gateway';

export type SeedResult = { gatewayPassword: string; seeded: boolean };

const folder = import.meta.dirname;
const scripts = readdirSync(folder)
  .filter((name) => name.endsWith('.sql'))
  .sort()
  .map((name) => readFileSync(join(folder, name), 'utf8'));

/**
 * Makes the databases `shop` (with rows for `customers` customers) and `scratch` (empty, the gateway's own) unless
 * this very seed is there already.
 */
export async function seedShop(postgres: RunningPostgres, customers = FULL_CUSTOMERS): Promise<SeedResult> {
  const gatewayPassword = keptPassword(join(postgres.dataDir, 'gateway-password'));
  const seed = `seed ${createHash('sha256').update(scripts.join('\0')).digest('hex').slice(0, 16)} of ${customers}`;
  const server = await connected(postgres, 'postgres');
  try {
    if ((await seedOf(server)) === seed) return { gatewayPassword, seeded: false };
    await prepareServer(server, gatewayPassword);
    const shop = await connected(postgres, 'shop');
    try {
      await shop.query(`SET shop.customers = ${Math.trunc(customers)}; SET synchronous_commit = off;`);
      await shop.query(`BEGIN; ${scripts.join('\n')} COMMIT;`);
      await shop.query('VACUUM (ANALYZE)');
    } finally {
      await shop.end();
    }
    // Written last: a seed that was interrupted is made again.
    await server.query(`COMMENT ON DATABASE shop IS '${seed}'`);
    return { gatewayPassword, seeded: true };
  } finally {
    await server.end();
  }
}

async function prepareServer(server: Client, gatewayPassword: string): Promise<void> {
  await server.query('DROP DATABASE IF EXISTS shop WITH (FORCE)');
  await server.query('DROP DATABASE IF EXISTS scratch WITH (FORCE)');
  await server.query(`DROP ROLE IF EXISTS ${GATEWAY_ROLE}`);
  await server.query(
    `CREATE ROLE ${GATEWAY_ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
     PASSWORD '${gatewayPassword}'`,
  );
  await server.query('CREATE DATABASE shop');
  await server.query(`CREATE DATABASE scratch OWNER ${GATEWAY_ROLE}`);
}

async function seedOf(server: Client): Promise<string | null> {
  const found = await server.query<{ seed: string | null }>(
    `SELECT shobj_description(oid, 'pg_database') AS seed FROM pg_database WHERE datname = 'shop'`,
  );
  return found.rows[0]?.seed ?? null;
}

async function connected(postgres: RunningPostgres, database: string): Promise<Client> {
  const client = new Client({ connectionString: postgres.url(database) });
  await client.connect();
  return client;
}

/** The password in `file`, made on first use; base64url, so it needs no quoting anywhere. */
function keptPassword(file: string): string {
  if (!existsSync(file)) writeFileSync(file, randomBytes(18).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}
