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

const MADE = [
  'create table own.t (a int)',
  'create table own.t as select id from products',
  'select id into own.t from products',
  'select id into own.t from products union select 1',
  'create view own.t as select id from products',
  'create or replace view own.t as select id from products',
  'create materialized view own.t as table products',
  'create table own.t () inherits (products)',
  'create table own.t (like products)',
  'create table own.t (a int references products)',
  'explain analyze create table own.t as select id from products',
  'create sequence own.t owned by products.id',
  'create function own.t() returns bigint language sql begin atomic select count(*) from products; end',
];

test('a rule about where something is made is about it, whatever else it names', async () => {
  lab.policy.activate(`${POLICY}
  - id: nothing-is-made-there
    owner: dba@shop.example
    who: everyone
    on: { targets: [shop], schemas: [own] }
    doing: [ddl]
    then: block
    because: It is somebody else's.
`);
  const client = await lab.client('dora');
  for (const sql of MADE) await assert.rejects(client.query(sql), /nothing-is-made-there/, sql);
  await client.query('set search_path = own, public');
  await assert.rejects(client.query('create table t as select 1 as a'), /nothing-is-made-there/);
  await client.query('create table public.made as select 1 as a');
  await client.end();
});

test('who may make relations in one schema makes them of what may be read elsewhere, and nowhere else', async () => {
  lab.policy.activate(`${POLICY}
  - id: developers-make
    owner: dba@shop.example
    who: { groups: [developers] }
    on: { targets: [shop], schemas: [own] }
    doing: [create]
    then: allow
    because: It is theirs.
`);
  const client = await lab.client('ana');
  await client.query('create table own.t as select id from products');
  await client.query('create or replace view own.v as select id from products');
  for (const sql of MADE.map((text) => text.replace('own.t', 'public.made'))) {
    await assert.rejects(client.query(sql), { code: '42501' }, sql);
  }
  await client.end();
});
