import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import type { FrontendMessage } from '../../wire/postgres/index.ts';
import { answerTo } from './testing/answer-bytes.ts';
import { type Lab, openLab, POLICY } from './testing/lab.ts';
import { flush, run } from './testing/pipeline.ts';

/** A simple Query that comes behind messages of the extended protocol without a Sync: it concludes their transaction. */

const CARD = '4111111111111111';
const CHANGING = `${POLICY}
  - id: developers-change
    owner: dba@shop.example
    who: { groups: [developers] }
    on: { targets: [shop], tables: [cards, charges] }
    doing: [select, insert, update, delete]
    then: allow
    because: They look after these.
  - id: no-cards
    owner: security@shop.example
    who: { groups: [developers] }
    on: { targets: [shop], tables: [cards] }
    then: { detect: [cards] }
    because: Cards are never shown.
`;

let lab: Lab;
let owner: Client;
before(async () => {
  lab = await openLab();
  owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
  await owner.query(`create table cards (number text primary key);
    create table charges (card text references cards deferrable initially deferred);
    grant all on cards, charges to sluice_gateway;
    insert into cards values ('${CARD}'); insert into charges values ('${CARD}')`);
  lab.policy.activate(CHANGING);
});
after(async () => {
  await owner.end();
  await lab.close();
});

const query = (text: string): FrontendMessage => ({ type: 'query', query: text });
const answer = (...messages: FrontendMessage[]) => answerTo(lab.url('ana'), ...messages);
const count = async (number: string) =>
  (await owner.query('select count(*)::int as n from cards where number = $1', [number])).rows[0]?.n;

/** All but the status: newer servers leave the block open behind one statement ('T'), and commit at the next Sync. */
const untilStatus = (bytes: Buffer) => bytes.toString('latin1', 0, bytes.length - 1);

test('it is answered as the server answers it', async () => {
  for (const text of [
    'select 1 as a',
    'select 1 as a; select 2 as b',
    '',
    "set application_name = 'x'; select 1",
  ]) {
    const messages = [...run('select 5 as five'), query(text)];
    const direct = await answerTo(lab.sample.superuserUrl(), ...messages);
    assert.equal(untilStatus(await answer(...messages)), untilStatus(direct), text);
  }
});

test('one that is refused, or can not be read, undoes what came before it', async () => {
  for (const text of ['drop table charges', 'selec', 'select nothing_of_this_name']) {
    for (const between of [[], [flush]]) {
      const insert = "insert into cards values ('5')";
      const said = String(await answer(...run(insert), ...between, query(text)));
      assert.match(said, /ERROR/, text);
      assert.equal(await count('5'), 0, text);
      const { outcome } = lab.recorder.records.findLast(({ statement }) => statement === insert) ?? {};
      assert.equal(outcome?.status, 'cancelled', text);
    }
  }
});

test('one that runs concludes it', async () => {
  await answer(...run("insert into cards values ('6')"), query('select 1'));
  assert.equal(await count('6'), 1);
});

test('what was put off and fails at its end is redacted', async () => {
  for (const text of ['select 1', 'select 1; select 2', '']) {
    const said = String(await answer(...run('delete from cards'), query(text)));
    assert.match(said, /still referenced/, text);
    assert.doesNotMatch(said, new RegExp(CARD), text);
  }
});

test('after an error it is skipped with all else up to the Sync', async () => {
  const messages = [...run('select 1/0'), query('select 1 as a'), { type: 'sync' } as const];
  const said = String(await answer(...messages));
  assert.match(said, /division by zero/);
  assert.doesNotMatch(said, /SELECT 1/);
});
