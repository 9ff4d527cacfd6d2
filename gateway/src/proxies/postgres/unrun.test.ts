import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import type { FrontendMessage } from '../../wire/postgres/index.ts';
import { answerTo } from './testing/answer-bytes.ts';
import { type Lab, openLab } from './testing/lab.ts';
import { bind, execute, parse, sync } from './testing/pipeline.ts';

let lab: Lab;
before(async () => {
  lab = await openLab();
});
after(() => lab.close());

/** How often each end of a statement stands in the records. */
function endsOf(statement: string): string[] {
  return lab.recorder.records
    .filter((record) => record.statement === statement)
    .map(({ outcome }) => `${outcome?.status} ${outcome?.sqlState}`);
}

test('a statement that fails while it is bound is recorded, and so is one that is not executed', async () => {
  await answerTo(lab.url('ana'), parse('select 1/0'), bind, sync);
  assert.equal(endsOf('select 1/0').length, 1);
  await answerTo(lab.url('ana'), parse('select 4/2'), bind, sync);
  assert.deepEqual(endsOf('select 4/2'), ['cancelled null']);
  await answerTo(lab.url('ana'), parse('select 4/4'), bind, { type: 'query', query: 'select 0' });
  assert.deepEqual(endsOf('select 4/4'), ['cancelled null']);
});

test('a statement that can not be prepared is recorded', async () => {
  await answerTo(lab.url('ana'), parse("select 'x'::int"), sync);
  assert.deepEqual(endsOf("select 'x'::int"), ['failed 22P02']);
});

test('a statement that is executed has one record, also when it fails', async () => {
  await answerTo(lab.url('ana'), parse('select 6/3'), bind, execute, sync);
  assert.deepEqual(endsOf('select 6/3'), ['done null']);
  await answerTo(lab.url('ana'), parse('select 6/0'), bind, execute, sync);
  assert.equal(endsOf('select 6/0').length, 1);
});

test('COPY data may come in one go with its statement, between two Syncs', async () => {
  const owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
  await owner.query('create table copied (a int); grant all on copied to sluice_gateway');
  const data: FrontendMessage = { type: 'copyData', data: Buffer.from('1\n2\n') };
  const copy = [
    parse('copy copied from stdin'),
    bind,
    execute,
    sync,
    data,
    { type: 'copyDone' as const },
    sync,
  ];
  const answer = await answerTo(lab.url('dora'), ...copy);
  assert.match(answer.toString('latin1'), /COPY 2/);
  assert.deepEqual((await owner.query('select * from copied')).rows, [{ a: 1 }, { a: 2 }]);
  await owner.end();
});

test('a parameter runs no check of a domain that the statement does not name', async () => {
  const owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
  await owner.query("create domain guessed as text check (value <> 'secret')");
  const { rows } = await owner.query<{ oid: string }>("select 'guessed'::regtype::oid as oid");
  await owner.end();
  const parameterTypes = [Number(rows[0]?.oid)];
  const bound: typeof bind = { ...bind, parameters: [Buffer.from('secret')] };
  const asked = { ...parse('select $1'), parameterTypes };
  const answer = await answerTo(lab.url('ana'), asked, bound, execute, sync);
  assert.doesNotMatch(answer.toString('latin1'), /guessed/);
  assert.match(answer.toString('latin1'), /SELECT 1/);
  const empty = await answerTo(lab.url('ana'), { ...parse(''), parameterTypes }, bound, sync);
  assert.doesNotMatch(empty.toString('latin1'), /guessed/);
});
