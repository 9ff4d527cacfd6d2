import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../scripts/setup/cache-folder.ts';

/** PostgreSQL's own source of this major version, as Debian keeps it; nothing of it is in this repository. */
const PACKAGE = 'postgresql-18';
/** Debian's suite that always has the newest release. */
const SUITE = 'sid';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const WANTED = [
  '*/src/test/regress/sql/*',
  '*/src/test/regress/data/*',
  '*/src/test/regress/parallel_schedule',
];

/**
 * The folder `src/test/regress` of PostgreSQL's source, brought through apt and kept in the cache, or the sentence
 * that says why it can't be had. The machine's own apt is not changed: lists and settings are a folder of ours.
 */
export function regressFolder(): { folder: string } | { missing: string } {
  const kept = join(cacheFolder(), PACKAGE, 'regress');
  if (!existsSync(kept)) {
    const missing = bring(kept);
    if (missing !== null) return { missing };
  }
  return { folder: kept };
}

function bring(kept: string): string | null {
  const work = join(cacheFolder(), PACKAGE, `bringing-${process.pid}`);
  try {
    const archive = download(work);
    if (archive === null)
      return `PostgreSQL's source (${PACKAGE} of Debian ${SUITE}) can't be had through apt here.`;
    run(['tar', '-xjf', archive, '--wildcards', ...WANTED], work);
    const [regress] = globSync('*/src/test/regress', { cwd: work });
    if (regress === undefined) return `${archive} can't be unpacked; tar and bzip2 are needed.`;
    renameSync(join(work, regress), kept);
    return null;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The path of the original source archive, or null. Apt checks its signature. */
function download(work: string): string | null {
  if (!existsSync('/usr/bin/apt-get') || !existsSync(KEYRING)) return null;
  for (const folder of ['lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(work, folder), { recursive: true });
  }
  const [mirror] = run(['apt-get', 'indextargets', '--format', '$(SITE)', 'Origin: Debian'], work).split(
    '\n',
  );
  const list = join(work, 'sources.list');
  writeFileSync(list, `deb-src [signed-by=${KEYRING}] ${mirror} ${SUITE} main\n`);
  const apt = [
    'apt-get',
    ...['-o', `Dir::Etc::sourcelist=${list}`, '-o', 'Dir::Etc::sourceparts=/dev/null'],
    ...['-o', `Dir::State::lists=${join(work, 'lists')}`, '-o', `Dir::Cache=${join(work, 'cache')}`],
    ...['-o', 'APT::Sandbox::User='],
  ] as const;
  run([...apt, 'update', '-q'], work);
  run([...apt, 'source', '-q', '--download-only', '--tar-only', PACKAGE], work);
  const [archive] = globSync('*.orig.tar.*', { cwd: work });
  return archive === undefined ? null : join(work, archive);
}

/** What the command printed; nothing when it failed. */
function run([command = '', ...args]: readonly string[], cwd: string): string {
  const done = spawnSync(command, args, { cwd, stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' });
  return done.status === 0 ? done.stdout.trim() : '';
}
