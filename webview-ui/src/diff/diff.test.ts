import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { diff } from './diff.ts';

const joined = (parts: ReturnType<typeof diff>, left: 'old' | 'new') =>
  parts
    .filter(({ kind }) => kind !== left)
    .map(({ text }) => text)
    .join('');

test('both texts can be read out of what changed', () => {
  const statement = fc
    .array(fc.constantFrom('update ', 'a', ' where ', 'id', ' = ', '1', ';', '\n', "'x'"))
    .map((words) => words.join(''));
  fc.assert(
    fc.property(fc.oneof(statement, fc.string()), fc.oneof(statement, fc.string()), (before, after) => {
      const parts = diff(before, after);
      assert.equal(joined(parts, 'new'), before);
      assert.equal(joined(parts, 'old'), after);
    }),
  );
});

test('words that stay are not marked', () => {
  assert.deepEqual(diff('update a where id < 100', 'update a where id = 4'), [
    { kind: 'same', text: 'update a where id ' },
    { kind: 'old', text: '<' },
    { kind: 'new', text: '=' },
    { kind: 'same', text: ' ' },
    { kind: 'old', text: '100' },
    { kind: 'new', text: '4' },
  ]);
  assert.deepEqual(diff('same', 'same'), [{ kind: 'same', text: 'same' }]);
});

test('a long text is compared in no time, its middle as one change', () => {
  const long = (word: string) => Array.from({ length: 20_000 }, (_, index) => `${word}${index}`).join(' ');
  const parts = diff(`begin ${long('a')} end`, `begin ${long('b')} end`);
  assert.deepEqual(
    parts.map(({ kind }) => kind),
    ['same', 'old', 'new', 'same'],
  );
});
