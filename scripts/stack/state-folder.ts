import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedFolder } from '../../sample/postgres/binaries.ts';
import { canEnter, serverUser } from '../../sample/postgres/os-user.ts';
import { root } from '../setup/root.ts';

/** Everything that `npm start` keeps between starts, in the clone: `.sluice`. Removing it starts afresh. */
export const stateFolder = join(root, '.sluice');

/**
 * The sample database's data folder. Beside the rest where PostgreSQL's OS user can reach it; root's clone may lie
 * where only root can enter, and then it is a folder under /var/lib/sluice of this clone's own.
 */
export function databaseFolder(): string {
  const user = serverUser();
  if (canEnter(root, user)) return join(stateFolder, 'postgres');
  return sharedFolder(`shop-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`);
}

/** A random secret that is made once and kept in `file` for its owner alone. */
export function keptSecret(file: string): string {
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

export function makeStateFolder(): void {
  mkdirSync(stateFolder, { recursive: true, mode: 0o755 });
}
