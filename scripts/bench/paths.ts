import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { run } from '../../gateway/src/cli/run.ts';
import type { RunningSample } from '../../sample/boot-sample.ts';
import { serverUser } from '../../sample/postgres/os-user.ts';
import { GATEWAY_ROLE } from '../../sample/shop/seed.ts';
import { eventually } from '../../test/interop/lab/eventually.ts';
import { ACCOUNT, bootGateway, type GatewayTarget, writeConfig } from '../../test/interop/lab/gateway.ts';
import type { Route } from '../../test/interop/lab/lab.ts';
import { findProgram } from '../setup/system-packages.ts';

export const PATHS = ['direct', 'pipe', 'pgbouncer', 'gateway', 'unsynced', 'masked', 'prepared'] as const;
export type PathName = (typeof PATHS)[number];

/** One way from a client to the server. */
export type BenchPath = {
  name: PathName;
  route: Route;
  /** The process in between, whose CPU time is measured; null when there is none. */
  pid: number | null;
  stop(): Promise<void>;
};

const HOST = '127.0.0.1';
export const DATABASE = 'scratch';

export async function directPath(sample: RunningSample): Promise<BenchPath> {
  return {
    name: 'direct',
    route: routeTo(sample, sample.postgres.port),
    pid: null,
    stop: async () => undefined,
  };
}

export async function pipePath(sample: RunningSample): Promise<BenchPath> {
  const program = join(import.meta.dirname, 'tcp-pipe.ts');
  const child = spawn(process.execPath, [program, String(sample.postgres.port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  return { name: 'pipe', route: routeTo(sample, Number(String(line))), ...processOf(child) };
}

/** The governing gateway, allowing everything and masking nothing. */
export async function gatewayPath(sample: RunningSample, folder: string): Promise<BenchPath> {
  const gateway = await bootGateway(join(folder, 'gateway'), [
    { name: DATABASE, url: sample.gatewayUrl(DATABASE) },
  ]);
  const route = { host: gateway.host, port: gateway.port, ...ACCOUNT, database: DATABASE };
  return { name: 'gateway', route, pid: gateway.pid, stop: gateway.stop };
}

const MEMORY_FOLDER = '/dev/shm';

/**
 * The gateway with its log on a file system in memory, where an fsync costs nothing: what it costs apart from
 * the disk. Null where there is none.
 */
export async function unsyncedPath(sample: RunningSample): Promise<BenchPath | null> {
  if (!existsSync(MEMORY_FOLDER)) return null;
  const folder = mkdtempSync(join(MEMORY_FOLDER, 'sluice-bench-'));
  const path = await gatewayPath(sample, folder);
  const stop = async () => {
    await path.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...path, name: 'unsynced', stop };
}

/** A gateway that masks two columns of the wide rows and one of pgbench's accounts, with masking subqueries. */
export async function maskedPath(sample: RunningSample, folder: string): Promise<BenchPath> {
  return gatewayTo('masked', { url: sample.gatewayUrl(DATABASE) }, join(folder, 'masked'));
}

/** The same with masking views and a role that has no right to the columns (docs/TARGETS.md). */
export async function preparedPath(sample: RunningSample, folder: string): Promise<BenchPath> {
  const target = {
    mode: 'prepared',
    url: sample.postgres.url(DATABASE, PREPARED_ROLE, PREPARED_PASSWORD),
  } as const;
  const config = writeConfig(join(folder, 'prepared'), [{ name: 'prepared', ...target }]);
  const said: string[] = [];
  const exit = await run(['target', 'prepare', 'prepared', '--config', config, '--apply'], {
    environment: { SLUICE_ADMIN_URL: sample.superuserUrl(DATABASE), SLUICE_ROLE_PASSWORD: PREPARED_PASSWORD },
    stopped: new Promise(() => undefined),
    out: () => undefined,
    say: (text) => said.push(text),
  });
  if (exit !== 0) throw new Error(`The target can't be prepared:\n${said.join('\n')}`);
  return gatewayTo('prepared', target, join(folder, 'prepared'));
}

const PREPARED_ROLE = 'sluice_prepared';
const PREPARED_PASSWORD = 'prepared-for-the-bench';

async function gatewayTo(
  name: 'masked' | 'prepared',
  target: Omit<GatewayTarget, 'name'>,
  folder: string,
): Promise<BenchPath> {
  const gateway = await bootGateway(folder, [{ name, ...target }]);
  const route = { host: gateway.host, port: gateway.port, ...ACCOUNT, database: name };
  return { name, route, pid: gateway.pid, stop: gateway.stop };
}

/** PgBouncer in session mode. Null when it isn't installed. */
export async function pgbouncerPath(sample: RunningSample, folder: string): Promise<BenchPath | null> {
  const program = findProgram('pgbouncer');
  if (program === null) return null;
  const port = await freePort();
  const user = serverUser();
  const child = spawn(program, ['-q', pgbouncerConfig(sample, join(folder, 'pgbouncer'), port)], {
    stdio: 'ignore',
    ...(user ? { uid: user.uid, gid: user.gid } : {}),
  });
  await answers(port);
  return { name: 'pgbouncer', route: routeTo(sample, port), ...processOf(child) };
}

function pgbouncerConfig(sample: RunningSample, folder: string, port: number): string {
  mkdirSync(folder, { recursive: true });
  // It runs as another user than root, who must be able to pass.
  for (const one of [dirname(folder), folder]) chmodSync(one, 0o755);
  const users = join(folder, 'users.txt');
  const config = join(folder, 'pgbouncer.ini');
  writeFileSync(users, `"${GATEWAY_ROLE}" "${sample.gatewayPassword}"\n`);
  const lines = [
    '[databases]',
    `${DATABASE} = host=${HOST} port=${sample.postgres.port} dbname=${DATABASE}`,
    '[pgbouncer]',
    `listen_addr = ${HOST}`,
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = scram-sha-256',
    `auth_file = ${users}`,
    'pool_mode = session',
    'server_tls_sslmode = disable',
    'ignore_startup_parameters = extra_float_digits',
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  return config;
}

function routeTo(sample: RunningSample, port: number): Route {
  return { host: HOST, port, user: GATEWAY_ROLE, password: sample.gatewayPassword, database: DATABASE };
}

function processOf(child: ChildProcess): { pid: number; stop(): Promise<void> } {
  return {
    pid: child.pid ?? 0,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function answers(port: number): Promise<void> {
  await eventually('PgBouncer answers', async () => {
    const socket = connect({ host: HOST, port });
    const answer = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    return answer;
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port.');
  return address.port;
}
