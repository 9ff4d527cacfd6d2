import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';
import { commitmentTo } from '../../core/audit/leaf.ts';
import { databaseFile } from './database-file.ts';
import { migrate } from './migrations.ts';
import type { StoreSchema } from './schema.ts';

/** So long a statement waits for another connection. */
export const BUSY_MS = 5000;

export type Database = { raw: DatabaseSync; kysely: Kysely<StoreSchema>; close: () => void };

/**
 * Opens and migrates the store's database in a folder that exists. WAL with `synchronous=FULL`: a commit that
 * returned survives the process and the machine's power.
 *
 * @throws what SQLite says; a second process in the same folder gets "database is locked"
 */
export async function openDatabase(dir: string): Promise<Database> {
  const lock = holdLock(dir);
  try {
    const raw = new DatabaseSync(ownedAlone(databaseFile(dir)));
    // `fast`: pages that are written anyway keep nothing of what was deleted from them; a purge does the rest.
    raw.exec(`pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = ${BUSY_MS};
      pragma secure_delete = fast;`);
    raw.function('sluice_commitment', { deterministic: true }, (salt, body) => {
      if (!(salt instanceof Uint8Array) || typeof body !== 'string') throw new TypeError('no salt and body');
      return commitmentTo(salt, body);
    });
    const kysely = new Kysely<StoreSchema>({ dialect: new SqliteDialect({ database: asKyselyWants(raw) }) });
    await migrate(kysely);
    const close = () => {
      raw.close();
      lock.close();
    };
    return { raw, kysely, close };
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** Makes the file, if need be, so that nobody else on the machine can read it; SQLite's others follow its mode. */
function ownedAlone(file: string): string {
  closeSync(openSync(file, 'a', 0o600));
  return file;
}

/** A lock that the operating system lets go of when the process dies, however it dies. */
function holdLock(dir: string): DatabaseSync {
  const lock = new DatabaseSync(join(dir, 'sluice.lock'));
  try {
    lock.exec('pragma busy_timeout = 0; begin exclusive;');
    return lock;
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** node:sqlite in the shape that Kysely's SQLite dialect speaks to. */
function asKyselyWants(raw: DatabaseSync): SqliteDatabase {
  return { close: () => undefined, prepare: (text) => statement(raw.prepare(text)) };
}

function statement(prepared: StatementSync): SqliteStatement {
  return {
    reader: prepared.columns().length > 0,
    all: (parameters) => prepared.all(...parameters.map(input)),
    iterate: (parameters) => prepared.iterate(...parameters.map(input)),
    run: (parameters) => prepared.run(...parameters.map(input)),
  };
}

function input(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`SQLite has no type for ${typeof value}`);
}
