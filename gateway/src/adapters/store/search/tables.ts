import { type Kysely, sql } from 'kysely';

/** Migration: the index, empty. The store fills it when it opens. */
export async function createSearchIndex(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('searched')
    .addColumn('position', 'integer', (column) => column.primaryKey())
    .addColumn('record', 'text', (column) => column.notNull().unique())
    .execute();
  await sql`create virtual table searched_words using fts5(terms, text, content = '', contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 2 tokenchars '_'")`.execute(db);
  // One row: up to where the log is in the index.
  await db.schema
    .createTable('searched_up_to')
    .addColumn('seq', 'integer', (column) => column.notNull())
    .execute();
  await sql`insert into searched_up_to (seq) values (0)`.execute(db);
}
