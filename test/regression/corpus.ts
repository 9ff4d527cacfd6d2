import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { bootPostgres, type RunningPostgres } from '../../sample/postgres/boot-postgres.ts';
import { eventually } from '../interop/lab/eventually.ts';
import type { Route } from '../interop/lab/lab.ts';
import { PsqlPlayer, type Stage } from './psql-player.ts';
import { ServerSession } from './server-session.ts';

const DATABASE = 'regression';
/** What pg_regress sets, and a bound for what waits for others. */
const SETTINGS = {
  fsync: 'off',
  max_wal_size: '2GB',
  statement_timeout: '5s',
  max_prepared_transactions: '2',
};
const START_UP = { DateStyle: 'Postgres, MDY', TimeZone: 'America/Los_Angeles' };

export type Lab = { postgres: RunningPostgres; databaseUrl: string; folder: string; stop(): Promise<void> };

/** An empty server and the regression's files where it can read them. */
export async function bootRegressionLab(regress: string): Promise<Lab> {
  const postgres = await bootPostgres({ version: 18, settings: SETTINGS });
  // Beside everything else of root's that the server's user may read.
  const folder = mkdtempSync(join(tmpdir(), 'sluice-regress-'));
  cpSync(regress, folder, { recursive: true });
  const client = new pg.Client({ connectionString: postgres.url('postgres') });
  await client.connect();
  await client.query(`CREATE DATABASE ${DATABASE} TEMPLATE template0`);
  await client.end();
  const stop = async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { postgres, databaseUrl: postgres.url(DATABASE), folder, stop };
}

/** What most scripts build on. */
const FOUNDATION = new Set(['test_setup', 'create_index', 'create_table', 'create_misc', 'create_view']);

/** Every so many-th script, and what they build on. */
export function sampleOf(lab: Lab, every: number): string[] {
  return scriptNames(lab).filter((name, at) => FOUNDATION.has(name) || at % every === 0);
}

/** Names of the scripts, in the order in which PostgreSQL runs them. */
export function scriptNames({ folder }: Lab): string[] {
  const schedule = readFileSync(join(folder, 'parallel_schedule'), 'utf8');
  return schedule.split('\n').flatMap((line) => /^test: (.*)$/.exec(line)?.[1]?.trim().split(/\s+/) ?? []);
}

/** Plays one script with psql's rules. */
export async function playScript(
  lab: Lab,
  name: string,
  { sending, answered }: Pick<Stage, 'sending' | 'answered'>,
): Promise<void> {
  const { host, port, superuser, superuserPassword } = lab.postgres;
  const route = { host, port, user: superuser, password: superuserPassword, database: DATABASE };
  const stage: Stage = {
    connect: async (role) => {
      const session = await openOnceUp(route);
      // Roles of the regression have no passwords; a superuser may become any of them.
      if (role !== null) await session.run(`SET SESSION AUTHORIZATION "${role}"`);
      return session;
    },
    environment: {
      PG_ABS_SRCDIR: lab.folder,
      PG_ABS_BUILDDIR: lab.folder,
      PG_LIBDIR: lab.folder,
      PG_DLSUFFIX: '.so',
    },
    sending,
    answered,
  };
  await PsqlPlayer.play(stage, name, readFileSync(join(lab.folder, 'sql', `${name}.sql`), 'utf8'));
}

/** Some scripts take the server down, or fill its memory: it is back after its recovery. */
async function openOnceUp(route: Route): Promise<ServerSession> {
  let opened: ServerSession | null = null;
  await eventually('the server is up', async () => {
    opened = await ServerSession.open(route, START_UP).catch(() => null);
    return opened !== null;
  });
  if (opened === null) throw new Error('unreachable');
  return opened;
}
