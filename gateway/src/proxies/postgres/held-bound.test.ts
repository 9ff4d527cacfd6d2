import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Client } from 'pg';
import type { ApprovalRequest } from '../../../contract/approval-request.ts';
import { type Lab, openLab } from './testing/lab.ts';
import { ASKING, extended, Requests } from './testing/requests.ts';

let lab: Lab;
let requests: Requests;
let owner: Client;
before(async () => {
  lab = await openLab({ catalogueCheckMs: 0 });
  requests = new Requests(lab);
  owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
});
after(async () => {
  await owner.end();
  await lab.close();
});
beforeEach(async () => {
  lab.policy.activate(ASKING);
  await owner.query(`drop schema if exists other cascade; drop view if exists some_views; drop table if exists bound;
    create schema other; create table bound (id int primary key, at timestamptz);
    create table other.bound (id int primary key, at timestamptz);
    insert into bound values (1, '2026-02-01'), (2, '2026-01-02'); insert into other.bound select * from bound;
    create view some_views as select * from bound where id = 1;
    grant usage on schema other to sluice_gateway; grant all on bound, other.bound, some_views to sluice_gateway`);
});

const left = async (relation = 'bound') => (await owner.query(`select from ${relation}`)).rowCount;
type Failed = Error & { code: string };
const failure = (query: unknown): Promise<Failed> =>
  Promise.resolve(query).then(
    () => assert.fail('it ran'),
    (error: Failed) => error,
  );

/** Asks beforehand for what a new session would run, and has it approved. */
async function approvedBeforehand(text: string): Promise<ApprovalRequest> {
  const ana = lab.people.ana.current();
  assert.ok(ana);
  const drafted = await lab.target.draftOf(ana, text);
  assert.equal(drafted.kind, 'draft', JSON.stringify(drafted));
  if (drafted.kind !== 'draft') throw new Error('no draft');
  const request = await lab.approvals.ask({ ...drafted.draft, reason: 'because', ticket: 'T-1' });
  await requests.approve(request);
  return request;
}

/** The statement is asked for anew, so that the earlier approval does not let it through. */
async function asksAnew(approved: ApprovalRequest, run: () => Promise<unknown>): Promise<ApprovalRequest> {
  const asked = requests.next();
  const failed = failure(run());
  const request = await asked;
  assert.notEqual(request.effect, approved.effect);
  assert.equal(lab.approvals.get(approved.id)?.status, 'approved', 'it was not used');
  await requests.withdraw(request);
  assert.match((await failed).message, /withdrawn/);
  return request;
}

const DELETE = 'delete from bound where id = 1';

test('what was asked beforehand runs once in a new session, by either protocol and from the editor', async () => {
  for (const run of [
    (client: Client) => client.query(DELETE),
    (client: Client) => client.query(`${DELETE};`),
    (client: Client) => client.query(extended(DELETE)),
  ]) {
    const request = await approvedBeforehand(`${DELETE} ; -- please`);
    const client = await lab.client();
    await run(client);
    assert.equal(lab.approvals.get(request.id)?.status, 'used');
    assert.equal(await left(), 1);
    const asked = requests.next();
    const again = failure(run(client));
    await requests.withdraw(await asked);
    await again;
    await client.end();
    await owner.query("insert into bound values (1, '2026-02-01')");
  }
});

test('what needs no approval, can not be read, or has parameters is no draft', async () => {
  const ana = lab.people.ana.current();
  assert.ok(ana);
  assert.deepEqual(await lab.target.draftOf(ana, ' select 1;'), { kind: 'free', statement: 'select 1' });
  for (const [text, why] of [
    ['selec', /can not be read/],
    ['', /no statement/],
    [`${DELETE}; ${DELETE}`, /more than one/],
    ['delete from bound where id = $1', /parameters/],
    ['delete from nowhere', /nowhere/],
  ] as const) {
    const drafted = await lab.target.draftOf(ana, text);
    assert.equal(drafted.kind, 'refused');
    assert.match(drafted.kind === 'refused' ? drafted.why : '', why);
  }
});

test('another text, search path, setting or temporary relation is another request', async () => {
  const request = await approvedBeforehand(DELETE);
  const client = await lab.client();
  await asksAnew(request, () => client.query('delete from bound where id = 2'));
  await asksAnew(request, () => client.query('delete from bound where id = $1::int', [1]));
  for (const set of [
    'set search_path = other, public',
    "set datestyle = 'German'",
    "set timezone = 'Asia/Tokyo'",
    "set app.tenant = '7'",
    'create temporary table bound (id int)',
  ]) {
    const approved = set.startsWith('create') ? requests.approveNext() : null;
    await client.query(set);
    await approved;
    await asksAnew(request, () => client.query(DELETE));
    await client.query(set.startsWith('create') ? 'discard temp' : 'reset all').catch(() => undefined);
  }
  await client.end();
  assert.deepEqual([await left(), await left('other.bound')], [2, 2]);
});

test('an application setting counts by its value, also where a transaction undoes it', async () => {
  const client = await lab.client();
  await client.query("set app.tenant = '1'");
  const asked = requests.next();
  const failed = failure(client.query(DELETE));
  const one = await asked;
  await requests.withdraw(one);
  await failed;
  await client.query("begin; set local app.tenant = '2'");
  const other = requests.next();
  const second = failure(client.query(DELETE));
  assert.notEqual((await other).effect, one.effect);
  await requests.withdraw(await other);
  await second;
  await client.query('rollback');
  const same = requests.next();
  const third = failure(client.query(DELETE));
  assert.equal((await same).effect, one.effect);
  await requests.withdraw(await same);
  await third;
  await client.end();
});

test('a changed view, table, or policy voids what was approved', async () => {
  const viaView = 'delete from some_views where id > 0';
  const first = await approvedBeforehand(viaView);
  await owner.query('create or replace view some_views as select * from bound');
  const client = await lab.client();
  await asksAnew(first, () => client.query(viaView));
  const second = await approvedBeforehand(DELETE);
  await owner.query('alter table bound add column extra int');
  await asksAnew(second, () => client.query(DELETE));
  const third = await approvedBeforehand(DELETE);
  lab.policy.activate(ASKING.replace('Somebody else looks at what changes.', 'Somebody looks twice.'));
  await asksAnew(third, () => client.query(DELETE));
  lab.policy.activate(ASKING);
  await client.end();
  assert.equal(await left(), 2);
});

test('a view that changes while it is held: approved, it is decided again and asked anew', async () => {
  for (const query of [
    { text: 'delete from some_views where id > 0' },
    { text: 'delete from some_views where id > $1', values: [0] },
  ]) {
    const client = await lab.client();
    const asked = requests.next();
    const failed = failure(client.query(query));
    const request = await asked;
    await owner.query('create or replace view some_views as select * from bound');
    const second = requests.next();
    await requests.approve(request);
    const anew = await second;
    assert.notEqual(anew.effect, request.effect);
    await requests.deny(anew, 'no');
    assert.equal((await failed).code, '42501');
    assert.equal(lab.approvals.get(request.id)?.uses, 0);
    assert.equal(await left(), 2);
    await client.end();
    await owner.query('create or replace view some_views as select * from bound where id = 1');
  }
});

test('what a session holds is approved for that session and that person alone', async () => {
  const [one, two] = await Promise.all([lab.client(), lab.client()]);
  const asked = requests.next();
  const first = failure(one.query(DELETE));
  const request = await asked;
  const other = requests.next();
  const second = two.query(DELETE);
  const theirs = await other;
  assert.notEqual(theirs.id, request.id);
  await requests.approve(theirs);
  await second;
  assert.equal(lab.approvals.get(request.id)?.status, 'pending');
  await requests.withdraw(request);
  await first;
  await Promise.all([one.end(), two.end()]);
});

test('equal text with other types or formats of parameters is bound apart', async () => {
  const client = await lab.client();
  const seen = new Set<string>();
  const text = 'delete from bound where id = $1 and at is null';
  const bindings: Array<{ text: string; values: unknown[] }> = [
    { text, values: ['5'] },
    { text, values: ['05'] },
    { text, values: [Buffer.from([0, 0, 0, 5])] },
    { text, values: [null] },
    { text: text.replace('$1', '$1::bigint'), values: ['5'] },
  ];
  for (const query of bindings) {
    const asked = requests.next();
    const failed = failure(client.query(query));
    const request = await asked;
    seen.add(request.effect);
    await requests.withdraw(request);
    await failed;
  }
  assert.equal(seen.size, 5);
  await client.end();
});

test('a prepared statement that means another table under another search path asks anew, for that table', async () => {
  const client = await lab.client();
  const query = { name: 'moving', text: 'delete from bound where id = $1', values: [1] };
  const first = requests.next();
  const one = client.query(query);
  const request = await first;
  await requests.approve(request);
  await one;
  await client.query('set search_path = other');
  const second = requests.next();
  const two = client.query(query).catch((error: unknown) => error);
  const other = await second;
  assert.notEqual(other.effect, request.effect);
  assert.deepEqual(
    other.decision.asks.map(({ rule }) => rule),
    ['changes-are-asked'],
  );
  await requests.approve(other);
  await two;
  assert.deepEqual([await left(), await left('other.bound')], [1, 1]);
  await client.end();
});

test('a person whose groups change is asked by the rules that are about them now', async () => {
  const more = `${ASKING}  - id: leads-too
    owner: o
    who: { groups: [trainees] }
    on: everything
    doing: [delete]
    then: { approve: { by: [leads] } }
    because: They are new here.
`;
  lab.policy.activate(more);
  const request = await approvedBeforehand(DELETE);
  const whole = lab.people.ana.current();
  assert.ok(whole);
  lab.people.ana.become({ ...whole, groups: ['developers', 'trainees'], epoch: whole.epoch + 1 });
  const client = await lab.client();
  const asked = requests.next();
  const failed = failure(client.query(DELETE));
  const anew = await asked;
  assert.deepEqual(
    anew.asks.map(({ rule }) => rule),
    ['changes-are-asked', 'leads-too'],
  );
  assert.equal(lab.approvals.get(request.id)?.status, 'approved');
  await requests.withdraw(anew);
  await failed;
  await client.end();
  lab.people.ana.become(whole);
});

test('a window lets other constants of the same shape through, and nothing else', async () => {
  const client = await lab.client();
  const asked = requests.next();
  const first = client.query(DELETE);
  await requests.approve(await asked, { windowSeconds: 60 });
  await first;
  const before = lab.approvals.list().length;
  await client.query('delete from bound where id=2 -- the same');
  await client.query('delete from bound where id = $1', [77]);
  assert.equal(lab.approvals.list().length, before);
  for (const sql of [
    'delete from bound where id > 1',
    'delete from bound',
    'delete from bound where id = 1 or true',
    'delete from other.bound where id = 1',
    'delete from some_views where id = 1',
  ]) {
    const other = requests.next();
    const failed = failure(client.query(sql));
    await requests.withdraw(await other);
    await failed;
  }
  await client.query('set search_path = other');
  const elsewhere = requests.next();
  const failed = failure(client.query(DELETE));
  await requests.withdraw(await elsewhere);
  await failed;
  await client.end();
});

test('PREPARE does nothing yet: each EXECUTE asks, for what the name stands for', async () => {
  const client = await lab.client();
  await client.query('prepare gone(int) as delete from bound where id = $1');
  for (const id of [1, 2]) {
    const asked = requests.next();
    const run = client.query(`execute gone(${id})`);
    await requests.approve(await asked);
    await run;
  }
  assert.equal(await left(), 0);
  await client.query('deallocate gone; prepare gone(int) as delete from bound where id > $1');
  const asked = requests.next();
  const failed = failure(client.query('execute gone(1)'));
  const other = await asked;
  assert.equal(lab.approvals.list().filter(({ effect }) => effect === other.effect).length, 1);
  await requests.deny(other, 'no');
  assert.equal((await failed).code, '42501');
  await client.end();
});

test('a cursor that was approved is read, and asks for what is asked of reading', async () => {
  const reading = ASKING.replace('doing: [select, ', 'doing: [').replace(
    'doing: [update,',
    'doing: [select, update,',
  );
  lab.policy.activate(reading);
  const client = await lab.client();
  await client.query('begin');
  const declaring = requests.approveNext();
  await client.query('declare c cursor for select id from bound order by id');
  await declaring;
  const asked = requests.next();
  const rows = client.query('fetch 1 from c');
  await requests.approve(await asked);
  assert.deepEqual((await rows).rows, [{ id: 1 }]);
  const denied = requests.next();
  const failed = failure(client.query('fetch 1 from c'));
  await requests.deny(await denied, 'enough');
  assert.equal((await failed).code, '42501');
  await client.query('rollback');
  await client.end();
});

test('a catalogue that changes at the last moment keeps what was approved from running, and does not use it up', async () => {
  const late = await openLab({ catalogueCheckMs: 60_000 });
  late.policy.activate(ASKING);
  const client = await late.client();
  const superuser = new Client({ connectionString: late.sample.superuserUrl() });
  await superuser.connect();
  const ana = late.people.ana.current();
  assert.ok(ana);
  const text = 'delete from page_views where id = -1';
  const drafted = await late.target.draftOf(ana, text);
  assert.ok(drafted.kind === 'draft');
  const request = await late.approvals.ask({ ...drafted.draft, reason: '', ticket: '' });
  await new Requests(late).approve(request);
  await client.query('select id from page_views limit 1');
  await superuser.query('alter table page_views add column extra int');
  assert.equal((await failure(client.query(text))).code, '40001');
  assert.equal(late.approvals.get(request.id)?.status, 'approved');
  await superuser.end();
  await client.end();
  await late.close();
});

test('a proposal in place of what waits has the effect that it has when it is run there', async () => {
  const client = await lab.client();
  await client.query('set search_path = other, public');
  const asked = requests.next();
  const failed = failure(client.query('delete from bound'));
  const request = await asked;
  const drafted = await lab.target.draftInstead(request, `${DELETE};`);
  assert.equal(drafted.kind, 'draft');
  await requests.deny(request, 'Only that one.');
  await failed;
  const narrower = requests.next();
  const second = failure(client.query(DELETE));
  const made = await narrower;
  assert.equal(drafted.kind === 'draft' && drafted.draft.effect, made.effect);
  await requests.withdraw(made);
  await second;
  await client.end();
});

test('a proposal in place of what was asked beforehand has the effect that it has in a new session', async () => {
  const ana = lab.people.ana.current();
  assert.ok(ana);
  const drafted = await lab.target.draftOf(ana, 'delete from bound');
  assert.ok(drafted.kind === 'draft');
  const request = await lab.approvals.ask({ ...drafted.draft, reason: '', ticket: '' });
  const narrower = await lab.target.draftInstead(request, DELETE);
  const alone = await lab.target.draftOf(ana, DELETE);
  assert.ok(narrower.kind === 'draft' && alone.kind === 'draft');
  assert.equal(narrower.draft.effect, alone.draft.effect);
  await requests.withdraw(request);
});
