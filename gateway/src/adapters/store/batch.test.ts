import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Batch } from './batch.ts';
import type { Write } from './messages.ts';

const opened = (record: string): Write => ({
  type: 'opened',
  record,
  principal: 'p',
  target: 't',
  body: `{"id":"${record}"}`,
});
const closed = (record: string): Write => ({ type: 'closed', record, body: '{"status":"done"}' });

test('an action that begins and ends in a batch is one row, where it began', () => {
  const batch = new Batch();
  for (const write of [opened('a'), opened('b'), closed('a')]) void batch.add(write);
  assert.deepEqual(batch.writes, [
    { ...opened('a'), type: 'kept', body: '{"id":"a","outcome":{"status":"done"}}' },
    opened('b'),
  ]);
});

test('the end of an action that began earlier is a row of its own, and so is a second end', () => {
  const batch = new Batch();
  for (const write of [closed('z'), opened('a'), closed('a'), closed('a')]) void batch.add(write);
  assert.deepEqual(
    batch.writes.map(({ type }) => type),
    ['closed', 'kept', 'closed'],
  );
});
