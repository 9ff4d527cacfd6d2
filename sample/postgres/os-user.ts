import { readFileSync, statSync } from 'node:fs';
import { dirname, parse, resolve } from 'node:path';

/** Whom the server runs as. Null: the user of this process. PostgreSQL refuses to run as root. */
export type OsUser = { name: string; uid: number; gid: number } | null;

/** Root lends the server to the OS user `postgres`, or to `nobody`, which every machine has. */
export function serverUser(): OsUser {
  if (process.getuid?.() !== 0) return null;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const wanted of ['postgres', 'nobody']) {
    const [name, , uid, gid] = lines.find((line) => line.startsWith(`${wanted}:`))?.split(':') ?? [];
    if (name !== undefined) return { name, uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('There is neither an OS user postgres nor nobody; run this as a user other than root.');
}

/** True when `user` may pass through every existing folder on the way to `path`. */
export function canEnter(path: string, user: OsUser): boolean {
  if (user === null) return true;
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const stats = statSync(folder, { throwIfNoEntry: false });
    if (stats?.isDirectory()) {
      const isTheirs = stats.uid === user.uid;
      if ((stats.mode & (isTheirs ? 0o100 : 0o001)) === 0) return false;
    }
    if (folder === parse(folder).root) return true;
  }
}
