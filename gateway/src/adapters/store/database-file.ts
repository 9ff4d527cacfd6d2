import { join } from 'node:path';

/** The store's database in its folder. */
export function databaseFile(dir: string): string {
  return join(dir, 'sluice.db');
}
