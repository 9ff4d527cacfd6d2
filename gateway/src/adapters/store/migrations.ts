import { type Kysely, type Migration, type MigrationProvider, Migrator, sql } from 'kysely';
import { createTree } from './audit/tables.ts';
import type { StoreSchema } from './schema.ts';
import { createSearchIndex } from './search/tables.ts';

/**
 * The store's migrations. One that was released is never changed; the next number is added. They run when the
 * store is opened, each in a transaction of its own.
 */
const MIGRATIONS: Record<string, Migration> = {
  '0001_log_and_documents': { up: createLogAndDocuments },
  '0002_journal': { up: createJournal },
  '0003_events': { up: letEventsIn },
  '0004_search': { up: createSearchIndex },
  '0005_tree': { up: createTree },
};

/** Brings a database to the newest schema; throws what stopped it. */
export async function migrate(kysely: Kysely<StoreSchema>): Promise<void> {
  const provider: MigrationProvider = { getMigrations: async () => MIGRATIONS };
  const { error } = await new Migrator({ db: kysely, provider }).migrateToLatest();
  if (error !== undefined) throw error;
}

async function createLogAndDocuments(db: Kysely<unknown>): Promise<void> {
  // docs/adr/0001-append-only-log.md says why a record's end is a row of its own.
  await db.schema
    .createTable('log')
    .addColumn('seq', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('kind', 'text', (column) => column.notNull().check(sql`kind in ('opened', 'kept', 'closed')`))
    .addColumn('record', 'text', (column) => column.notNull())
    .addColumn('principal', 'text')
    .addColumn('target', 'text')
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await sql`create unique index log_opening on log (record) where kind <> 'closed'`.execute(db);
  await sql`create unique index log_closing on log (record) where kind = 'closed'`.execute(db);
  await sql`create index log_principal on log (principal, record) where kind <> 'closed'`.execute(db);
  await sql`create index log_target on log (target, record) where kind <> 'closed'`.execute(db);
  for (const change of ['update', 'delete']) {
    await sql`create trigger ${sql.raw(`log_no_${change} before ${change}`)} on log
      begin select raise(abort, 'the log is append-only'); end`.execute(db);
  }
  await db.schema
    .createTable('documents')
    .addColumn('collection', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('expires_at_ms', 'integer')
    .addPrimaryKeyConstraint('documents_key', ['collection', 'key'])
    .execute();
  await db.schema.createIndex('documents_expiry').on('documents').column('expires_at_ms').execute();
}

/** One row: up to where the journal was taken over into the log (docs/adr/0007-journal.md). */
async function createJournal(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('journal')
    .addColumn('segment', 'integer', (column) => column.notNull())
    .addColumn('offset', 'integer', (column) => column.notNull())
    .execute();
  await sql`insert into journal (segment, "offset") values (0, 0)`.execute(db);
}

/** The log takes events too, which are no actions on targets. SQLite changes a check by making the table anew. */
async function letEventsIn(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('log_anew')
    .addColumn('seq', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('kind', 'text', (column) =>
      column.notNull().check(sql`kind in ('opened', 'kept', 'closed', 'event')`),
    )
    .addColumn('record', 'text', (column) => column.notNull())
    .addColumn('principal', 'text')
    .addColumn('target', 'text')
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await sql`insert into log_anew (seq, kind, record, principal, target, body)
    select seq, kind, record, principal, target, body from log order by seq`.execute(db);
  await sql`drop table log`.execute(db);
  await sql`alter table log_anew rename to log`.execute(db);
  await sql`create unique index log_opening on log (record) where kind <> 'closed'`.execute(db);
  await sql`create unique index log_closing on log (record) where kind = 'closed'`.execute(db);
  await sql`create index log_principal on log (principal, record) where kind <> 'closed'`.execute(db);
  await sql`create index log_target on log (target, record) where kind <> 'closed'`.execute(db);
  for (const change of ['update', 'delete']) {
    await sql`create trigger ${sql.raw(`log_no_${change} before ${change}`)} on log
      begin select raise(abort, 'the log is append-only'); end`.execute(db);
  }
}
