import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Client } from 'pg';
import { encode } from '../../wire/postgres/index.ts';
import { clientParts } from './testing/client-parts.ts';
import { type Lab, openLab, POLICY } from './testing/lab.ts';
import { untilWaiting } from './testing/lock-wait.ts';
import { run, sync } from './testing/pipeline.ts';

/** What is written while somebody changes what its names mean: it must not last. */

let lab: Lab;
let owner: Client;
before(async () => {
  lab = await openLab({ catalogueCheckMs: 0 });
  lab.policy.activate(POLICY.replaceAll('except: { groups: [dba] }', ''));
  owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
});
after(async () => {
  await owner.end();
  await lab.close();
});
beforeEach(async () => {
  await owner.query(`drop schema if exists own cascade; drop table if exists sink, made;
    create table sink (id int default 1, v text); insert into sink values (1, '-');
    create schema own authorization sluice_gateway; create table own.customers (id int, email text);
    insert into own.customers values (1, '-');
    alter table own.customers owner to sluice_gateway; grant all on sink to sluice_gateway;
    grant create on schema public to sluice_gateway`);
});

const FILLING = 'insert into sink (v) select email from customers';
type Sending = (client: Client) => Promise<unknown>;
const query =
  (text: string): Sending =>
  (client) =>
    client.query(text);

const WRITES: Readonly<Record<string, Sending>> = {
  simple: query(FILLING),
  extended: (client) => client.query(`${FILLING} where email <> $1`, ['x']),
  'of several statements': query(`select 1; ${FILLING}`),
  'with its own COMMIT': query(`begin; ${FILLING}; commit`),
  'with its COMMIT behind it': async (client) => {
    await client.query('begin');
    return Promise.all([client.query(FILLING), client.query('commit')]);
  },
  'with its COMMIT in the pipeline': (client) => pipeline(client, 'begin', FILLING, 'commit'),
  'in a pipeline': (client) => pipeline(client, 'select 1', FILLING),
  update: query('update sink set v = email from customers'),
  merge: query(
    'merge into sink using customers on sink.id = customers.id when matched then update set v = email',
  ),
  'with RETURNING': query(`${FILLING} returning id`),
  'create table as': query('create table public.made as select email as v from customers'),
  'select into': query('select email as v into public.made from customers'),
};

async function pipeline(client: Client, ...texts: string[]): Promise<void> {
  const { stream } = clientParts(client);
  stream.write(Buffer.concat([...texts.flatMap(run), sync].map(encode)));
  await new Promise((resolve) => stream.once('close', resolve));
}

async function written(): Promise<string[]> {
  const made = (await owner.query("select to_regclass('public.made') is not null as is")).rows[0]?.is;
  const { rows } = await owner.query(`select v from sink ${made ? 'union all select v from made' : ''}`);
  return rows.map(({ v }) => v).filter((v) => v !== '-');
}

describe('a write that waited while somebody moved what it reads away does not last', () => {
  for (const [name, send] of Object.entries(WRITES)) {
    test(name, async () => {
      const client = await lab.client('dora');
      await client.query('set search_path = own, public');
      await client.query('select count(*) from customers');
      await owner.query('begin; lock table own.customers in access exclusive mode');
      const sent = send(client).catch((error: Error) => error);
      await untilWaiting(owner);
      await owner.query('alter table own.customers rename to gone; commit');
      await sent;
      await client.end().catch(() => undefined);
      assert.deepEqual((await written()).slice(0, 1), []);
    });
  }
});

test('a text is not carried out by what was decided before its first statement ended', async () => {
  const client = await lab.client('dora');
  await client.query('set search_path = own, public');
  await client.query('select count(*) from customers');
  await owner.query('select pg_advisory_lock(7)');
  const sent = client.query(`select pg_advisory_xact_lock(7); ${FILLING}`).catch((error: Error) => error);
  await untilWaiting(owner);
  await owner.query('alter table own.customers rename to gone; select pg_advisory_unlock(7)');
  await sent;
  await client.end().catch(() => undefined);
  assert.deepEqual((await written()).slice(0, 1), []);
});

test('what nobody has changed the meaning of lasts', async () => {
  const client = await lab.client('dora');
  await client.query('set search_path = own, public');
  await client.query(FILLING);
  await client.query(`${FILLING} where email <> $1`, ['x']);
  await client.query(`begin; ${FILLING}; commit`);
  await client.query('create table public.made as select email as v from customers');
  await client.end().catch(() => undefined);
  const { rows } = await owner.query(
    'select (select count(*)::int from sink) as sink, count(*)::int as made from made',
  );
  assert.deepEqual(rows, [{ sink: 4, made: 1 }]);
});
