import assert from 'node:assert/strict';
import { test } from 'node:test';
import { historyOf, MAX_ENTRIES, MAX_HISTORY_LENGTH, remember } from './history.ts';

test('entered lines are kept, oldest first, those of several lines whole', () => {
  assert.deepEqual(historyOf(['a', 'b\nc']).entries, ['a', 'b\nc']);
});

test('blank lines, lines that begin with a space and repetitions are not', () => {
  assert.deepEqual(historyOf(['a', '', '\n', ' secret', 'a', 'b', 'a']).entries, ['a', 'b', 'a']);
});

test('the oldest go when there are too many, or they are too long together', () => {
  const many = historyOf(Array.from({ length: MAX_ENTRIES + 5 }, (_, index) => `echo ${index}`));
  assert.equal(many.entries.length, MAX_ENTRIES);
  assert.equal(many.entries[0], 'echo 5');
  const long = historyOf(['a', 'b'.repeat(MAX_HISTORY_LENGTH / 2), 'c'.repeat(MAX_HISTORY_LENGTH / 2)]);
  assert.deepEqual(
    long.entries.map((line) => line[0]),
    ['b', 'c'],
  );
  assert.deepEqual(remember(long, 'x'.repeat(MAX_HISTORY_LENGTH + 1)).entries, []);
});

test('a history is not changed by what is remembered', () => {
  const before = historyOf(['a']);
  remember(before, 'b');
  assert.deepEqual(before.entries, ['a']);
});
