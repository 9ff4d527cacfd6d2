import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import type { Detection } from '../../../../contract/detection.ts';
import { RuleId } from '../../../../contract/ids.ts';
import { promptRedacting } from './prompt-redacting.ts';

const CARDS: Detection[] = [
  { rule: RuleId.parse('cards'), detect: ['cards'], patterns: [], replace: 'label', columns: null },
];

const settled = () => new Promise((resolve) => setImmediate(resolve));

function clockOf({ mock }: TestContext) {
  mock.timers.enable({ apis: ['setTimeout'] });
  return mock.timers;
}

test('what is held back is shown once nothing comes', async (context) => {
  const clock = clockOf(context);
  const shown = new PassThrough();
  const redacting = promptRedacting(CARDS, new Map());
  redacting.pipe(shown);
  redacting.write('Password: ');
  await settled();
  clock.tick(49);
  assert.equal(shown.read(), null);
  clock.tick(1);
  await settled();
  assert.equal(String(shown.read()), 'Password: ');
});

test('who takes nothing cuts no card in two', async (context) => {
  const clock = clockOf(context);
  let shown = '';
  let take = () => {};
  const client = new Writable({
    highWaterMark: 1,
    write: (chunk: Buffer, _encoding, done) => {
      shown += chunk.toString();
      take = done;
    },
  });
  const redacting = promptRedacting(CARDS, new Map());
  redacting.pipe(client);
  redacting.write(`${'x'.repeat(2000)} 4111 1111 `);
  await settled();
  redacting.write(`${'y'.repeat(2000)} 4111 1111 `);
  for (let count = 0; count < 5; count += 1) {
    clock.tick(50);
    await settled();
  }
  redacting.end('1111 1111');
  const ended = once(client, 'finish');
  const taking = setInterval(() => take(), 1);
  await ended;
  clearInterval(taking);
  assert.match(shown, /y \[card\]$/);
});
