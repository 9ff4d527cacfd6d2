import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { type Lab, openLab, POLICY } from './testing/lab.ts';

let lab: Lab;
before(async () => {
  lab = await openLab();
  lab.policy.activate(`${POLICY}
  - id: wards-hidden
    owner: data-protection@shop.example
    who: everyone
    on: { columns: [public.carers.ward] }
    then: { mask: { method: redact } }
    because: Who works where is nobody's business.
`);
  const owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
  await owner.query(`create table wards (id int primary key, name text);
    create table carers (id int primary key, ward int references wards);
    insert into wards values (1, 'a'), (2, 'b'); insert into carers values (1, 2);
    grant all on wards, carers to sluice_gateway`);
  await owner.end();
});
after(() => lab.close());

test('an upsert changes what its UPDATE names, and not the key that its INSERT gives', async () => {
  const client = await lab.client('dora');
  const { rows } = await client.query(
    "insert into wards values (2, 'c') on conflict (id) do update set name = excluded.name returning id, name",
  );
  assert.deepEqual(rows, [{ id: 2, name: 'c' }]);
  for (const sql of [
    "insert into wards values (2, 'c') on conflict (id) do update set id = excluded.id + 10",
    'update wards set id = 12 where id = 2',
    'merge into wards using (select 2 as i) s on id = i when matched then update set id = 12 when not matched then insert values (i)',
    'insert into carers values (1, 1) on conflict (id) do update set ward = 7',
  ]) {
    await assert.rejects(client.query(sql), /a foreign key .* public\.(?:carers\.ward|wards\.id)/, sql);
  }
  await client.end();
});
