import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Detection } from '../../../../contract/detection.ts';
import { RuleId } from '../../../../contract/ids.ts';
import { ShownOutput } from './shown-output.ts';

const CARDS: Detection[] = [
  {
    rule: RuleId.parse('cards'),
    detect: ['cards', 'emails', 'secrets'],
    patterns: [],
    replace: 'label',
    columns: null,
  },
];

function output() {
  const shown: string[] = [];
  return { shown, output: new ShownOutput(CARDS, (bytes) => shown.push(bytes.toString())) };
}

test('the echo of a key is shown at once', () => {
  const { shown, output: terminal } = output();
  for (const key of ['x', '4', 'é']) {
    terminal.typed(Buffer.from(key));
    terminal.push(Buffer.from(key));
  }
  assert.deepEqual(shown, ['x', '4', 'é']);
  terminal.end();
});

test('what is more than was typed, or something else, is looked through', () => {
  const { shown, output: terminal } = output();
  terminal.typed(Buffer.from('4111'));
  terminal.push(Buffer.from('4111 1111 1111 1111 it is\n'));
  assert.deepEqual(shown, []);
  terminal.typed(Buffer.from('4111'));
  terminal.push(Buffer.from('and 4111 1111 '));
  terminal.push(Buffer.from('1111 1111 again\n'));
  terminal.end();
  assert.equal(shown.join(''), '[card] it is\nand [card] again\n');
});

test('what is held back is let go in time, but not while nobody takes anything', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { shown, output: terminal } = output();
  terminal.push(Buffer.from('Password: '));
  context.mock.timers.tick(50);
  assert.deepEqual(shown, ['Password: ']);
  terminal.push(Buffer.from('4111 1111 '));
  terminal.pause();
  context.mock.timers.tick(10_000);
  terminal.push(Buffer.from('1111 '));
  context.mock.timers.tick(10_000);
  terminal.resume();
  context.mock.timers.tick(49);
  terminal.push(Buffer.from('1111\n'));
  context.mock.timers.tick(50);
  assert.deepEqual(shown, ['Password: ', '[card]\n']);
});

test('a key that began to be hidden stays hidden through pauses, and its end is seen', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { shown, output: terminal } = output();
  terminal.push(Buffer.from('-----BEGIN PRIVATE KEY-----\r\nMIIEpAIB\r\n'));
  for (const line of ['c2VjcmV0\r\n', 'IHNlY3Jl\x1b[', 'm\r\n-----END PRIVATE', ' KEY-----\r\n$ ']) {
    context.mock.timers.tick(50);
    terminal.push(Buffer.from(line));
  }
  context.mock.timers.tick(50);
  assert.equal(shown.join(''), '[secret]\x1b[m\r\n$ ');
  terminal.typed(Buffer.from('x'));
  terminal.push(Buffer.from('x'));
  assert.equal(shown.at(-1), 'x', 'the echo of a key is not held back behind a pause');
  terminal.end();
});
