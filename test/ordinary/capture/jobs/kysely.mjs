import { createRequire } from 'node:module';

const require = createRequire(`${process.env.CAPTURE_TOOLS}/package.json`);
const { Kysely, PostgresDialect, sql, Migrator } = require('kysely');
const { jsonArrayFrom, jsonObjectFrom } = require('kysely/helpers/postgres');
const { Pool } = require('pg');

const db = new Kysely({
  dialect: new PostgresDialect({ pool: new Pool({ connectionString: process.env.DATABASE_URL, max: 1 }) }),
});
const migrations = {
  '001': {
    up: async (schema) => {
      await schema.schema
        .createTable('notes')
        .ifNotExists()
        .addColumn('id', 'bigserial', (c) => c.primaryKey())
        .addColumn('title', 'varchar(120)', (c) => c.notNull())
        .addColumn('email', 'text', (c) => c.unique())
        .addColumn('body', 'jsonb', (c) => c.defaultTo('{}'))
        .addColumn('customer_id', 'integer', (c) => c.references('customers.id').onDelete('cascade'))
        .addColumn('created_at', 'timestamptz', (c) => c.defaultTo(sql`now()`).notNull())
        .addCheckConstraint('title_not_empty', sql`length(title) > 0`)
        .execute();
      await schema.schema.createIndex('notes_title').on('notes').expression(sql`lower(title)`).execute();
      await schema.schema.createType('mood').asEnum(['good', 'bad']).execute();
      await schema.schema.alterTable('notes').addColumn('mood', sql`mood`).execute();
    },
  },
  '002': {
    up: (schema) =>
      schema.schema
        .createView('note_titles')
        .as(schema.selectFrom('notes').select(['id', 'title']))
        .execute(),
  },
};
await new Migrator({ db, provider: { getMigrations: async () => migrations } }).migrateToLatest();
await db.introspection.getTables();
await db.introspection.getSchemas();
await db.selectFrom('customers').selectAll().orderBy('id').limit(3).execute();
await db
  .selectFrom('customers')
  .select(['id', 'name', 'email as mail'])
  .where('id', '=', 4)
  .executeTakeFirst();
await db
  .selectFrom('customers as c')
  .innerJoin('orders as o', 'o.customer_id', 'c.id')
  .select(['c.name', 'o.status'])
  .where('o.id', 'in', [1, 2, 3])
  .orderBy('o.id')
  .execute();
await db
  .selectFrom('customers as c')
  .leftJoin('orders as o', (j) => j.onRef('o.customer_id', '=', 'c.id').on('o.status', '=', 'paid'))
  .select(['c.id', ({ fn }) => fn.count('o.id').as('n')])
  .groupBy('c.id')
  .orderBy('c.id')
  .limit(4)
  .execute();
await db
  .selectFrom('customers')
  .select((eb) => [
    'id',
    jsonArrayFrom(
      eb
        .selectFrom('orders')
        .select(['orders.id', 'orders.status'])
        .whereRef('orders.customer_id', '=', 'customers.id')
        .orderBy('orders.id'),
    ).as('orders'),
  ])
  .orderBy('id')
  .limit(3)
  .execute();
await db
  .selectFrom('orders')
  .select((eb) => [
    'id',
    jsonObjectFrom(
      eb
        .selectFrom('customers')
        .select(['customers.name', 'customers.email'])
        .whereRef('customers.id', '=', 'orders.customer_id'),
    ).as('customer'),
  ])
  .orderBy('id')
  .limit(3)
  .execute();
await db
  .selectFrom('orders')
  .select((eb) => [
    'id',
    eb.fn
      .agg('row_number')
      .over((o) => o.partitionBy('status').orderBy('id'))
      .as('nr'),
  ])
  .orderBy('id')
  .limit(3)
  .execute();
await db
  .selectFrom('orders')
  .select(({ fn, val }) => [fn.countAll().as('n'), fn.max('id').as('top'), val('x').as('x')])
  .executeTakeFirst();
await db.selectFrom('customers').select('id').distinctOn('region').orderBy('region').orderBy('id').execute();
await db
  .with('big', (q) => q.selectFrom('orders').select('customer_id').where('id', '<', 50))
  .selectFrom('big')
  .selectAll()
  .orderBy('customer_id')
  .limit(3)
  .execute();
await db
  .selectFrom('customers')
  .selectAll('customers')
  .where((eb) => eb.or([eb('region', '=', 'north'), eb('name', 'like', 'B%')]))
  .where(sql`tags && ${['vip']}`)
  .orderBy('id')
  .limit(2)
  .execute();
await db
  .selectFrom('orders')
  .select(['status', (eb) => eb.case().when('status', '=', 'paid').then('yes').else('no').end().as('paid')])
  .orderBy('id')
  .limit(3)
  .execute();
await db
  .insertInto('notes')
  .values({ title: 'a', email: 'k@example.com', body: JSON.stringify({ x: 1 }), customer_id: 2 })
  .returningAll()
  .executeTakeFirst();
await db
  .insertInto('notes')
  .values([{ title: 'b' }, { title: 'c' }])
  .returning(['id'])
  .execute();
await db
  .insertInto('notes')
  .values({ title: 'd', email: 'k@example.com' })
  .onConflict((oc) => oc.column('email').doUpdateSet((eb) => ({ title: eb.ref('excluded.title') })))
  .returningAll()
  .execute();
await db
  .insertInto('notes')
  .values({ title: 'e', email: 'k@example.com' })
  .onConflict((oc) => oc.doNothing())
  .execute();
await db
  .insertInto('notes')
  .columns(['title', 'customer_id'])
  .expression((eb) => eb.selectFrom('customers').select(['name', 'id']).where('id', '<', 4))
  .execute();
await db
  .updateTable('notes')
  .set((eb) => ({ title: eb('title', '||', '!') }))
  .where('id', '=', 1)
  .returningAll()
  .execute();
await db
  .updateTable('notes as n')
  .from('customers as c')
  .set({ title: 'x' })
  .whereRef('c.id', '=', 'n.customer_id')
  .where('c.region', '=', 'north')
  .returning(['n.id', 'c.name'])
  .execute();
await db.updateTable('customers').set({ region: 'south' }).where('id', '=', 13).returningAll().execute();
await db.deleteFrom('notes').where('id', '=', 2).returningAll().execute();
await db
  .deleteFrom('notes')
  .using('customers')
  .whereRef('customers.id', '=', 'notes.customer_id')
  .where('customers.region', '=', 'nowhere')
  .execute();
await db
  .mergeInto('notes as n')
  .using('orders as o', 'o.id', 'n.id')
  .whenMatchedAnd('o.status', '=', 'paid')
  .thenUpdateSet({ title: 'merged' })
  .whenNotMatched()
  .thenDoNothing()
  .execute();
await db
  .transaction()
  .setIsolationLevel('repeatable read')
  .execute(async (trx) => {
    await trx.selectFrom('orders').selectAll().where('id', '=', 3).forUpdate().skipLocked().execute();
    await trx.insertInto('notes').values({ title: 'in' }).execute();
  });
const trx = await db.startTransaction().execute();
const point = await trx.savepoint('here').execute();
await point.deleteFrom('notes').execute();
await (await point.rollbackToSavepoint('here').execute()).commit().execute();
await sql`select ${sql.ref('id')} from ${sql.table('customers')} where id = any(${[1, 2]}) order by id`.execute(
  db,
);
await db.selectFrom('customers').selectAll().where('id', '=', 3).explain('json');
await db.schema.dropView('note_titles').execute();
await db.schema.dropTable('notes').cascade().execute();
await db.schema.dropType('mood').ifExists().execute();
await db.destroy();
