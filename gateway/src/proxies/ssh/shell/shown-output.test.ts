import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Detection } from '../../../../contract/detection.ts';
import { RuleId } from '../../../../contract/ids.ts';
import { ShownOutput } from './shown-output.ts';

const CARDS: Detection[] = [
  { rule: RuleId.parse('cards'), detect: ['cards', 'emails'], patterns: [], replace: 'label', columns: null },
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
