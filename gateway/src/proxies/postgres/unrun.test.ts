import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FrontendMessage } from '../../wire/postgres/index.ts';
import { answerTo } from './testing/answer-bytes.ts';
import { type Lab, openLab } from './testing/lab.ts';

let lab: Lab;
before(async () => {
  lab = await openLab();
});
after(() => lab.close());

const parse = (query: string): FrontendMessage => ({
  type: 'parse',
  statement: '',
  query,
  parameterTypes: [],
});
const bind: FrontendMessage = {
  type: 'bind',
  portal: '',
  statement: '',
  parameterFormats: [],
  parameters: [],
  resultFormats: [],
};
const execute: FrontendMessage = { type: 'execute', portal: '', maxRows: 0 };
const sync: FrontendMessage = { type: 'sync' };

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
