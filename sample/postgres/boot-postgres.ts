import { type ChildProcess, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../scripts/processes/free-port.ts';
import { releaseGuarded, spawnGuarded } from '../../scripts/processes/guarded.ts';
import { binariesFolder, type PostgresVersion } from './binaries.ts';
import { createServerCertificate } from './certificate.ts';
import { canEnter, type OsUser, serverUser } from './os-user.ts';

export type { PostgresVersion };

export type PostgresOptions = {
  /** Kept between starts. Without one the server lives in a temporary folder that goes with it, in memory where it can. */
  dataDir?: string;
  /** 0 (the default) takes any free port. */
  port?: number;
  version?: PostgresVersion;
  /** Server settings, as in postgresql.conf. */
  settings?: Readonly<Record<string, string>>;
};

export type RunningPostgres = {
  host: string;
  port: number;
  dataDir: string;
  version: PostgresVersion;
  pid: number;
  superuser: 'postgres';
  superuserPassword: string;
  /** PEM to trust for `verify-full` with 127.0.0.1 or localhost. The server also speaks plain text. */
  caCertificate: string;
  /** `postgres://…` of `user` (by default the superuser) for `database`. */
  url(database: string, user?: string, password?: string): string;
  /** Settles when the server process is gone, however it ended. */
  exited: Promise<void>;
  /** Ends sessions, writes everything to disk, waits for the process, removes a temporary folder. */
  stop(): Promise<void>;
};

const HOST = '127.0.0.1';
const LAST_LINES = 15;

/** Starts a real PostgreSQL (18 unless told) with its own data folder. Throws an Error that says what to do. */
export async function bootPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
  const version = options.version ?? 18;
  const user = serverUser();
  const binaries = binariesFolder(version, user);
  const temporary = options.dataDir === undefined;
  const dataDir = options.dataDir ?? mkdtempSync(join(temporaryRoot(user), 'sluice-postgres-'));
  const isNew = mkdirSync(dataDir, { recursive: true, mode: 0o700 }) !== undefined;
  if (user && (temporary || isNew)) chownSync(dataDir, user.uid, user.gid);
  if (!canEnter(dataDir, user)) {
    throw new Error(
      `PostgreSQL runs as ${user?.name}, who cannot enter ${dataDir}; choose another data folder.`,
    );
  }
  if (!existsSync(join(dataDir, 'pgdata', 'PG_VERSION'))) await initialise(binaries, dataDir, user);
  const port = options.port || (await freePort());
  const settings = {
    listen_addresses: HOST,
    port: String(port),
    unix_socket_directories: '',
    ssl: 'on',
    ssl_cert_file: join(dataDir, 'server.crt'),
    ssl_key_file: join(dataDir, 'server.key'),
    ...(temporary ? { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' } : {}),
    ...options.settings,
  };
  const server = [join(binaries, 'postgres'), '-D', join(dataDir, 'pgdata'), ...asFlags(settings)] as const;
  const child = spawnGuarded(server, {
    stopSignal: 'INT',
    cwd: dataDir,
    ...(user ? { uid: user.uid, gid: user.gid } : {}),
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  });
  const exited = new Promise<void>((settle) => child.once('close', () => settle()));
  await ready(child, port).catch((error: unknown) => {
    if (temporary) rmSync(dataDir, { recursive: true, force: true });
    throw error;
  });
  const superuserPassword = readFileSync(join(dataDir, 'superuser-password'), 'utf8');
  return {
    host: HOST,
    port,
    dataDir,
    version,
    pid: serverPid(dataDir),
    superuser: 'postgres',
    superuserPassword,
    caCertificate: readFileSync(join(dataDir, 'server.crt'), 'utf8'),
    url: (database, role = 'postgres', password = superuserPassword) =>
      `postgres://${encodeURIComponent(role)}:${encodeURIComponent(password)}@${HOST}:${port}/${database}`,
    exited,
    async stop() {
      releaseGuarded(child);
      await exited;
      if (temporary) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function initialise(binaries: string, dataDir: string, user: OsUser): Promise<void> {
  mkdirSync(join(dataDir, 'pgdata'), { recursive: true, mode: 0o700 });
  const password = randomBytes(18).toString('base64url');
  const passwordFile = join(dataDir, 'superuser-password');
  const { certificatePem, keyPem } = await createServerCertificate(new Date());
  writeFileSync(passwordFile, password, { mode: 0o600 });
  writeFileSync(join(dataDir, 'server.crt'), certificatePem);
  const keyFile = join(dataDir, 'server.key');
  writeFileSync(keyFile, keyPem, { mode: 0o600 });
  if (user)
    for (const file of ['pgdata', 'superuser-password', 'server.crt', 'server.key']) {
      chownSync(join(dataDir, file), user.uid, user.gid);
    }
  const initdb = spawnSync(
    join(binaries, 'initdb'),
    [
      `--pgdata=${join(dataDir, 'pgdata')}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
    ],
    {
      cwd: dataDir,
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      ...(user ? { uid: user.uid, gid: user.gid } : {}),
    },
  );
  if (initdb.status === 0) return;
  rmSync(join(dataDir, 'pgdata'), { recursive: true, force: true });
  throw new Error(explain(`${initdb.error?.message ?? ''}${initdb.stderr ?? ''}`, 0));
}

/** Waits for the server's own word that it accepts connections. */
function ready(child: ChildProcess, port: number): Promise<void> {
  let log = '';
  return new Promise((settle, fail) => {
    child.once('error', (error) => fail(new Error(`PostgreSQL does not start: ${error.message}`)));
    child.once('exit', () => fail(new Error(explain(log, port))));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).split('\n').slice(-LAST_LINES).join('\n');
      if (log.includes('ready to accept connections')) settle();
    });
  });
}

function explain(log: string, port: number): string {
  if (/could not bind|Address already in use/.test(log)) {
    return `Port ${port} is in use; stop what listens there, or choose another port for the sample database.`;
  }
  if (/No space left/.test(log))
    return 'The disk is full; PostgreSQL needs about 400 MB. Free some and start again.';
  const other = /Is another postmaster \(PID (\d+)\)/.exec(log)?.[1];
  if (other)
    return `This data folder is in use by another PostgreSQL (process ${other}); stop that one first.`;
  if (/incompatible with server/.test(log)) {
    return 'The data folder was made by another version of PostgreSQL; remove it and start again.';
  }
  return `PostgreSQL does not start. Its last words:\n${log}`;
}

/** The first line of the server's own lock file. */
function serverPid(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'pgdata', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

function asFlags(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

const MEMORY = '/dev/shm';
const MIN_ROOM_BYTES = 4 * 1024 ** 3;

function temporaryRoot(user: OsUser): string {
  const memory = hasRoom(MEMORY) ? [MEMORY] : [];
  const folder = [...memory, tmpdir(), '/tmp', '/var/tmp'].find((candidate) => canEnter(candidate, user));
  if (folder === undefined)
    throw new Error(`${user?.name} can enter no temporary folder; set TMPDIR to one.`);
  return folder;
}

function hasRoom(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= MIN_ROOM_BYTES;
}
