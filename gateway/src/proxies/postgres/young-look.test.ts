import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { type Lab, openLab } from './testing/lab.ts';

/** Longer than the test: no look at the catalogue is ever too old here. */
const CATALOGUE_CHECK_MS = 600_000;
const VIEWS = ['stated', 'executed'] as const;
const shown = (view: string) => `select name || '' as shown from ${view} where id = 1`;

let lab: Lab;
let owner: Client;
before(async () => {
  lab = await openLab({ catalogueCheckMs: CATALOGUE_CHECK_MS });
  owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
  for (const view of VIEWS) {
    await owner.query(`create view ${view} as select id, name from customers;
      grant select on ${view} to sluice_gateway`);
  }
});
after(async () => {
  await owner.end();
  await lab.close();
});

for (const [view, first, then, answer] of [
  ['stated', shown('stated'), shown('stated'), /changed by somebody else while it ran/],
  // What stands behind a name is looked at before it runs, and the session goes on.
  ['executed', `prepare p as ${shown('executed')}`, 'execute p', /no prepared statement p is known/],
] as const) {
  test(`what a view has become a moment ago is not shown: ${view}`, async () => {
    const client = await lab.client();
    await client.query(first);
    await client.query(then);
    await owner.query(`create or replace view ${view} as select id, email as name from customers`);
    await assert.rejects(client.query(then), answer);
  });
}

test('tables are emptied one after the other, by one session and by another', async () => {
  await owner.query(`create table first (id int default 1); create table second (id int default 2);
    grant truncate, select on first, second to sluice_gateway`);
  const [one, other] = [await lab.client('dora'), await lab.client('dora')];
  for (let round = 0; round < 2; round += 1) {
    await owner.query('insert into first values (1); insert into second values (2)');
    await one.query('truncate first');
    await one.query('truncate second');
    await other.query({ name: 'empty', text: 'truncate first, second' });
    await one.query('begin; truncate first');
    await one.query('lock table second in access exclusive mode');
    await one.query('truncate second; commit');
    const { rows } = await one.query('select count(*)::int as n from first, second');
    assert.deepEqual(rows, [{ n: 0 }]);
  }
  await Promise.all([one.end(), other.end()]);
});
