import { Client, type ClientConfig } from 'pg';
import { TargetName } from '../../../gateway/contract/ids.ts';
import { LookupLimit } from '../../../gateway/src/core/flow/lookup-limit.ts';
import { TestPolicy } from '../../../gateway/src/proxies/postgres/testing/lab.ts';
import { prepareDatabase } from '../../../gateway/src/sql/postgres/prepare/preparation.ts';
import { targetReach } from '../../../gateway/src/target-reach.ts';
import { bootPostgres } from '../../../sample/postgres/boot-postgres.ts';
import { openGateway, type Upstream } from './gateway.ts';

export const MODES = ['inlined', 'prepared'] as const;
export type Mode = (typeof MODES)[number];

const PASSWORD = 'least of all';
const DATABASE = 'modes';

export type Modes = {
  /** Through the gateway, in one mode; `config` adds to how it connects. */
  client(mode: Mode, config?: ClientConfig): Promise<Client>;
  owner: Client;
  close(): Promise<void>;
};

/** One database of a real server behind a gateway in both modes, prepared for the policy. */
export async function openModes(schema: string, policy: string, created = ''): Promise<Modes> {
  const postgres = await bootPostgres();
  const { host, port, superuser, superuserPassword } = postgres;
  const admin = new Client({ connectionString: postgres.url('postgres') });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${DATABASE} ${created}`);
  await admin.end();
  const owner = new Client({ connectionString: postgres.url(DATABASE) });
  await owner.connect();
  await owner.query(schema);
  const target = { name: TargetName.parse('prepared'), kind: 'postgres', labels: {} } as const;
  const { roles } = await prepareDatabase(async (sql) => (await owner.query(sql)).rows, {
    target: 'prepared',
    reach: targetReach(new TestPolicy(policy).current(), target),
    password: PASSWORD,
    revokePublic: true,
  });
  await owner.query(`GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "${roles.least}"`);
  const inlined = { host, port, user: superuser, password: superuserPassword, database: DATABASE };
  const targets = new Map<string, Upstream>([
    ['inlined', inlined],
    ['prepared', { ...inlined, user: roles.least, password: PASSWORD, prepared: true }],
  ]);
  const gateway = await openGateway(targets, policy, new LookupLimit(10_000));
  return {
    client: async (mode, config = {}) => {
      const client = new Client({ ...gateway.route(mode), ...config });
      client.on('error', () => undefined);
      await client.connect();
      return client;
    },
    owner,
    close: async () => {
      await gateway.close();
      await owner.end();
      await postgres.stop();
    },
  };
}
