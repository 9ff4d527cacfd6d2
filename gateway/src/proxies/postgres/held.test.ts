import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Client } from 'pg';
import postgres from 'postgres';
import { type Lab, openLab } from './testing/lab.ts';
import { ASKING, Requests } from './testing/requests.ts';

let lab: Lab;
let requests: Requests;
before(async () => {
  lab = await openLab();
  lab.policy.activate(ASKING);
  requests = new Requests(lab);
});
after(() => lab.close());

async function phoneOf(client: Client, id: number): Promise<unknown> {
  return (await client.query(`select phone from customers where id = ${id}`)).rows[0]?.phone;
}

test('a held update goes on by itself when it is approved, and its approval is used up', async () => {
  const client = await lab.client();
  const notices: string[] = [];
  client.on('notice', ({ message, hint }) => notices.push(`${message}\n${hint}`));
  const asked = requests.next();
  const told = new Promise((resolve) => client.once('notice', resolve));
  const answer = client.query("update public.customers set phone = '1' where id = 7");
  const request = await asked;
  await told;
  assert.deepEqual(request.wanted, {
    kind: 'statement',
    statement: "update public.customers set phone = '1' where id = 7",
    parameters: [],
  });
  await requests.approve(request);
  assert.equal((await answer).rowCount, 1);
  assert.match(notices[0] ?? '', /Needs approval by dba[\s\S]+waits for dba until[\s\S]+Ctrl-C/);
  assert.equal(lab.approvals.get(request.id)?.status, 'used');
  assert.deepEqual(lab.recorder.last()?.decision.approval?.by, [{ id: 'person:dora', name: 'dora' }]);
  const again = requests.next();
  const second = client.query("update public.customers set phone = '1' where id = 7").catch((error) => error);
  await requests.withdraw(await again);
  assert.match(String(await second), /withdrawn/);
  await client.end();
});

test('of several statements in one text all are approved before the first runs', async () => {
  const client = await lab.client();
  const first = requests.next();
  const answer = client.query(
    "update customers set phone = '21' where id = 21; select 1; update customers set phone = '22' where id = 22",
  );
  const one = await first;
  const second = requests.next();
  await requests.approve(one);
  const two = await second;
  assert.equal(lab.approvals.get(one.id)?.uses, 0, 'nothing ran yet');
  await requests.approve(two);
  await answer;
  assert.deepEqual([await phoneOf(client, 21), await phoneOf(client, 22)], ['21', '22']);
  await client.end();
});

test('the same statement twice in one text is approved twice', async () => {
  const client = await lab.client();
  const sql = 'delete from page_views where id = -7';
  const first = requests.next();
  const answer = client.query(`${sql}; ${sql}`);
  const one = await first;
  const second = requests.next();
  await requests.approve(one);
  await requests.approve(await second);
  await answer;
  const uses = lab.approvals
    .list()
    .filter(({ wanted }) => wanted.kind === 'statement' && wanted.statement === sql);
  assert.deepEqual(
    uses.map(({ status }) => status),
    ['used', 'used'],
  );
  await client.end();
});

test('of several statements one that is denied keeps all from running', async () => {
  const client = await lab.client();
  const first = requests.next();
  const answer = client
    .query("update customers set phone = 'x' where id = 31; delete from page_views")
    .catch((error) => error);
  const one = await first;
  const second = requests.next();
  await requests.approve(one);
  await requests.deny(await second, 'Page views are kept.');
  const error = await answer;
  assert.equal(error.code, '42501');
  assert.match(error.message, /Denied by dora: Page views are kept\./);
  assert.notEqual(await phoneOf(client, 31), 'x');
  await client.end();
});

test('statements that change what later ones mean are held one by one', async () => {
  const client = await lab.client();
  const asked = requests.next();
  const answer = client.query("set search_path = public; update customers set phone = 's' where id = 41");
  await requests.approve(await asked);
  await answer;
  assert.equal(await phoneOf(client, 41), 's');
  await client.end();
});

test('in an open transaction: approved it goes on in it, denied the transaction has failed', async () => {
  const client = await lab.client();
  await client.query('begin');
  const approved = requests.approveNext();
  await client.query("update customers set phone = 't' where id = 51");
  await approved;
  const denied = requests.next();
  const answer = client.query('delete from page_views').catch((error) => error);
  await requests.deny(await denied, 'no');
  assert.equal((await answer).code, '42501');
  await assert.rejects(client.query('select 1'), { code: '25P02' });
  await client.query('rollback');
  assert.notEqual(await phoneOf(client, 51), 't');
  await client.end();
});

test('by the extended protocol a statement is held with its parameters, and holds no lock', async () => {
  const client = await lab.client();
  const [own] = (await client.query('select pg_backend_pid() as pid')).rows;
  const asked = requests.next();
  const text = 'update customers set phone = $1 where id = $2 returning phone';
  const told = new Promise((resolve) => client.once('notice', resolve));
  const answer = client.query({ text, values: ['e', 61] });
  const request = await asked;
  assert.deepEqual(request.wanted, { kind: 'statement', statement: text, parameters: ['e', '61'] });
  await told;
  const direct = await lab.direct();
  // Who reads for the card locks too, as long as it counts and plans.
  const { rows } = await direct.query(
    `select state, mode from pg_stat_activity
     left join pg_locks on pg_locks.pid = pg_stat_activity.pid and relation >= 16384
     where pg_stat_activity.pid = $1`,
    [own.pid],
  );
  await direct.end();
  assert.deepEqual(rows, [{ state: 'idle', mode: null }]);
  await requests.approve(request);
  assert.deepEqual((await answer).rows, [{ phone: 'e' }]);
  await client.end();
});

test('a prepared statement asks anew for each binding, and one that was approved does not stand for another', async () => {
  const client = await lab.client();
  const run = (phone: string, id: number) =>
    client.query({
      name: 'named',
      text: 'update customers set phone = $1 where id = $2',
      values: [phone, id],
    });
  const first = requests.next();
  const one = run('a', 71);
  await requests.approve(await first);
  await one;
  const second = requests.next();
  const two = run('b', 72).catch((error) => error);
  const request = await second;
  assert.deepEqual(request.wanted.kind === 'statement' && request.wanted.parameters, ['b', '72']);
  await requests.deny(request, 'no');
  assert.equal((await two).code, '42501');
  assert.notEqual(await phoneOf(client, 72), 'b');
  await client.end();
});

test('postgres.js, which describes before it binds, is held and goes on', async () => {
  const sql = postgres(lab.url('ana'), { max: 1, ssl: { ca: lab.certificate }, onnotice: () => undefined });
  for (const id of [81, 82]) {
    const asked = requests.next();
    const answer = sql`update customers set phone = ${'p'} where id = ${id} returning id`.execute();
    const request = await asked;
    assert.deepEqual(request.wanted.kind === 'statement' && request.wanted.parameters, ['p', String(id)]);
    await requests.approve(request);
    assert.deepEqual([...(await answer)], [{ id }]);
  }
  await sql.end();
});

test('behind a statement of the same pipeline it is held in its transaction', async () => {
  const client = await lab.client();
  await client.query('begin');
  await client.query({ text: 'select $1::int', values: [1] });
  const asked = requests.next();
  const answer = client.query({ text: 'delete from page_views where id = $1', values: [-1] });
  await requests.approve(await asked);
  assert.equal((await answer).rowCount, 0);
  await client.query('commit');
  await client.end();
});

test('what begins to be asked between preparing and running is refused once, and then held', async () => {
  const client = await lab.client();
  const query = {
    name: 'young',
    text: 'insert into page_views select * from page_views where id = $1',
    values: [-1],
  };
  await client.query(query);
  lab.policy.activate(ASKING.replace('doing: [update,', 'doing: [insert, update,'));
  // The driver sends Bind and Execute at once, and the gateway knows of the policy by then.
  await assert.rejects(client.query(query), { code: '42501', hint: /Run it again/ });
  const approved = requests.approveNext();
  await client.query(query);
  await approved;
  lab.policy.activate(ASKING);
  await client.end();
});

test('remarks reach who waits', async () => {
  const client = await lab.client();
  const said = new Promise<string>((resolve) =>
    client.on('notice', ({ message }) => message?.startsWith('dora says') && resolve(message)),
  );
  const asked = requests.next();
  const answer = client.query('delete from page_views where id = -2');
  const request = await asked;
  const dora = lab.people.dora.current();
  assert.ok(dora);
  await lab.approvals.act(request.id, { act: 'remark', text: 'Why?' }, { principal: dora, groups: ['dba'] });
  assert.equal(await said, 'dora says: Why?');
  await requests.approve(request);
  await answer;
  await client.end();
});

test('what is said meanwhile reaches the client as text, whatever characters it holds, and keeps nothing from going on', async () => {
  const client = await lab.client();
  const notices: string[] = [];
  client.on('notice', ({ message }) => notices.push(String(message)));
  const { people, approvals } = lab;
  const dora = people.dora.current();
  assert.ok(dora);
  const elector = { principal: dora, groups: dora.groups };
  const asked = requests.next();
  const answer = client.query("update customers set phone = '31' where id = 31");
  const request = await asked;
  const text = 'a\0b \ud800 \u001b[2J\nc';
  assert.equal((await approvals.act(request.id, { act: 'remark', text }, elector))?.kind, 'changed');
  await requests.approve(request);
  await answer;
  assert.ok(notices.includes('dora says: a\\u{0}b \ufffd \\u{1b}[2J\nc'), notices.join('|'));
  const second = requests.next();
  const denied = assert.rejects(client.query("update customers set phone = '32' where id = 32"), {
    code: '42501',
    message: 'Denied by dora: no\\u{0} \\u{1b}[2J',
  });
  await requests.deny(await second, 'no\0 \u001b[2J');
  await denied;
  await client.end();
});
