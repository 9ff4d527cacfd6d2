import { createRequire } from 'node:module';

const require = createRequire(`${process.env.CAPTURE_TOOLS}/package.json`);
const knex = require('knex')({
  client: 'pg',
  connection: process.env.DATABASE_URL,
  pool: { min: 0, max: 1 },
});

await knex.raw('select 1+1 as result');
await knex.schema.hasTable('customers');
await knex('customers').columnInfo();
await knex.schema.createTable('members', (table) => {
  table.increments('id');
  table.string('email', 100).notNullable().unique();
  table.uuid('token').defaultTo(knex.fn.uuid());
  table.jsonb('data');
  table.enum('level', ['low', 'high']).defaultTo('low');
  table.integer('customer_id').references('id').inTable('customers').onDelete('SET NULL');
  table.timestamps(true, true);
  table.index(['level', 'created_at']);
});
await knex.schema.alterTable('members', (table) => {
  table.string('nick');
  table.decimal('credit', 8, 2).notNullable().defaultTo(0);
});
await knex('customers').select('*').orderBy('id').limit(5);
await knex('customers').where({ id: 3 }).first();
await knex('customers')
  .select('id', 'name')
  .whereIn('region', ['north', 'west'])
  .orderBy('id')
  .limit(3)
  .offset(2);
await knex('customers')
  .where('name', 'ilike', '%a%')
  .andWhere('id', '<', 30)
  .whereNotNull('phone')
  .orderBy('id');
await knex('orders')
  .join('customers', 'customers.id', 'orders.customer_id')
  .select('orders.*', 'customers.email')
  .orderBy('orders.id')
  .limit(4);
await knex('orders')
  .leftJoin('customers as c', function () {
    this.on('c.id', '=', 'orders.customer_id').andOnVal('c.region', 'north');
  })
  .select('orders.id', 'c.name')
  .orderBy('orders.id')
  .limit(4);
await knex('orders')
  .select('status')
  .count('* as n')
  .groupBy('status')
  .having(knex.raw('count(*) > ?', [1]))
  .orderBy('n', 'desc')
  .orderBy('status');
await knex('customers').countDistinct('region as n').first();
await knex('customers')
  .whereExists(knex('orders').whereRaw('orders.customer_id = customers.id'))
  .orderBy('id')
  .limit(2)
  .select('id');
await knex
  .with('recent', knex('orders').where('placed_at', '>', '2020-01-01'))
  .select('status')
  .from('recent')
  .groupBy('status')
  .orderBy('status');
await knex
  .withRecursive('n', knex.raw('select 1 as i union all select i + 1 from n where i < ?', [4]))
  .select('*')
  .from('n');
await knex('orders')
  .select('id', knex.raw('row_number() over (partition by status order by id) as place'))
  .orderBy('id')
  .limit(5);
await knex('orders').select('id').rank('r', 'id', 'status').orderBy('id').limit(3);
await knex('customers')
  .whereJsonPath('notes', '$.preferred', '=', 'phone')
  .orderBy('id')
  .limit(2)
  .select('id');
await knex('customers').jsonExtract('notes', '$.preferred', 'preferred').orderBy('id').limit(2);
await knex('customers')
  .select('id')
  .union([knex('orders').select('id').where('id', '<', 3)])
  .orderBy('id')
  .limit(3);
const [member] = await knex('members')
  .insert({ email: 'one@example.com', data: { a: 1 }, customer_id: 3 })
  .returning('*');
await knex('members').insert(
  [{ email: 'two@example.com' }, { email: 'three@example.com', level: 'high' }],
  ['id'],
);
await knex('members').insert({ email: 'two@example.com', nick: 'deux' }).onConflict('email').merge();
await knex('members').insert({ email: 'two@example.com' }).onConflict('email').ignore();
await knex('members')
  .insert({ id: member.id, email: 'one@example.com', nick: 'uno' })
  .onConflict('id')
  .merge(['nick'])
  .returning(['id', 'nick']);
await knex('members')
  .where({ id: member.id })
  .update({ nick: 'ein', updated_at: knex.fn.now() }, ['id', 'email']);
await knex('members').where({ id: member.id }).increment('credit', 5);
await knex('members').where('data', '@>', { a: 1 }).select('id');
await knex('customers').where({ id: 12 }).update({ region: 'east' }).returning('*');
await knex('customers')
  .insert({ name: 'Kay Nex', email: 'kay.nex@example.com', national_id: '9', region: 'west' })
  .returning('id');
await knex('members').where({ level: 'high' }).del();
await knex('members').where({ level: 'high' }).delete().returning('*');
await knex('orders').pluck('id').orderBy('id').limit(3);
await knex('orders').max('id').min('placed_at').avg('customer_id').first();
await knex.batchInsert(
  'members',
  [{ email: 'b1@example.com' }, { email: 'b2@example.com' }, { email: 'b3@example.com' }],
  2,
);
await knex.transaction(async (trx) => {
  await trx('orders').where({ id: 1 }).forUpdate().first();
  await trx('orders').where({ id: 2 }).forShare().skipLocked().first();
  await trx('orders').where({ id: 1 }).update({ status: 'paid' });
  await trx.transaction(async (inner) => {
    await inner('members').insert({ email: 'inner@example.com' });
  });
});
await knex
  .transaction(async (trx) => {
    await trx('members').del();
    throw new Error('back');
  })
  .catch(() => undefined);
await knex.transaction((trx) => trx('members').select('id'), {
  isolationLevel: 'serializable',
  readOnly: true,
});
await knex.raw('select * from customers where id = ? and region = any(?)', [
  4,
  ['north', 'south', 'east', 'west', 'islands'],
]);
await knex.schema.createView('member_mails', (view) => {
  view.columns(['id', 'nick']);
  view.as(knex('members').select('id', 'nick'));
});
await knex.schema.renameTable('members', 'people');
await knex.schema
  .table('people', (table) => {
    table.dropColumn('nick', true);
  })
  .catch(() => undefined);
await knex.schema.dropView('member_mails');
await knex.schema.alterTable('people', (table) => {
  table.renameColumn('nick', 'handle');
  table.setNullable('created_at');
  table.dropUnique(['email'], 'members_email_unique');
});
await knex('people').truncate();
await knex.schema.dropTableIfExists('people');
await knex.schema.dropTableIfExists('nothing_here');
await knex.destroy();
