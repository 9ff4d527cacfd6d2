import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { Client, type DatabaseError } from 'pg';
import { SluiceError } from '../../../contract/error.ts';
import type { RecordOutcome } from '../../../contract/record.ts';
import { encode, type FrontendMessage } from '../../wire/postgres/index.ts';
import { answerTo } from './testing/answer-bytes.ts';
import { clientParts } from './testing/client-parts.ts';
import { type Lab, openLab, POLICY } from './testing/lab.ts';
import { flush, run, sync } from './testing/pipeline.ts';

const CARD = '4111111111111111';
const CHANGING = `${POLICY}
  - id: developers-change
    owner: dba@shop.example
    who: { groups: [developers] }
    on: { targets: [shop], tables: [cards, charges, holders, loans] }
    doing: [select, insert, update, delete]
    then: allow
    because: They look after these.
  - id: no-cards
    owner: security@shop.example
    who: { groups: [developers] }
    on: { targets: [shop], tables: [cards] }
    then: { detect: [cards] }
    because: Cards are never shown.
`.replace(
  'tags:',
  'reviewedFunctions: { shop: [public.tell_card] }\ntags:\n  shop.public.holders.email: [pii]',
);

let lab: Lab;
let owner: Client;
let client: Client;
before(async () => {
  lab = await openLab();
  owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
  await owner.query(`
    create table cards (number text primary key);
    create table charges (card text references cards deferrable initially deferred);
    create table holders (id int primary key, email text);
    create table loans (holder int references holders deferrable initially deferred);
    create function tell_card() returns trigger language plpgsql as
      $$ begin raise notice 'card %', new.number; return null; end $$;
    create constraint trigger told after insert on cards deferrable initially deferred
      for each row execute function tell_card();
    grant all on cards, charges, holders, loans to sluice_gateway`);
  await owner.query(`insert into cards values ('${CARD}'); insert into charges values ('${CARD}');
    insert into holders values (7, 'ana@shop.example'); insert into loans values (7)`);
  lab.policy.activate(CHANGING);
});
after(async () => {
  await owner.end();
  await lab.close();
});
beforeEach(async () => {
  client = await lab.client();
});
afterEach(() => client.end());

const DELETE = 'delete from cards';
const DELETE_MASKED = 'delete from holders where id = 7';

function outcomeOf(statement: string): RecordOutcome | null | undefined {
  return lab.recorder.records.findLast((record) => record.statement === statement)?.outcome;
}

/** How the last record of a statement ended: "failed 23503". */
function endOf(statement: string): string {
  const outcome = outcomeOf(statement);
  return `${outcome?.status} ${outcome?.sqlState}`;
}

const query = (text: string, extended = false) =>
  client.query({ text, ...(extended ? { queryMode: 'extended' } : {}) });

/** The error that a statement gives. */
async function errorOf(text: string, extended = false): Promise<DatabaseError> {
  return query(text, extended).then(
    () => assert.fail(`${text} did not fail`),
    (error: DatabaseError) => error,
  );
}

const REDACTED = 'Key (number)=([card]) is still referenced from table "charges".';

test('what fails at the end of a pipeline is redacted, and so its last change is recorded', async () => {
  assert.equal((await errorOf(DELETE, true)).detail, REDACTED);
  assert.equal(endOf(DELETE), 'failed 23503');
  assert.deepEqual(outcomeOf(DELETE)?.detected, { cards: 1 });
  const answer = await answerTo(lab.url('ana'), ...run(DELETE), ...run('select 1'), sync);
  assert.doesNotMatch(String(answer), new RegExp(CARD));
  assert.match(String(answer), /DELETE 1.*SELECT 1.*\[card\]/s);
  assert.equal(endOf(DELETE), 'failed 23503');
  assert.equal(endOf('select 1'), 'done null');
});

test('what a text fails with at its end is redacted and recorded, also where its statements are run one by one', async () => {
  const before = lab.recorder.records.length;
  for (const text of [DELETE, `select 1; ${DELETE}`, `set application_name = 'x'; ${DELETE}`]) {
    assert.equal((await errorOf(text)).detail, REDACTED);
    assert.equal(endOf(DELETE), 'failed 23503');
  }
  assert.equal(lab.recorder.records.length, before + 5);
});

test('what fails at COMMIT and at SET CONSTRAINTS is redacted, by both protocols', async () => {
  for (const extended of [false, true]) {
    for (const end of ['commit', 'set constraints all immediate']) {
      await query('begin', extended);
      await query(DELETE, extended);
      assert.equal((await errorOf(end, extended)).detail, REDACTED);
      assert.equal(endOf(end), 'failed 23503');
      assert.deepEqual(outcomeOf(end)?.detected, { cards: 1 });
      await query('rollback', extended);
      assert.equal(endOf(DELETE), 'done null');
    }
  }
});

test('of masked tables such an error tells nothing, like an immediate one', async () => {
  const immediate = /^foreign key violation \(the server's message is withheld/;
  const told = await errorOf(DELETE_MASKED, true);
  assert.match(told.message, immediate);
  assert.equal(told.detail, undefined);
  await query('begin');
  await query(DELETE_MASKED);
  const committed = await errorOf('commit');
  assert.match(committed.message, immediate);
  assert.equal(committed.detail, undefined);
  // The next transaction is another one.
  await query('begin');
  await query("insert into charges values ('none')");
  assert.match((await errorOf('commit')).detail ?? '', /^Key \(card\)=\(none\) is not present/);
});

test('what a deferred trigger says is redacted', async () => {
  const said: string[] = [];
  client.on('notice', ({ message }) => said.push(message ?? ''));
  await query("insert into cards values ('5555555555554444')", true);
  await query('begin');
  await query("insert into cards values ('378282246310005')");
  await query('commit');
  assert.deepEqual(said, ['card [card]', 'card [card]']);
  await owner.query(`delete from cards where number <> '${CARD}'`);
});

test('an end that is asked for with Flush is told before Sync, and recorded with what Sync brings', async () => {
  const answer = await flushed(run(DELETE), (told) =>
    assert.equal(endOf(DELETE), 'undefined undefined', told),
  );
  assert.match(answer, /DELETE 1.*\[card\]/s);
  assert.equal(endOf(DELETE), 'failed 23503');
});

test('what was never followed by Sync was not committed, and is not recorded as done', async () => {
  const text = "insert into charges values ('gone')";
  const left = await lab.client();
  const { stream } = clientParts(left);
  const told = new Promise((resolve) =>
    stream.on('data', (chunk: Buffer) => /INSERT 0 1/.test(String(chunk)) && resolve(0)),
  );
  stream.write(Buffer.concat([...run(text), flush].map(encode)));
  await told;
  await left.end();
  assert.notEqual(outcomeOf(text)?.status, 'done');
  assert.equal((await owner.query("select from charges where card = 'gone'")).rowCount, 0);
});

test('what a refused statement undoes in its pipeline is not recorded as done', async () => {
  const text = "insert into charges values ('undone')";
  await answerTo(lab.url('ana'), ...run(text), ...run('drop table loans'), sync);
  assert.equal(endOf(text), 'cancelled null');
  assert.equal((await owner.query("select from charges where card = 'undone'")).rowCount, 0);
  const kept = 'insert into charges values (null)';
  await answerTo(lab.url('ana'), ...run('begin'), ...run(kept), ...run('commit'), ...run('select 1/0'), sync);
  assert.equal(endOf(kept), 'done null');
  assert.equal(endOf('commit'), 'done null');
});

test('COMMIT is not sent before its record is on disk', async () => {
  await owner.query("insert into holders values (8, 'bo@shop.example')");
  for (const extended of [false, true]) {
    const changing = await lab.client();
    const send = (text: string) => changing.query({ text, ...(extended ? { queryMode: 'extended' } : {}) });
    // Seen once, it is granted without being decided anew.
    await send('commit');
    await send('begin');
    await send('delete from holders where id = 8');
    lab.recorder.fail = new SluiceError('record.unavailable', 'disk full', '');
    await assert.rejects(send('commit'));
    lab.recorder.fail = null;
    await changing.end().catch(() => undefined);
    assert.equal((await owner.query('select from holders where id = 8')).rowCount, 1);
  }
  await owner.query('delete from holders where id = 8');
});

/** What a client is told of what it flushes, and of the Sync that it sends once an end has come. */
async function flushed(messages: FrontendMessage[], between: (told: string) => void): Promise<string> {
  const asking = new Client({ connectionString: lab.url('ana') });
  asking.on('error', () => undefined);
  await asking.connect();
  const { stream } = clientParts(asking);
  stream.removeAllListeners('data');
  const chunks: Buffer[] = [];
  const until = (part: string) =>
    new Promise<string>((resolve) => {
      const look = (chunk: Buffer) => {
        chunks.push(chunk);
        const all = Buffer.concat(chunks).toString('latin1');
        if (!all.includes(part)) return;
        stream.off('data', look);
        resolve(all);
      };
      stream.on('data', look);
    });
  const told = until('DELETE 1');
  stream.write(Buffer.concat([...messages, flush].map(encode)));
  between(await told);
  const all = until('Z\0\0\0\x05');
  stream.write(encode(sync));
  const answer = await all;
  stream.destroy();
  return answer;
}
