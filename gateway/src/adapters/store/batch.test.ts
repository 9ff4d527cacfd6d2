import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Batch } from './batch.ts';
import { type Entry, entriesOf, type JournalEntry, wholeEntry } from './entries.ts';

const opened = (record: string): Entry => ({ type: 'opened', record, body: `{"id":"${record}"}` });
const closed = (record: string): Entry => ({ type: 'closed', record, body: '{"status":"done"}' });

function textOf(entries: JournalEntry[]): string {
  const batch = new Batch();
  for (const entry of entries) void batch.add(entry);
  return batch.text();
}

function linesOf(entries: JournalEntry[]): Entry[] {
  return entriesOf(textOf(entries)).map(wholeEntry);
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

test('what the runs of a plan share stands in a batch once, and each has all of it when read back', () => {
  const plan = `"facts":null,"decision":{"sentence":"${'so '.repeat(100)}"}`;
  const runs = ['a', 'b', 'c'].map((record): JournalEntry => ({ ...opened(record), plan }));
  const other = { ...opened('d'), plan: '"facts":null,"decision":{}' };
  const entries = [...runs, other, closed('a'), closed('z')];
  assert.equal(textOf(entries).split(plan).length, 2);
  assert.deepEqual(linesOf(entries), [
    { type: 'kept', record: 'a', body: `{"id":"a","outcome":{"status":"done"},${plan}}` },
    { type: 'opened', record: 'b', body: `{"id":"b",${plan}}` },
    { type: 'opened', record: 'c', body: `{"id":"c",${plan}}` },
    { type: 'opened', record: 'd', body: '{"id":"d","facts":null,"decision":{}}' },
    closed('z'),
  ]);
});

test('a line that names a plan which does not stand before it is no line', () => {
  assert.throws(() => entriesOf('opened a 0 {}\nplan "facts":null\n'), /names a plan/);
  assert.throws(() => entriesOf('opened a\n'), /can not be read/);
});
