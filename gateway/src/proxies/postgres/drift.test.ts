import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Client } from 'pg';
import { type Lab, openLab, POLICY } from './testing/lab.ts';
import { untilWaiting } from './testing/lock-wait.ts';

let lab: Lab;
let owner: Client;
before(async () => {
  lab = await openLab({ catalogueCheckMs: 0 });
  owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
});
after(async () => {
  await owner.end();
  await lab.close();
});
beforeEach(async () => {
  await owner.query(`drop view if exists moving;
    create view moving as select id, name from customers; grant select on moving to sluice_gateway;
    grant create on schema public to sluice_gateway`);
});

const RAW = /^[^*•]+@/;
const move = () => owner.query('create or replace view moving as select id, email as name from customers');

/** Whatever else it is, it is not a raw address. */
async function neverRaw(client: Client, sql: string): Promise<void> {
  const { rows } = await client.query(sql);
  for (const row of rows) assert.doesNotMatch(String(row.shown), RAW, sql);
}

test('what somebody else changed counts for the next statement, in both protocols', async () => {
  const client = await lab.client();
  const sql = "select name || '' as shown from moving order by id limit 2";
  await client.query(sql);
  await client.query({ name: 'kept', text: sql });
  await move();
  await neverRaw(client, sql);
  await assert.rejects(client.query({ name: 'kept', text: sql }), { code: '0A000' });
  await client.end();
});

test('a statement that waited for the lock of a change does not show what it was not decided on', async () => {
  const client = await lab.client();
  await client.query('select count(*) from moving');
  await owner.query('begin');
  await move();
  const sql = "select name || '' as shown from moving order by id limit 2";
  const asked = neverRaw(client, sql).catch((error: unknown) => error);
  await untilWaiting(owner);
  await owner.query('commit');
  const error = await asked;
  assert.match(
    error instanceof Error ? error.message : 'it was shown',
    /changed by somebody else while it ran/,
  );
});

test('a change of something else leaves a statement that waited alone', async () => {
  const client = await lab.client();
  await owner.query('begin');
  await owner.query('lock table customers in access exclusive mode; create table unrelated (a int)');
  const asked = client.query('select count(name)::int as n from customers');
  await untilWaiting(owner);
  await owner.query('drop table unrelated; create view unrelated as select 1; commit');
  assert.deepEqual((await asked).rows, [{ n: 1000 }]);
  await owner.query('drop view unrelated');
  await client.end();
});

test('each of many transactions goes on by the catalogue that it has made, beside all the others', async () => {
  const clients = await Promise.all(Array.from({ length: 6 }, () => lab.client('dora')));
  const table = (index: number) => `made_by_${index}`;
  for (const [index, client] of clients.entries()) {
    await client.query('begin');
    await client.query(`create table ${table(index)} as select ${index} as n`);
    assert.deepEqual((await client.query(`select n from ${table(index)}`)).rows, [{ n: index }]);
  }
  for (const [index, client] of clients.entries()) {
    const { rows } = await client.query(`select n + 1 as n from ${table(index)}`);
    assert.deepEqual(rows, [{ n: index + 1 }]);
    await client.query('rollback');
    await client.end();
  }
});

test('SQL-level EXECUTE and FETCH are refused once the view means something else', async () => {
  const client = await lab.client();
  await client.query("prepare p as select name || '' as shown from moving where id = 1");
  await client.query('begin');
  await client.query("declare c cursor with hold for select name || '' as shown from moving");
  await client.query('commit');
  await client.query('execute p');
  await client.query('fetch 1 from c');
  await move();
  await assert.rejects(client.query('execute p'), { code: '42501' });
  await assert.rejects(client.query('execute p'), { code: '42501' });
  await neverRaw(client, 'fetch 1 from c').catch((error) => assert.equal(error.code, '42501'));
  await client.end();
});

test('SQL-level EXECUTE and FETCH are refused once the policy masks what they read', async () => {
  const client = await lab.client();
  await client.query('prepare p as select upper(name) as shown from customers where id = 1');
  await client.query('begin');
  await client.query('declare c cursor for select upper(name) as shown from customers');
  await client.query('fetch 1 from c');
  lab.policy.activate(POLICY.replace('*.email: [pii]', '*.name: [pii]'));
  try {
    await assert.rejects(client.query('fetch 1 from c'), { code: '42501' });
    await client.query('rollback');
    await assert.rejects(client.query('execute p'), { code: '42501' });
  } finally {
    lab.policy.activate(POLICY);
  }
  await client.end();
});

test('a transaction with changes of its own still hears of others', async () => {
  const client = await lab.client('dora');
  const masked = POLICY.replace('except: { groups: [dba] }', 'except: { groups: [nobody] }');
  lab.policy.activate(masked);
  try {
    const sql = "select name || '' as shown from moving order by id limit 2";
    // A view that the transaction had read already could not be changed: its lock is held.
    await client.query('begin');
    await client.query('create table public.own (a int)');
    await client.query('select count(*) from products');
    await move();
    await neverRaw(client, sql);
    await client.query('rollback');
    await client.query('begin isolation level repeatable read');
    await client.query('create table public.own (a int)');
    await client.query('select count(*) from products');
    await owner.query('create or replace view moving as select id, name from customers');
    await assert.rejects(client.query(sql), { code: '40001' });
    await client.query('rollback');
  } finally {
    lab.policy.activate(POLICY);
  }
  await client.end();
});

test('a definition that was rolled back counts no more in the next transaction', async () => {
  const client = await lab.client('dora');
  lab.policy.activate(POLICY.replace('except: { groups: [dba] }', 'except: { groups: [nobody] }'));
  try {
    await owner.query('alter view moving owner to sluice_gateway');
    await move();
    await client.query('begin');
    await client.query('create or replace view moving as select id, name from customers');
    await client.query("select name || '' as shown from moving limit 1");
    await client.query('rollback');
    await client.query('begin');
    await neverRaw(client, "select name || '' as shown from moving limit 1");
    await client.query('rollback');
  } finally {
    lab.policy.activate(POLICY);
  }
  await client.end();
});

test('one migration after the other sees what the last one committed', async () => {
  const client = await lab.client('dora');
  for (const sql of [
    'begin',
    'create table migrated (id int, name text not null)',
    'alter table migrated add unique (name)',
    'commit',
    'begin',
    'alter table migrated alter column name drop not null',
    'alter table migrated drop column name cascade',
    'commit',
    'begin',
    'drop table migrated',
    'commit',
  ])
    await client.query(sql);
  await client.end();
});

test('why the catalogue can not be read is told to whoever runs the gateway, once', async () => {
  const client = await lab.client();
  await client.query('select 1');
  await owner.query('alter role sluice_gateway nologin');
  await owner.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'sluice catalogue'",
  );
  try {
    await assert.rejects(client.query('select 2'), { code: '57P03' });
    await assert.rejects(client.query('select 3'), { code: '57P03' });
    const told = lab.faults.filter(({ message }) => /is not permitted to log in/.test(message));
    assert.equal(told.length, 1);
    assert.match(told[0]?.message ?? '', /catalogue of target "shop" can't be read/);
  } finally {
    await owner.query('alter role sluice_gateway login');
  }
  await client.query('select 4');
  await client.end();
});
