import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, globSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { root } from './root.ts';

/** Programs of the operating system that some suites drive. */
export type Need =
  | 'chromium'
  | 'psql'
  | 'pgbench'
  | 'pgbouncer'
  | 'ssh'
  | 'ssh-keygen'
  | 'sshd'
  | 'vi'
  | 'top'
  | 'less'
  | 'git'
  | 'rsync';

const debianPackage: Readonly<Record<Need, string>> = {
  chromium: 'chromium',
  psql: 'postgresql-client',
  pgbench: 'postgresql-15',
  pgbouncer: 'pgbouncer',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  sshd: 'openssh-server',
  vi: 'vim-tiny',
  top: 'procps',
  less: 'less',
  git: 'git',
  rsync: 'rsync',
};

/** Debian puts pgbench into the server's package; unpacked, it runs without setting up a server. */
const unpackedOnly: ReadonlySet<Need> = new Set(['pgbench']);

/** PATH for children: node_modules first, then the user's, then where Debian keeps servers and PostgreSQL's programs. */
export function searchPath(): string {
  return [
    join(root, 'node_modules', '.bin'),
    process.env.PATH ?? '',
    '/usr/sbin',
    ...globSync('/usr/lib/postgresql/*/bin'),
    ...globSync(join(cacheFolder(), 'debian/*/usr/{bin,sbin}')),
    ...globSync(join(cacheFolder(), 'debian/*/usr/lib/postgresql/*/bin')),
  ].join(delimiter);
}

/** The program's absolute path, or null. */
export function findProgram(name: string): string | null {
  for (const folder of searchPath().split(delimiter)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder: the next one may have it.
    }
  }
  return null;
}

/** Installs a missing program from Debian where it can. Returns null, or the sentence that says what to do. */
export function prepareNeed(need: Need): string | null {
  if (findProgram(need) !== null) return null;
  const name = debianPackage[need];
  const sudo = asRoot();
  if (existsSync('/usr/bin/apt-get') && (sudo !== null || unpackedOnly.has(need))) {
    console.log(`Installing ${name} from Debian …`);
    refreshPackageLists(sudo);
    if (unpackedOnly.has(need)) unpack(name);
    else if (sudo) run([...sudo, 'apt-get', 'install', '-y', '-q', '--no-install-recommends', name]);
    if (findProgram(need) !== null) return null;
  }
  return `${need} is missing; install it (on Debian: apt-get install ${name}) and run this again.`;
}

/** The words that make a command run as root here, or null when that isn't possible without asking. */
function asRoot(): readonly string[] | null {
  if (process.getuid?.() === 0) return [];
  return run(['sudo', '-n', 'true']) ? ['sudo', '-n'] : null;
}

let refreshed = false;
function refreshPackageLists(sudo: readonly string[] | null): void {
  if (refreshed || sudo === null) return;
  refreshed = true;
  run([...sudo, 'apt-get', 'update', '-q']);
}

function unpack(name: string): void {
  const folder = join(cacheFolder(), 'debian', name);
  mkdirSync(folder, { recursive: true });
  run(['apt-get', 'download', '-q', '-o', 'APT::Sandbox::User=root', name], folder);
  for (const file of globSync('*.deb', { cwd: folder })) run(['dpkg-deb', '-x', join(folder, file), folder]);
}

function run(argv: readonly string[], cwd = root): boolean {
  const [command = '', ...args] = argv;
  const done = spawnSync(command, args, {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return done.status === 0;
}
