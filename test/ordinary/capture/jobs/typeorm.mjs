import { createRequire } from 'node:module';

const require = createRequire(`${process.env.CAPTURE_TOOLS}/package.json`);
const { DataSource, EntitySchema, In, LessThan, Like, ILike, Between, IsNull, Not, Raw } = require('typeorm');

const Customer = new EntitySchema({
  name: 'Customer',
  tableName: 'customers',
  synchronize: false,
  columns: {
    id: { type: Number, primary: true, generated: true },
    name: { type: 'text' },
    email: { type: 'text' },
    nationalId: { type: 'text', name: 'national_id' },
    phone: { type: 'text', nullable: true },
    region: { type: 'text' },
    tags: { type: 'text', array: true },
    notes: { type: 'jsonb', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at', createDate: true },
  },
  relations: { orders: { type: 'one-to-many', target: 'Order', inverseSide: 'customer' } },
});
const Order = new EntitySchema({
  name: 'Order',
  tableName: 'orders',
  synchronize: false,
  columns: {
    id: { type: Number, primary: true, generated: true },
    status: { type: 'enum', enum: ['placed', 'paid', 'shipped'], enumName: 'order_status' },
    shipTo: { type: 'text', name: 'ship_to' },
    placedAt: { type: 'timestamptz', name: 'placed_at' },
  },
  relations: {
    customer: {
      type: 'many-to-one',
      target: 'Customer',
      joinColumn: { name: 'customer_id' },
      inverseSide: 'orders',
    },
  },
});
const Author = new EntitySchema({
  name: 'Author',
  tableName: 'authors',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    email: { type: String, unique: true, length: 120 },
    firstName: { type: String, name: 'first_name', nullable: true },
    active: { type: Boolean, default: true },
    score: { type: 'numeric', precision: 10, scale: 2, default: 0 },
    profile: { type: 'jsonb', default: {} },
    version: { type: Number, version: true },
    createdAt: { type: 'timestamptz', createDate: true },
    updatedAt: { type: 'timestamptz', updateDate: true },
    deletedAt: { type: 'timestamptz', deleteDate: true, nullable: true },
  },
  relations: {
    articles: { type: 'one-to-many', target: 'Article', inverseSide: 'author', cascade: true },
  },
  indices: [{ columns: ['firstName'] }],
});
const Article = new EntitySchema({
  name: 'Article',
  tableName: 'articles',
  columns: {
    id: { type: Number, primary: true, generated: true },
    title: { type: 'varchar', length: 200 },
    body: { type: 'text', nullable: true },
    kind: { type: 'enum', enum: ['draft', 'published'], default: 'draft' },
    views: { type: 'bigint', default: 0 },
  },
  relations: {
    author: { type: 'many-to-one', target: 'Author', inverseSide: 'articles', onDelete: 'CASCADE' },
    labels: { type: 'many-to-many', target: 'Label', joinTable: { name: 'article_labels' } },
  },
  checks: [{ expression: '"views" >= 0' }],
});
const Label = new EntitySchema({
  name: 'Label',
  tableName: 'labels',
  columns: {
    id: { type: Number, primary: true, generated: 'increment' },
    name: { type: String, unique: true },
  },
});

const source = new DataSource({
  type: 'postgres',
  url: process.env.DATABASE_URL,
  poolSize: 1,
  uuidExtension: 'pgcrypto',
  installExtensions: false,
  entities: [Customer, Order, Author, Article, Label],
});
await source.initialize();
await source.synchronize();
await source.synchronize();

const customers = source.getRepository('Customer');
const orders = source.getRepository('Order');
const authors = source.getRepository('Author');
const articles = source.getRepository('Article');
const labels = source.getRepository('Label');

await customers.find({ take: 10, order: { id: 'ASC' } });
await customers.findOneBy({ id: 7 });
await customers.findAndCount({
  where: { region: 'north' },
  skip: 5,
  take: 5,
  order: { name: 'ASC', id: 'ASC' },
});
await customers.find({ where: { id: In([1, 2, 3]) }, relations: { orders: true }, order: { id: 'ASC' } });
await customers.find({
  where: { name: ILike('%a%') },
  take: 3,
  relations: { orders: true },
  order: { id: 'ASC' },
});
await customers.find({
  where: [{ name: Like('A%') }, { phone: IsNull() }],
  select: { id: true, name: true },
  order: { id: 'ASC' },
});
await orders.find({
  where: { customer: { region: 'south' }, id: LessThan(20) },
  relations: { customer: true },
  order: { id: 'DESC' },
});
await orders.find({ where: { id: Between(1, 9), status: Not('paid') }, order: { id: 'ASC' } });
await orders.find({
  where: { placedAt: Raw((alias) => `${alias} > '2020-01-01'`) },
  take: 2,
  order: { id: 'ASC' },
});
await customers.exists({ where: { id: 3 } });
await orders.sum('id', { status: 'paid' });
await orders
  .createQueryBuilder('o')
  .leftJoinAndSelect('o.customer', 'c')
  .select('c.region', 'region')
  .addSelect('COUNT(*)', 'n')
  .groupBy('c.region')
  .having('COUNT(*) > :min', { min: 1 })
  .orderBy('n', 'DESC')
  .addOrderBy('c.region')
  .getRawMany();
await customers
  .createQueryBuilder('c')
  .where(
    (qb) =>
      `c.id IN ${qb.subQuery().select('o.customer_id').from('orders', 'o').where('o.status = :s').getQuery()}`,
  )
  .setParameter('s', 'paid')
  .orderBy('c.id')
  .limit(5)
  .getMany();
const created = await customers.save({
  name: 'Nia Type',
  email: 'nia.type@example.com',
  nationalId: '000-00-0001',
  region: 'north',
  tags: ['new'],
  notes: { source: 'typeorm' },
});
await customers.update({ id: created.id }, { name: 'Nia T.' });
await customers.save({ ...created, region: 'south' });
await customers.delete({ id: created.id });
await orders.insert({
  status: 'placed',
  shipTo: 'Mill Street 3',
  placedAt: new Date('2026-01-02T03:04:05Z'),
  customer: { id: 5 },
});
await customers
  .createQueryBuilder()
  .update()
  .set({ region: 'east' })
  .where('id = :id', { id: 9 })
  .returning(['id', 'region', 'email'])
  .execute();
await customers
  .createQueryBuilder()
  .update()
  .set({ region: 'east' })
  .where('id = :id', { id: 9 })
  .returning('*')
  .execute();

const one = await authors.save({
  email: 'ann@example.com',
  firstName: 'Ann',
  articles: [{ title: 'First' }, { title: 'Second', kind: 'published' }],
});
await authors.insert([{ email: 'bo@example.com', profile: { a: [1, 2] } }, { email: 'cy@example.com' }]);
await authors.upsert([{ email: 'bo@example.com', firstName: 'Bo' }], ['email']);
await labels
  .createQueryBuilder()
  .insert()
  .values([{ name: 'red' }, { name: 'blue' }])
  .orIgnore()
  .execute();
const first = await articles.findOneOrFail({
  where: { title: 'First' },
  relations: { author: true, labels: true },
});
first.labels = await labels.find({ order: { id: 'ASC' } });
first.body = 'changed';
await articles.save(first);
await articles.increment({ id: first.id }, 'views', 3);
await articles.find({
  relations: { author: true, labels: true },
  order: { id: 'ASC', labels: { id: 'ASC' } },
  take: 1,
});
await authors.find({ where: { email: 'ann@example.com' } });
await authors.findOne({ where: { id: one.id }, lock: undefined, withDeleted: true });
await authors.softDelete({ id: one.id });
await authors.restore({ id: one.id });
await authors.count();
await authors.createQueryBuilder('a').where("a.profile ->> 'a' IS NOT NULL").getMany();
await source.transaction(async (manager) => {
  await manager.findOne('Article', { where: { id: first.id }, lock: { mode: 'pessimistic_write' } });
  await manager.update('Article', { id: first.id }, { title: 'Locked' });
  await manager
    .transaction(async (inner) => {
      await inner.insert('Label', { name: 'red' });
    })
    .catch(() => undefined);
});
await source.transaction('SERIALIZABLE', (manager) => manager.count('Article'));
await articles.remove(first);
await articles.clear().catch(() => undefined);
const runner = source.createQueryRunner();
await runner.getTable('customers');
await runner.hasTable('orders');
await runner.hasColumn('customers', 'email');
await runner.getDatabases();
await runner.getSchemas();
await runner.addColumn(
  'labels',
  new (require('typeorm').TableColumn)({ name: 'shade', type: 'varchar', isNullable: true }),
);
await runner.createIndex(
  'labels',
  new (require('typeorm').TableIndex)({ name: 'labels_shade', columnNames: ['shade'] }),
);
await runner.dropIndex('labels', 'labels_shade');
await runner.dropColumn('labels', 'shade');
await runner.renameTable('labels', 'stickers');
await runner.dropTable('article_labels');
await runner.release();
await source.destroy();
