import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turnstile } from './turnstile.ts';

test('so many at a time, in order, and one that fails lets the next one through', async () => {
  const turnstile = new Turnstile(2);
  const begun: number[] = [];
  let inside = 0;
  let most = 0;
  const work = (index: number) => async () => {
    begun.push(index);
    inside += 1;
    most = Math.max(most, inside);
    await Promise.resolve();
    inside -= 1;
    if (index === 1) throw new Error('failed');
    return index;
  };
  const all = await Promise.allSettled([0, 1, 2, 3, 4].map((index) => turnstile.pass(work(index))));
  assert.deepEqual(begun, [0, 1, 2, 3, 4]);
  assert.equal(most, 2);
  assert.deepEqual(
    all.map((one) => (one.status === 'fulfilled' ? one.value : 'failed')),
    [0, 'failed', 2, 3, 4],
  );
  assert.equal(await turnstile.pass(async () => 'still'), 'still');
});
