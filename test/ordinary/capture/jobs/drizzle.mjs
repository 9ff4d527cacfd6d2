import { createRequire } from 'node:module';

const require = createRequire(`${process.env.CAPTURE_TOOLS}/package.json`);
const { drizzle } = require('drizzle-orm/node-postgres');
const pg = require('drizzle-orm/pg-core');
const {
  eq,
  and,
  or,
  gt,
  inArray,
  like,
  desc,
  asc,
  sql,
  count,
  sum,
  isNull,
  relations,
  between,
  exists,
} = require('drizzle-orm');
const { Pool } = require('pg');

const customers = pg.pgTable('customers', {
  id: pg.integer('id').primaryKey().generatedByDefaultAsIdentity(),
  name: pg.text('name').notNull(),
  email: pg.text('email').notNull(),
  nationalId: pg.text('national_id').notNull(),
  phone: pg.text('phone'),
  region: pg.text('region').notNull(),
  notes: pg.jsonb('notes'),
  tags: pg.text('tags').array(),
});
const orders = pg.pgTable('orders', {
  id: pg.integer('id').primaryKey().generatedByDefaultAsIdentity(),
  customerId: pg.integer('customer_id').notNull(),
  status: pg.text('status').notNull(),
  shipTo: pg.text('ship_to').notNull(),
  placedAt: pg.timestamp('placed_at', { withTimezone: true }).notNull(),
});
const posts = pg.pgTable('posts', {
  id: pg.serial('id').primaryKey(),
  slug: pg.varchar('slug', { length: 60 }).unique(),
  email: pg.text('email').unique(),
  meta: pg.jsonb('meta'),
  price: pg.numeric('price', { precision: 8, scale: 2 }),
  at: pg.timestamp('at').defaultNow(),
});
const schema = {
  customers,
  orders,
  posts,
  customersRelations: relations(customers, ({ many }) => ({ orders: many(orders) })),
  ordersRelations: relations(orders, ({ one }) => ({
    customer: one(customers, { fields: [orders.customerId], references: [customers.id] }),
  })),
};
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 1 });
const db = drizzle(pool, { schema });

await db.execute(sql`CREATE SCHEMA IF NOT EXISTS "drizzle"`);
await db.execute(
  sql`CREATE TABLE IF NOT EXISTS "drizzle"."__drizzle_migrations" (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)`,
);
await db.execute(
  sql`select id, hash, created_at from "drizzle"."__drizzle_migrations" order by created_at desc limit 1`,
);
await db.execute(
  sql`CREATE TABLE "posts" ("id" serial PRIMARY KEY NOT NULL, "slug" varchar(60), "email" text, "meta" jsonb, "price" numeric(8, 2), "at" timestamp DEFAULT now(), CONSTRAINT "posts_slug_unique" UNIQUE("slug"), CONSTRAINT "posts_email_unique" UNIQUE("email"))`,
);
await db.execute(
  sql`insert into "drizzle"."__drizzle_migrations" ("hash", "created_at") values(${'abc'}, ${1700000000000})`,
);
await db.select().from(customers).orderBy(asc(customers.id)).limit(5);
await db
  .select({ id: customers.id, mail: customers.email })
  .from(customers)
  .where(and(eq(customers.region, 'north'), gt(customers.id, 3)))
  .orderBy(customers.id)
  .limit(4)
  .offset(1);
await db
  .select()
  .from(orders)
  .innerJoin(customers, eq(orders.customerId, customers.id))
  .where(inArray(orders.id, [1, 2, 3]))
  .orderBy(orders.id);
await db
  .select({ status: orders.status, n: count(), s: sum(orders.id) })
  .from(orders)
  .groupBy(orders.status)
  .having(gt(count(), 1))
  .orderBy(desc(count()), orders.status);
await db
  .select()
  .from(customers)
  .where(or(like(customers.name, 'A%'), isNull(customers.phone)))
  .orderBy(customers.id)
  .limit(3);
await db.selectDistinct({ region: customers.region }).from(customers).orderBy(customers.region);
await db
  .selectDistinctOn([customers.region], { id: customers.id, region: customers.region })
  .from(customers)
  .orderBy(customers.region, customers.id);
await db.query.customers.findMany({
  with: { orders: { limit: 2, orderBy: asc(orders.id) } },
  limit: 3,
  orderBy: asc(customers.id),
});
await db.query.orders.findFirst({
  with: { customer: { columns: { id: true, name: true, email: true } } },
  where: eq(orders.id, 5),
});
await db
  .select()
  .from(customers)
  .where(exists(db.select({ one: sql`1` }).from(orders).where(eq(orders.customerId, customers.id))))
  .orderBy(customers.id)
  .limit(2);
const sub = db
  .select({ c: orders.customerId, n: count().as('n') })
  .from(orders)
  .groupBy(orders.customerId)
  .as('sub');
await db
  .select({ name: customers.name, n: sub.n })
  .from(customers)
  .leftJoin(sub, eq(sub.c, customers.id))
  .orderBy(customers.id)
  .limit(3);
const cte = db.$with('recent').as(
  db
    .select()
    .from(orders)
    .where(between(orders.id, 1, 20)),
);
await db.with(cte).select().from(cte).orderBy(cte.id).limit(3);
await db
  .select({ id: orders.id, r: sql`rank() over (order by ${orders.id})` })
  .from(orders)
  .orderBy(orders.id)
  .limit(3);
await db.$count(customers, eq(customers.region, 'south'));
await db
  .insert(posts)
  .values({ slug: 'one', email: 'd@example.com', meta: { a: 1 }, price: '9.50' })
  .returning();
await db
  .insert(posts)
  .values([{ slug: 'two' }, { slug: 'three', price: '3' }])
  .returning({ id: posts.id });
await db
  .insert(posts)
  .values({ slug: 'one', price: '8' })
  .onConflictDoUpdate({ target: posts.slug, set: { price: sql`excluded.price` } })
  .returning();
await db.insert(posts).values({ slug: 'one' }).onConflictDoNothing();
await db
  .insert(customers)
  .values({ name: 'Dee Zed', email: 'dee@example.com', nationalId: '2', region: 'west' })
  .returning();
await db
  .update(posts)
  .set({ price: sql`${posts.price} + 1` })
  .where(eq(posts.slug, 'one'))
  .returning();
await db.update(customers).set({ region: 'north' }).where(eq(customers.id, 14)).returning();
await db.delete(posts).where(eq(posts.slug, 'two')).returning();
await db.transaction(
  async (tx) => {
    await tx.select().from(orders).where(eq(orders.id, 1)).for('update');
    await tx.insert(posts).values({ slug: 'tx' });
    await tx
      .transaction(async (inner) => {
        await inner.delete(posts);
        inner.rollback();
      })
      .catch(() => undefined);
  },
  { isolationLevel: 'read committed', accessMode: 'read write' },
);
const prepared = db
  .select()
  .from(customers)
  .where(eq(customers.id, sql.placeholder('id')))
  .prepare('by_id');
await prepared.execute({ id: 3 });
await prepared.execute({ id: 4 });
await db
  .select()
  .from(customers)
  .where(sql`${customers.notes} ->> 'preferred' = ${'post'}`)
  .orderBy(customers.id)
  .limit(2);
// What drizzle-kit asks of the catalogue before it changes a schema, in its shape.
await db.execute(
  sql`SELECT table_name, table_schema FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema')`,
);
await db.execute(
  sql`SELECT n.nspname AS table_schema, c.relname AS table_name, CASE WHEN c.relkind = 'r' THEN 'table' WHEN c.relkind = 'v' THEN 'view' END AS type, c.relrowsecurity AS rls_enabled FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid::text = c.relnamespace::text WHERE c.relkind IN ('r', 'v', 'm') AND n.nspname IN ('public')`,
);
await pool.end();
