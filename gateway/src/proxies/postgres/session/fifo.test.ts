import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fifo } from './fifo.ts';

function filled(count: number): Fifo<number> {
  const fifo = new Fifo<number>();
  for (let item = 0; item < count; item += 1) fifo.push(item);
  return fifo;
}

test('items come in the order in which they were given, however they are taken in between', () => {
  const fifo = new Fifo<number>();
  let given = 0;
  let taken = 0;
  for (let round = 0; round < 200; round += 1) {
    for (let times = 0; times < 40; times += 1) fifo.push(given++);
    for (let times = 0; times < 30; times += 1) assert.equal(fifo.shift(), taken++);
  }
  assert.equal(fifo.length, given - taken);
  assert.deepEqual(
    [...fifo],
    Array.from({ length: given - taken }, (_, at) => taken + at),
  );
  while (fifo.length > 0) assert.equal(fifo.shift(), taken++);
  assert.deepEqual([fifo.shift(), fifo.head, taken], [undefined, undefined, given]);
});

test('what follows the head is dropped for as long as it fits, and the last are taken by their place', () => {
  const fifo = filled(2000);
  for (let times = 0; times < 500; times += 1) fifo.shift();
  fifo.dropBehindHead((item) => item < 1990);
  assert.deepEqual([fifo.head, fifo.length], [500, 11]);
  assert.deepEqual(fifo.takeFrom(9), [1998, 1999]);
  assert.deepEqual([...fifo], [500, 1990, 1991, 1992, 1993, 1994, 1995, 1996, 1997]);
  const empty = new Fifo<number>();
  empty.dropBehindHead(() => true);
  assert.deepEqual([empty.length, empty.takeFrom(0)], [0, []]);
});

test('taking an item costs the same however many are left', () => {
  const msFor = (count: number) => {
    const fifo = filled(count);
    const startedAt = performance.now();
    while (fifo.shift() !== undefined);
    return performance.now() - startedAt;
  };
  msFor(30_000);
  const few = msFor(30_000);
  const ratio = msFor(600_000) / few;
  // An array's `shift` takes several hundred times as long for twenty times as many.
  assert.ok(ratio < 200, `${ratio} times as long`);
});
