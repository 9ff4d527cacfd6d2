import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import type { ApprovalRequest } from '../../../../contract/approval-request.ts';
import type { Impact } from '../../../../contract/impact.ts';
import { type Lab, openLab } from '../testing/lab.ts';
import { ASKING, extended, Requests } from '../testing/requests.ts';

let lab: Lab;
let requests: Requests;
let owner: Client;
before(async () => {
  lab = await openLab({ catalogueCheckMs: 0 });
  lab.policy.activate(ASKING);
  requests = new Requests(lab);
  owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
  await owner.query(`analyze; grant create on schema public to sluice_gateway;
    create table owned (id int primary key, v text); alter table owned owner to sluice_gateway;
    create view of_owned as select * from owned; grant all on all tables in schema public to sluice_gateway`);
});
after(async () => {
  await owner.end();
  await lab.close();
});

function described({ id }: ApprovalRequest): Promise<Impact> {
  const known = lab.approvals.get(id)?.impact;
  if (known) return Promise.resolve(known);
  return new Promise((resolve) => {
    const stop = lab.approvals.watch((request) => {
      if (request.id !== id || request.impact === null) return;
      stop();
      resolve(request.impact);
    });
  });
}

type Statement = string | { text: string; values?: unknown[] };

/** The card of a statement that is held and then withdrawn. */
async function cardOf(statement: Statement, before: string[] = []): Promise<Impact> {
  const client = await lab.client();
  for (const sql of before) await client.query(sql);
  const asked = requests.next();
  const ended = Promise.resolve(client.query(statement as string)).catch((error: unknown) => error);
  const request = await Promise.race([asked, ended.then((error) => Promise.reject(error))]);
  const impact = await described(request);
  await requests.withdraw(request);
  await ended;
  await client.end();
  return impact;
}

for (const statement of [
  "update customers set phone = '1' where id <= 3",
  { text: 'update customers set phone = $1 where id <= $2', values: ['1', 3] },
  extended("update public.customers set phone = '1' where id <= 3"),
]) {
  test(`an update is counted, planned and shown: ${JSON.stringify(statement)}`, async () => {
    const card = await cardOf(statement);
    assert.deepEqual(card.rows, { rows: 3, how: 'counted' });
    assert.equal(card.summary, 'Changes 3 of about 1,000 rows of public.customers.');
    assert.deepEqual(card.where, { present: true, index: 'customers_pkey' });
    assert.equal(card.ofRows, 1000);
    assert.deepEqual(card.writes, [{ schema: 'public', relation: 'customers', by: 'update' }]);
    assert.ok(card.columns.some(({ column }) => column === 'phone'));
    assert.deepEqual(card.takes, [{ schema: 'public', relation: 'customers', mode: 'RowExclusiveLock' }]);
    assert.equal(card.sample?.rows.length, 3);
    const email = card.sample?.columns.indexOf('email') ?? -1;
    for (const row of card.sample?.rows ?? []) assert.match(row[email] ?? '', /^[*•]+@/, 'masked');
    assert.deepEqual(card.unknown, []);
  });
}

test('a delete tells of cascades, triggers of its kind, missing conditions and indexes', async () => {
  const cascading = await cardOf('delete from orders where customer_id = 7');
  assert.deepEqual(cascading.where, { present: true, index: 'orders_customer' });
  assert.ok(
    cascading.cascades.some(
      ({ to, action, constraint }) =>
        to.relation === 'order_items' && action === 'cascade' && constraint === 'order_items_order_id_fkey',
    ),
    JSON.stringify(cascading.cascades),
  );
  const every = await cardOf('delete from page_views');
  assert.deepEqual(every.where, { present: false, index: null });
  assert.match(every.summary, /^Deletes every row of public\.page_views, about [\d,]+\.$/);
  const scanned = await cardOf("delete from page_views where path = '/nowhere'");
  assert.deepEqual(scanned.where, { present: true, index: null });
  const triggered = await cardOf("update products set name = 'x' where id = 1");
  assert.deepEqual(triggered.triggers, [
    { schema: 'public', relation: 'products', trigger: 'products_touch' },
  ]);
});

test('what is bound is compared as what it was declared', async () => {
  const text = 'delete from owned where $1 < $2 and id < 0';
  const INT4 = 23;
  const types = Object.assign([INT4, INT4], { getTypeParser: () => String });
  await owner.query("insert into owned values (-1, 'x'), (-2, 'y')");
  const asText = { text, values: ['9', '10'] };
  assert.deepEqual((await cardOf(asText)).rows, { rows: 0, how: 'counted' });
  const card = await cardOf({ ...asText, types } as typeof asText);
  assert.deepEqual(card.rows, { rows: 2, how: 'counted' });
  assert.equal(card.sample?.rows.length, 2);
  await owner.query('delete from owned where id < 0');
});

test('rows joined to others are counted once each', async () => {
  const card = await cardOf(
    'delete from orders o using order_items i where i.order_id = o.id and o.id in (1, 2)',
  );
  assert.deepEqual(card.rows, { rows: 2, how: 'counted' });
});

test('nothing that is masked is told by a card: neither value, count nor estimate', async () => {
  const { rows } = await owner.query('select id, email from customers order by id limit 2');
  const [one] = rows;
  for (const condition of [`email = '${one.email}'`, `email like '${one.email.slice(0, 3)}%'`]) {
    const client = await lab.client();
    const asked = requests.next();
    const outcome = client.query(`update customers set phone = '1' where ${condition}`).then(
      () => 'ran',
      () => 'refused',
    );
    const first = await Promise.race([asked, outcome]);
    if (typeof first === 'string') {
      assert.equal(first, 'refused');
    } else {
      const card = await described(first);
      assert.notEqual(card.rows?.rows, 1);
      assert.notEqual(card.rows?.how, 'estimated');
      assert.ok(!JSON.stringify({ ...card, similar: [] }).includes(one.email));
      await requests.withdraw(first);
      await outcome;
    }
    await client.end();
  }
  const shown = await cardOf('delete from customers where id < 3');
  for (const { email } of rows) assert.ok(!JSON.stringify(shown).includes(email));
});

test('of large values only the beginning is shown', async () => {
  await owner.query(`insert into owned values (77, repeat('x', 2000000))`);
  const card = await cardOf('delete from owned where id = 77');
  assert.deepEqual(card.sample, {
    columns: ['id', 'v'],
    rows: [['77', `${'x'.repeat(200)}…`]],
    origins: ['id', 'v'].map((column) => [{ schema: 'public', relation: 'owned', column }]),
  });
});

test('tokens of a sample are those that the requester sees', async () => {
  lab.policy.activate(ASKING.replace('{ method: partial, keep: domain }', '{ method: token }'));
  const client = await lab.client();
  const { rows } = await client.query('select email from customers where id = 5');
  await client.end();
  const card = await cardOf('delete from customers where id = 5');
  const at = card.sample?.columns.indexOf('email') ?? -1;
  assert.match(rows[0].email, /^[0-9a-f]{16}$/);
  assert.equal(card.sample?.rows[0]?.[at], rows[0].email);
  lab.policy.activate(ASKING);
});

test('who may not read the rows shows none of them', async () => {
  lab.policy.activate(
    ASKING.replace('doing: [select, ', 'doing: [').replace('doing: [update,', 'doing: [select, update,'),
  );
  const card = await cardOf('delete from page_views where id = 1');
  assert.equal(card.sample, null);
  assert.equal(card.rows?.how, 'estimated');
  assert.ok(card.unknown.includes('None of its rows are shown: the requester may not read them.'));
  const reading = await cardOf('select * from page_views');
  assert.equal(reading.sample, null);
  lab.policy.activate(ASKING);
});

test('DDL in words, with locks and what depends on it', async () => {
  const adding = await cardOf('alter table owned add column at timestamptz default clock_timestamp()');
  assert.match(adding.effects.join(' '), /Adds column at, and rewrites the table/);
  assert.match(adding.effects.join(' '), /Nobody else reads or writes public\.owned until it is committed/);
  assert.deepEqual(adding.takes, [{ schema: 'public', relation: 'owned', mode: 'AccessExclusiveLock' }]);
  const dropping = await cardOf('drop table owned cascade');
  assert.match(
    dropping.effects.join(' '),
    /Drops the table with all its rows\. Whatever depends on it goes along\./,
  );
  assert.match(dropping.effects.join(' '), /Views depend on it: public\.of_owned/);
  const indexing = await cardOf('create index on owned (v)');
  assert.deepEqual(
    indexing.takes.map(({ mode }) => mode),
    ['ShareLock'],
  );
  const emptying = await cardOf('truncate owned');
  assert.match(emptying.summary, /^Removes every row of public\.owned/);
});

test('locks of the open transaction are listed, and what it has changed is said to be unseen', async () => {
  const card = await cardOf('delete from page_views where id = 1', [
    'begin',
    'select count(*) from products',
  ]);
  assert.deepEqual(card.holds, [{ schema: 'public', relation: 'products', mode: 'AccessShareLock' }]);
  assert.match(card.unknown.join(' '), /what its own transaction has changed is not in that/);
  const created = requests.approveNext();
  const apart = await cardOf('delete from page_views where id = 1', ['create temporary table mine (a int)']);
  await created;
  assert.match(apart.unknown.join(' '), /temporary tables that nobody else sees, so nothing was looked up/);
  assert.deepEqual([apart.rows, apart.sample], [null, null]);
});

test('the state of the session counts: its search path, its settings', async () => {
  await owner.query(`create schema elsewhere; create table elsewhere.page_views (id bigint primary key);
    insert into elsewhere.page_views values (1), (2); grant usage on schema elsewhere to sluice_gateway;
    grant all on elsewhere.page_views to sluice_gateway`);
  const card = await cardOf('delete from page_views where id > 0', ['set search_path = elsewhere']);
  assert.deepEqual(card.rows, { rows: 2, how: 'counted' });
  assert.deepEqual(card.writes, [{ schema: 'elsewhere', relation: 'page_views', by: 'delete' }]);
});

test('what takes too long, or is locked, is not known; the statement goes on meanwhile', async () => {
  await owner.query('begin; lock table orders in access exclusive mode');
  const client = await lab.client();
  const asked = requests.next();
  const answer = client.query(
    "update page_views set path = '/x' where id = -1 and exists (select from orders)",
  );
  const request = await asked;
  await requests.approve(request);
  await owner.query('rollback');
  assert.equal((await answer).rowCount, 0);
  await owner.query('begin; lock table orders in access exclusive mode');
  const second = requests.next();
  const failing = client.query("update orders set status = 'paid' where id = 1").catch(() => undefined);
  const locked = await second;
  const card = await described(locked);
  assert.match(card.unknown.join(' '), /The number of rows is not known: somebody has it locked\./);
  await owner.query('rollback');
  await requests.withdraw(locked);
  await failing;
  await client.end();
});

test('the last similar requests of the same person are listed, and a draft has a card as well', async () => {
  await cardOf('delete from page_views where id = 101');
  const card = await cardOf('DELETE from page_views  where id = 102');
  assert.equal(card.similar[0]?.statement, 'delete from page_views where id = 101');
  assert.equal(card.similar[0]?.status, 'withdrawn');
  const ana = lab.people.ana.current();
  assert.ok(ana);
  const drafted = await lab.target.draftOf(ana, 'delete from page_views where id <= 2');
  assert.ok(drafted.kind === 'draft');
  const request = await lab.approvals.ask({ ...drafted.draft, reason: '', ticket: '' });
  const impact = await lab.target.impactOf(request);
  assert.equal(impact?.where?.present, true);
  assert.equal(impact?.rows?.how, 'counted');
});

test('a text that a database reads otherwise by default is looked at as it was parsed, and one statement alone', async () => {
  const { rows } = await owner.query('select current_database() as name');
  await owner.query(`alter database ${rows[0].name} set standard_conforming_strings = off`);
  // The connections that are open began before.
  await owner.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'sluice impact'",
  );
  try {
    await cardOf(
      "update public.customers set phone = '\\' where id = 7 and phone <> '; commit; begin read write; update public.customers set phone = $$taken$$ where id = 9; commit; --'",
    );
    const after = await owner.query('select phone from public.customers where id = 9');
    assert.notEqual(after.rows[0].phone, 'taken');
  } finally {
    await owner.query(`alter database ${rows[0].name} reset standard_conforming_strings`);
  }
});
