import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Batch, type Entry, entriesOf } from './batch.ts';

const opened = (record: string): Entry => ({ type: 'opened', record, body: `{"id":"${record}"}` });
const closed = (record: string): Entry => ({ type: 'closed', record, body: '{"status":"done"}' });

function linesOf(entries: Entry[]): Entry[] {
  const batch = new Batch();
  for (const entry of entries) void batch.add(entry);
  return entriesOf(batch.text());
}

test('an action that begins and ends in a batch is one entry, where it began', () => {
  assert.deepEqual(linesOf([opened('a'), opened('b'), closed('a')]), [
    { type: 'kept', record: 'a', body: '{"id":"a","outcome":{"status":"done"}}' },
    opened('b'),
  ]);
});

test('the end of an action that began earlier is an entry of its own, and so is a second end', () => {
  assert.deepEqual(
    linesOf([closed('z'), opened('a'), closed('a'), closed('a')]).map(({ type }) => type),
    ['closed', 'kept', 'closed'],
  );
});

test('whatever JSON a body is, it is read back as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (statements) => {
      const entries = statements.map(
        (statement, at): Entry => ({ type: 'opened', record: `r${at}`, body: JSON.stringify({ statement }) }),
      );
      assert.deepEqual(linesOf(entries), entries);
    }),
  );
});
