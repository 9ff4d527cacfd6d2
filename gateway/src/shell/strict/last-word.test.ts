import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastWord } from './last-word.ts';

for (const [line, at, text, isProgram] of [
  ['ls /et', 3, '/et', false],
  ['ls ', 3, '', false],
  ['', 0, '', true],
  ['l', 0, 'l', true],
  ['a; ./b', 3, './b', true],
  ['a | b c', 6, 'c', false],
  ["ls '/my fi", 3, '/my fi', false],
  ['ls "/my fi', 3, '/my fi', false],
  ['ls /my\\ fi', 3, '/my fi', false],
  ["ls '/my folder/'", 3, '/my folder/', false],
  ['cat < /et', 6, '/et', false],
] satisfies [string, number, string, boolean][]) {
  test(`the last word of ${JSON.stringify(line)}`, () => {
    assert.deepEqual(lastWord(line), { at, text, isProgram });
  });
}

for (const line of ['ls $HOME/', 'ls ~/', 'ls `a', 'ls *']) {
  test(`${line} has none that can be told`, () => assert.equal(lastWord(line), null));
}
