import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { ShownRequest } from '../../gateway/contract/approval-request.ts';
import { endpoints } from '../../gateway/contract/endpoints.ts';
import { bootSample, type RunningSample } from '../../sample/boot-sample.ts';
import { Person } from '../../test/gateway/gateway.fixture.ts';
import { ACCOUNT, bootGateway, PERSON, type RunningGateway } from '../../test/interop/lab/gateway.ts';
import { type MemoryResult, watchMemory } from './memory.ts';
import { type BenchPath, DATABASE } from './paths.ts';
import { fillPgbench, runPgbench, type SmallResult } from './pgbench.ts';
import { median, quantile } from './statistics.ts';

export type ApprovalsResult = {
  held: number;
  /** From `held` sessions that wait for nothing to as many that wait for approval; of two gateways the worse. */
  gateway: MemoryResult;
  /** Of other people's statements, round by round: without and with so many held. */
  idle: SmallResult[];
  beside: SmallResult[];
  /** From the approval's request leaving to the first row at the requester, in ms. */
  releaseMs: { p50: number; p99: number };
};

const HELD = 2000;
const RELEASES = 200;
const ASKER = { user: 'asker', password: 'asker-key-of-the-bench' };
const CASE = { name: 'prepared, 1 client', mode: 'prepared', clients: 1, mix: 'reads' } as const;
const UPDATE = 'update pgbench_branches set bbalance = bbalance where bid = 1 returning bid';

const MORE = {
  serviceAccounts: [{ name: ASKER.user, groups: ['askers'], key: { value: ASKER.password } }],
  limits: { maxConnections: 2 * HELD },
  rules: [
    {
      id: 'askers-read',
      owner: 'tests@shop.example',
      who: { groups: ['askers'] },
      on: 'everything',
      doing: ['select'],
      // biome-ignore lint/suspicious/noThenProperty: the policy language's own word
      then: 'allow',
      because: 'An update reads, too.',
    },
    {
      id: 'askers-ask',
      owner: 'tests@shop.example',
      who: { groups: ['askers'] },
      on: 'everything',
      doing: ['update'],
      // biome-ignore lint/suspicious/noThenProperty: the policy language's own word
      then: { approve: { by: ['testers'], wait: '2 hours' } },
      because: 'Somebody looks at what changes.',
    },
  ],
};

/**
 * What it costs that statements wait, and how fast they go on. Two gateways side by side: one holds, one is idle.
 * Halfway they change places: two processes of the same program differ by more than what is looked for.
 */
export async function benchApprovals(rounds: number, seconds: number): Promise<ApprovalsResult> {
  await using opened = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  const sample = await bootSample({
    customers: 100,
    settings: { max_connections: String(HELD + 200), shared_buffers: '512MB' },
  });
  opened.defer(() => sample.stop());
  const [holding, other] = await Promise.all(
    ['holding', 'idle'].map((name) => boot(sample, join(folder, name))),
  );
  if (holding === undefined || other === undefined) throw new Error('a gateway is missing');
  opened.defer(() => holding.stop());
  opened.defer(() => other.stop());
  await fillPgbench(pathTo(other).route, 5);
  const releaseMs = await measureRelease(holding);
  const first = await besideHeld(holding, other, Math.ceil(rounds / 2), seconds);
  const second = await besideHeld(other, holding, Math.floor(rounds / 2), seconds);
  const [gateway = first.gateway] = [first, second]
    .map((half) => half.gateway)
    .sort((one, two) => two.grownMegabytes - one.grownMegabytes);
  const idle = [...first.idle, ...second.idle];
  const beside = [...first.beside, ...second.beside];
  return { held: HELD, gateway, idle, beside, releaseMs };
}

type Half = Pick<ApprovalsResult, 'gateway' | 'idle' | 'beside'>;

/** The rounds during which `holding` holds; afterwards nothing is held. */
async function besideHeld(
  holding: RunningGateway,
  other: RunningGateway,
  rounds: number,
  seconds: number,
): Promise<Half> {
  await using opened = new AsyncDisposableStack();
  const clients = await openSessions(holding);
  opened.defer(async () => void (await Promise.allSettled(clients.map((client) => client.end()))));
  const memory = watchMemory(holding.pid);
  // What waits is measured, and not that thousands came in the same instant.
  for (let at = 0; at < clients.length; at += 50) await Promise.all(clients.slice(at, at + 50).map(waits));
  const half: Half = { gateway: memory(), idle: [], beside: [] };
  const runIdle = async () => half.idle.push(await runPgbench(pathTo(other), CASE, seconds));
  const runBeside = async () => half.beside.push(await runPgbench(pathTo(holding), CASE, seconds));
  for (let round = 0; round < rounds; round += 1)
    for (const run of round % 2 === 0 ? [runIdle, runBeside] : [runBeside, runIdle]) await run();
  return half;
}

/** The median of the rounds' p99, in microseconds. */
export function p99Of(rounds: readonly SmallResult[]): number {
  return median(rounds.map(({ p99Us }) => p99Us));
}

function boot(sample: RunningSample, folder: string): Promise<RunningGateway> {
  return bootGateway(folder, [{ name: DATABASE, url: sample.gatewayUrl(DATABASE) }], MORE);
}

function pathTo({ host, port, pid, stop }: RunningGateway): BenchPath {
  return { name: 'gateway', route: { host, port, ...ACCOUNT, database: DATABASE }, pid, stop };
}

async function openSessions({ host, port }: RunningGateway): Promise<Client[]> {
  const clients: Client[] = [];
  for (let opened = 0; opened < HELD; opened += 50) {
    const some = Array.from(
      { length: 50 },
      () => new Client({ host, port, ...ASKER, database: DATABASE, ssl: TLS }),
    );
    for (const client of some) client.on('error', () => undefined);
    await Promise.all(some.map((client) => client.connect()));
    clients.push(...some);
  }
  return clients;
}

/** What is measured is not whose certificate it is. */
const TLS = { rejectUnauthorized: false };

async function measureRelease(gateway: RunningGateway): Promise<ApprovalsResult['releaseMs']> {
  const token = await new Person(PERSON, gateway).token();
  const { host, port } = gateway;
  const client = new Client({ host, port, ...ASKER, database: DATABASE, ssl: TLS });
  await client.connect();
  const took: number[] = [];
  for (let count = 0; count < RELEASES; count += 1) {
    const row = client.query(UPDATE).then(() => performance.now());
    const { request } = await firstPending(gateway, token);
    const clickedAt = performance.now();
    await call(gateway, token, 'POST', `/v1/requests/${request.id}/approve`, { effect: request.effect });
    took.push((await row) - clickedAt);
  }
  await client.end();
  return { p50: quantile(took, 0.5), p99: quantile(took, 0.99) };
}

async function firstPending(gateway: RunningGateway, token: string): Promise<ShownRequest> {
  for (;;) {
    const [first] = await pending(gateway, token);
    if (first !== undefined) return first;
  }
}

/** Runs what needs approval; resolves when the session is told that it waits. */
function waits(client: Client): Promise<void> {
  return new Promise((resolve, reject) => {
    client.on('notice', () => resolve());
    client.query(UPDATE).catch(reject);
  });
}

async function pending(gateway: RunningGateway, token: string): Promise<ShownRequest[]> {
  const reply = await call(gateway, token, 'GET', endpoints.requests.path);
  return endpoints.requests.reply.parse(reply).requests;
}

async function call(
  { url }: RunningGateway,
  token: string,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
