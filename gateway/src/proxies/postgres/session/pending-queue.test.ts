import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pending } from './pending.ts';
import { PendingQueue } from './pending-queue.ts';
import { Question } from './question.ts';

const sync = (inCopy = false): Pending => ({ kind: 'sync', inCopy });
const question = (): Pending => ({ kind: 'question', question: new Question(true) });
const close: Pending = { kind: 'close', to: 'client', masked: true, undo: () => undefined };

test('what was not sent is told from what was, whatever of both is answered or dropped', () => {
  const queue = new PendingQueue();
  const asked = question();
  queue.push(close, sync(true), asked);
  queue.sent();
  queue.push(close, close);
  queue.dropSyncsBehindHead(() => true);
  queue.shift();
  assert.deepEqual([queue.head, queue.takeUnsent()], [asked, [close, close]]);
  assert.deepEqual([queue.takeUnsent(), queue.takeAll()], [[], [asked]]);
  queue.push(asked);
  queue.sent();
  queue.push(sync(true), sync(), close);
  queue.dropSyncsBehindHead(({ inCopy }) => inCopy);
  assert.deepEqual(queue.takeUnsent(), [sync(), close]);
  queue.sent();
  queue.push(close, close);
  queue.shift();
  queue.shift();
  assert.deepEqual(queue.takeUnsent(), [close]);
});

test('it is known what is owed, without looking through all of it', () => {
  const queue = new PendingQueue();
  const known = () => [queue.has('masked'), queue.has('question'), queue.has('statement')];
  assert.deepEqual(known(), [false, false, false]);
  queue.push(question(), close, { kind: 'query', runs: [], at: 0 });
  assert.deepEqual(known(), [true, true, true]);
  queue.shift();
  queue.shift();
  assert.deepEqual(known(), [false, false, true]);
  queue.push(close);
  queue.takeAll();
  assert.deepEqual(known(), [false, false, false]);
});
