import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Person } from '../../../gateway/contract/approval-request.ts';
import { PrincipalId, TargetName } from '../../../gateway/contract/ids.ts';
import { endingInWords, terminalTitle, watchersInWords } from './wording.ts';

const web = { target: TargetName.parse('web') };
const person = (name: string): Person => ({ id: PrincipalId.parse(`person:${name}`), name });

test('a title says where one is, as whom, and whether the line stands', () => {
  assert.equal(terminalTitle(web, '', { kind: 'connecting' }), 'web (connecting)');
  assert.equal(terminalTitle(web, 'deploy', { kind: 'open' }), 'deploy@web');
  assert.equal(terminalTitle(web, 'deploy', { kind: 'lost' }), 'deploy@web (reconnecting)');
});

test('who looks on is told in a few words', () => {
  const names = ['Dora', 'Adam', 'Nia'].map(person);
  const words = [0, 1, 2, 3].map((count) => watchersInWords(names.slice(0, count)));
  assert.deepEqual(words, [
    '',
    'Dora is watching',
    'Dora and Adam are watching',
    'Dora and 2 others are watching',
  ]);
});

test('why a shell has ended moves nothing on the screen', () => {
  assert.match(endingInWords('It\x1b[2Jended.\n'), /It \[2Jended\. \r\nPress Enter/);
});
