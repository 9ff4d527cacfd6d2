import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { parseConfig } from '../../gateway/src/config-load.ts';
import { type Gateway, startGateway } from '../../gateway/src/main.ts';
import { bootSample, type RunningSample } from '../../sample/boot-sample.ts';
import { removeWritten } from '../../scripts/test/written.ts';
import { CUSTOMERS, POLICY, PREPARE_SHOP, type ServerVersion } from './shop.ts';

const KEY = 'swordfish-swordfish';
const ROLE = 'sluice_gateway';
// Statistics that autovacuum writes on one of them would take numbers that objects are given on the other.
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', autovacuum: 'off' };

/** Two servers that began as the same files, the second behind a gateway; a database and target for each tool. */
export type Twins = {
  direct(tool: string): Promise<Client>;
  governed(tool: string): Promise<Client>;
  close(): Promise<void>;
};

export async function bootTwins(version: ServerVersion, tools: readonly string[]): Promise<Twins> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-ordinary-'));
  // Servers run as another user when this one is root.
  chmodSync(folder, 0o755);
  const folders = { left: join(folder, 'left'), right: join(folder, 'right') };
  await seed(version, folders.left, tools);
  execFileSync('cp', ['-a', folders.left, folders.right]);
  const boot = (dataDir: string) =>
    bootSample({ dataDir, version, customers: CUSTOMERS, settings: SETTINGS });
  const [plain, behind] = await Promise.all([boot(folders.left), boot(folders.right)]);
  const { gateway, ca } = await gatewayTo(behind, tools, join(folder, 'gateway'));
  const [host = '', port = ''] = gateway.listening.postgres.split(':');
  const url = (of: RunningSample, tool: string) => of.postgres.url(tool, ROLE, of.gatewayPassword);
  return {
    direct: (tool) => connected({ connectionString: url(plain, tool) }),
    governed: (tool) =>
      connected({ host, port: Number(port), user: 'ci', password: KEY, database: tool, ssl: { ca } }),
    close: async () => {
      await gateway.close();
      await Promise.all([plain.stop(), behind.stop()]);
      for (const server of Object.values(folders)) rmSync(server, { recursive: true, force: true });
      removeWritten(folder);
    },
  };
}

async function seed(version: ServerVersion, dataDir: string, tools: readonly string[]): Promise<void> {
  const sample = await bootSample({ dataDir, version, customers: CUSTOMERS, settings: SETTINGS });
  try {
    const shop = await connected({ connectionString: sample.superuserUrl('shop') });
    await shop.query(PREPARE_SHOP);
    await shop.end();
    const server = await connected({ connectionString: sample.postgres.url('postgres') });
    for (const tool of tools) {
      await server.query(`CREATE DATABASE ${tool} TEMPLATE shop`);
      await server.query(`GRANT CREATE ON DATABASE ${tool} TO ${ROLE}`);
    }
    await server.end();
  } finally {
    await sample.stop();
  }
}

async function gatewayTo(
  behind: RunningSample,
  tools: readonly string[],
  dataDir: string,
): Promise<{ gateway: Gateway; ca: string }> {
  const policy = `${dataDir}.yaml`;
  writeFileSync(policy, POLICY);
  const targets = tools.map((tool) => `{name: ${tool}, url: {env: URL_${tool}}}`);
  const environment = Object.fromEntries([
    ['CI_KEY', KEY],
    ...tools.map((tool) => [`URL_${tool}`, behind.postgres.url(tool, ROLE, behind.gatewayPassword)]),
  ]);
  const text = `
listen: {http: 127.0.0.1:0, postgres: 127.0.0.1:0}
dataDir: ${dataDir}
policy: ${policy}
identity:
  serviceAccounts: [{name: ci, groups: [developers], key: {env: CI_KEY}}]
targets: [${targets.join(', ')}]
`;
  const config = parseConfig(text, { name: 'test', folder: dataDir }, environment);
  const gateway = await startGateway(config, { tell: () => undefined });
  return { gateway, ca: readFileSync(join(dataDir, 'certificates', 'authority.crt'), 'utf8') };
}

async function connected(config: ConstructorParameters<typeof Client>[0]): Promise<Client> {
  const client = new Client(config);
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
