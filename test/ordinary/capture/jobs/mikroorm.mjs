import { createRequire } from 'node:module';

const require = createRequire(`${process.env.CAPTURE_TOOLS}/package.json`);
const { MikroORM, EntitySchema } = require('@mikro-orm/postgresql');

const Customer = new EntitySchema({
  name: 'Customer',
  tableName: 'customers',
  properties: {
    id: { type: 'number', primary: true },
    name: { type: 'text' },
    email: { type: 'text' },
    nationalId: { type: 'text' },
    region: { type: 'text' },
    tags: { type: 'string[]' },
    orders: { kind: '1:m', entity: 'Order', mappedBy: 'customer' },
  },
});
const Order = new EntitySchema({
  name: 'Order',
  tableName: 'orders',
  properties: {
    id: { type: 'number', primary: true },
    customer: { kind: 'm:1', entity: 'Customer', fieldName: 'customer_id' },
    status: { type: 'text' },
    shipTo: { type: 'text' },
    placedAt: { type: 'datetime' },
  },
});
const Letter = new EntitySchema({
  name: 'Letter',
  tableName: 'letters',
  properties: {
    id: { type: 'number', primary: true },
    email: { type: 'string', unique: true, nullable: true },
    subject: { type: 'string' },
    meta: { type: 'json', nullable: true },
  },
});
const orm = await MikroORM.init({
  clientUrl: process.env.DATABASE_URL,
  entities: [Customer, Order, Letter],
  pool: { min: 0, max: 1 },
  debug: false,
  forceUtcTimezone: true,
});
await orm.em
  .getConnection()
  .execute(
    'create table "letters" ("id" serial primary key, "email" varchar(255) null unique, "subject" varchar(255) not null, "meta" jsonb null)',
  );
await orm.schema.getUpdateSchemaSQL().catch(() => undefined);
const em = orm.em.fork();
await em.find('Customer', {}, { limit: 4, orderBy: { id: 'asc' } });
await em.findOne('Customer', { id: 9 });
await em.findAndCount(
  'Customer',
  { region: { $in: ['north', 'west'] } },
  { offset: 1, limit: 2, orderBy: { id: 'asc' } },
);
await em.find(
  'Customer',
  { name: { $ilike: '%an%' }, id: { $lt: 40 } },
  { populate: ['orders'], orderBy: { id: 'asc' } },
);
await em.find(
  'Order',
  { customer: { region: 'south' } },
  { populate: ['customer'], limit: 3, orderBy: { id: 'asc' } },
);
await em.count('Order', { status: 'paid' }).catch(() => undefined);
const letter = em.create('Letter', { email: 'm@example.com', subject: 'a', meta: { x: 1 } });
em.create('Letter', { subject: 'b' });
await em.flush();
letter.subject = 'changed';
await em.flush();
await em.upsert('Letter', { email: 'm@example.com', subject: 'up' });
await em.nativeUpdate('Letter', { subject: 'b' }, { meta: null });
await em.transactional(async (inner) => {
  await inner.findOne('Letter', { id: letter.id }, { lockMode: 4 });
  await inner.nativeDelete('Letter', { subject: 'b' });
});
await em.removeAndFlush(letter);
await em.getConnection().execute('drop table "letters"');
await orm.close(true);
