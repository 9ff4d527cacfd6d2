import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { type Lab, openLab, POLICY } from './testing/lab.ts';

let lab: Lab;
before(async () => {
  lab = await openLab();
  const owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
  await owner.query(`create procedure twice(inout a int, inout b text) language sql as $$ select 1, 'x' $$;
    grant execute on procedure twice to sluice_gateway; grant create on schema public to sluice_gateway`);
  await owner.end();
});
after(() => lab.close());

/** Every shape of result that the server describes. */
const STATEMENTS = [
  'show all',
  'show "ALL"',
  'show timezone',
  'show time zone',
  'show transaction isolation level',
  'show session authorization',
  'explain select 1',
  'explain (format json) select 1',
  'explain (format xml, verbose) select * from products',
  'explain (analyze, costs off, timing off, summary off) select 1',
  'execute four(1)',
  'explain execute four(1)',
  'fetch 2 from c',
  'move 1 in c',
  'fetch backward 1 from c',
  'table products',
  'values (1, 2), (3, 4)',
  'select from products limit 1',
  'select p, p.*, ctid, tableoid from products p limit 1',
  'select * from products natural join (values (1)) v (id)',
  'select * from customer_directory limit 1',
  'select * from pg_class limit 1',
  'select * from information_schema.tables limit 1',
  'select * from generate_series(1, 2) with ordinality',
  "select * from json_to_record('{}') as r (a int, b text)",
  "insert into products (id, sku, name, category, price, in_stock, attributes) values (900001, gen_random_uuid(), 'x', 'x', 1, 1, '{}') returning *",
  'update products set price = 2 where id = 900001 returning id, price',
  'delete from products where id = 900001 returning *, 1',
  'with x as (select * from products) select * from x limit 1',
  'create temp table mine as select id, name from products limit 1',
  'select * from mine',
  'insert into mine values (1) returning *',
  'create table public.own (a int, b int)',
  'insert into public.own values (1, 2) returning *',
  'select * from public.own',
  'alter table public.own add column c int',
  'select * from public.own',
];

test('what the server describes is what was expected, whatever the statement', async () => {
  lab.policy.activate(`${POLICY}reviewedFunctions: { 'shop': [public.twice, public.touch_updated_at] }\n`);
  for (const protocol of ['simple', 'extended'] as const) {
    const client = await lab.client('dora');
    const run = (text: string) =>
      protocol === 'simple' ? client.query(text) : client.query({ name: '', text, values: [] });
    await client.query(
      'begin; prepare four (int) as select id, name, category, price from products where id = $1',
    );
    await client.query('declare c scroll cursor for select id, name from products');
    for (const sql of [...STATEMENTS, "call twice(1, 'y')"]) {
      await assert.doesNotReject(run(sql), `${protocol}: ${sql}`);
    }
    await client.query('rollback');
    await client.end();
  }
  assert.deepEqual(lab.faults, []);
});
