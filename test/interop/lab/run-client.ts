import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { searchPath } from '../../../scripts/setup/system-packages.ts';
import type { Route } from './lab.ts';

export type ClientEnd = { code: number | null; stdout: string; stderr: string };

export type ClientOptions = {
  stdin?: string;
  /** `sslmode` of libpq. */
  sslMode?: 'disable' | 'require' | 'verify-full';
  env?: Readonly<Record<string, string>>;
  /** Sends SIGINT, as ctrl-C does, once this stands in what the client wrote. */
  interruptAfter?: RegExp;
  /** The same, once this resolves. */
  interruptWhen?: () => Promise<void>;
};

/** Runs a libpq program (psql, pgbench, pg_dump …) to its end. */
export async function runClient(
  route: Route,
  argv: readonly [string, ...string[]],
  options: ClientOptions = {},
): Promise<ClientEnd> {
  const [program, ...rest] = argv;
  const child = spawn(program, rest, { env: environment(route, options), stdio: 'pipe' });
  const out = { stdout: '', stderr: '' };
  let interrupted = false;
  const collect = (stream: 'stdout' | 'stderr') => (chunk: Buffer) => {
    out[stream] += chunk.toString();
    if (interrupted || !options.interruptAfter?.test(out[stream])) return;
    interrupted = true;
    child.kill('SIGINT');
  };
  child.stdout.on('data', collect('stdout'));
  child.stderr.on('data', collect('stderr'));
  void options.interruptWhen?.().then(() => child.kill('SIGINT'));
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  await once(child, 'close');
  return { code: child.exitCode, ...out };
}

/** `psql` without the machine's own settings, aligned off; fails on the first error. */
export function psql(route: Route, script: string, options: ClientOptions = {}): Promise<ClientEnd> {
  return runClient(route, ['psql', '-X', '-v', 'ON_ERROR_STOP=1', '-f', '-'], { ...options, stdin: script });
}

function environment(route: Route, { sslMode = 'disable', env }: ClientOptions): NodeJS.ProcessEnv {
  return {
    PATH: searchPath(),
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    HOME: '/nonexistent',
    PSQL_HISTORY: '/dev/null',
    PAGER: '',
    PGHOST: route.host,
    PGPORT: String(route.port),
    PGUSER: route.user,
    PGPASSWORD: route.password,
    PGDATABASE: route.database,
    PGSSLMODE: sslMode,
    PGGSSENCMODE: 'disable',
    PGCONNECT_TIMEOUT: '30',
    ...env,
  };
}
