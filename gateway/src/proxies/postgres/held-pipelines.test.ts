import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Client } from 'pg';
import type { FrontendMessage } from '../../wire/postgres/index.ts';
import { answerTo } from './testing/answer-bytes.ts';
import { type Lab, openLab } from './testing/lab.ts';
import { ASKING, Requests } from './testing/requests.ts';

let lab: Lab;
let requests: Requests;
let owner: Client;
before(async () => {
  lab = await openLab({ catalogueCheckMs: 0 });
  lab.policy.activate(ASKING);
  requests = new Requests(lab);
  owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
});
after(async () => {
  await owner.end();
  await lab.close();
});
beforeEach(async () => {
  await owner.query(`drop table if exists piped; create table piped (id int primary key, v text);
    insert into piped select n, 'v' from generate_series(1, 10) n; grant all on piped to sluice_gateway`);
});

const left = async () => (await owner.query('select from piped')).rowCount;
const parse = (statement: string, query: string): FrontendMessage => {
  return { type: 'parse', statement, query, parameterTypes: [] };
};
const bind = (portal: string, statement: string, ...values: string[]): FrontendMessage => {
  const parameters = values.map((value) => Buffer.from(value));
  return { type: 'bind', portal, statement, parameterFormats: [], parameters, resultFormats: [] };
};
const execute = (portal: string, maxRows = 0): FrontendMessage => ({ type: 'execute', portal, maxRows });
const close = (name: string): FrontendMessage => ({ type: 'close', object: 'statement', name });
const SYNC: FrontendMessage = { type: 'sync' };

const ONE = 'delete from piped where id = $1';
const ALL = 'delete from piped where $1::int is not null';

test('a portal that waits runs what it was bound to, whatever is prepared under the name since', async () => {
  for (const messages of [
    [parse('', ONE), bind('p', '', '1'), parse('', ALL)],
    [parse('s', ONE), bind('p', 's', '2'), close('s'), parse('s', ALL)],
    [parse('s', ONE), bind('p', 's', '3'), close('s')],
  ]) {
    const before = await left();
    const approved = requests.approveNext();
    await answerTo(lab.url('ana'), ...messages, execute('p'), SYNC);
    const { wanted } = await approved;
    assert.equal(wanted.kind === 'statement' && wanted.statement, ONE);
    assert.equal(await left(), (before ?? 0) - 1);
  }
});

test('a change whose rows are fetched in parts does not run under a number of rows', async () => {
  const approved = requests.approveNext({ maxRows: 2 });
  const text = 'delete from piped where id > 0 returning id';
  const answer = await answerTo(lab.url('ana'), parse('', text), bind('', ''), execute('', 1), SYNC);
  await approved;
  assert.match(answer.toString('latin1'), /C0A000.*approved for a number of rows/s);
  assert.equal(await left(), 10);
});

test('an INSERT that changes rows that are there is an update as well', async () => {
  const client = await lab.client();
  const asked = requests.next();
  const changing = "insert into piped values (1, 'changed') on conflict (id) do update set v = excluded.v";
  const failed = assert.rejects(client.query(changing), /withdrawn/);
  await requests.withdraw(await asked);
  await failed;
  await client.query("insert into piped values (1, 'changed') on conflict (id) do nothing");
  assert.equal((await owner.query("select from piped where v = 'changed'")).rowCount, 0);
  await client.end();
});
