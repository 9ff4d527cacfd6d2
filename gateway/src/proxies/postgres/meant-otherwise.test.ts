import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Client } from 'pg';
import { type Lab, openLab, POLICY } from './testing/lab.ts';

let lab: Lab;
let owner: Client;
before(async () => {
  lab = await openLab();
  owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
});
after(async () => {
  await owner.end();
  await lab.close();
});
beforeEach(async () => {
  lab.policy.activate(POLICY.replaceAll('except: { groups: [dba] }', ''));
  await owner.query(`drop schema if exists own cascade; drop table if exists sink, made; create table sink (v text);
    create schema own authorization sluice_gateway; create table own.customers (email text);
    alter table own.customers owner to sluice_gateway; grant all on sink to sluice_gateway;
    grant create on schema public to sluice_gateway`);
});

test('a schema that may not be used any more is not looked into', async () => {
  const client = await lab.client('dora');
  await client.query('set search_path = own, public');
  await client.query('revoke all on schema own from sluice_gateway');
  await assert.rejects(
    client.query('insert into sink select email from customers'),
    /public\.customers\.email/,
  );
  await client.query('grant all on schema own to sluice_gateway');
  await client.end();
  const { rows } = await owner.query("select v from sink where v not like '•%' limit 1");
  assert.deepEqual(rows, []);
});

test('who may read and not create makes no relation, however that is written', async () => {
  const client = await lab.client('ana');
  await client.query('prepare made_so as select 1 as a into made union select 2').catch(() => undefined);
  await client.query('prepare one as select 1 as a');
  for (const sql of [
    'select 1 as a into made',
    'select 1 as a into made union select 2',
    '(select 1 as a into made) intersect select 2',
    'with x as (select 1) select 1 as a into made union all select 2',
    'execute made_so',
    'explain analyze create table made as select 1 as a',
    'explain (analyze, timing off) create materialized view made as select 1 as a',
    'explain analyze create table made as execute one',
    'explain analyze execute made_so',
  ]) {
    await assert.rejects(
      client.query(sql),
      (error: Error & { code: string }) => /^(?:42501|26000)$/.test(error.code),
      sql,
    );
  }
  await client.query('explain create table made as select 1 as a');
  await client.end();
  assert.deepEqual((await owner.query("select to_regclass('made') as made")).rows, [{ made: null }]);
});
