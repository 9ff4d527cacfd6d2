import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { keepEarlyRequests } from './early-requests.ts';

test('what is asked for early is asked again in its order, once somebody listens', () => {
  const client = new EventEmitter();
  const early = keepEarlyRequests(client);
  client.emit('tcpip', 'accept', 'reject', 1);
  client.emit('session', 'accept', 'reject', 2);
  client.emit('request', 'accept', 'reject', 'tcpip-forward', 3);
  const seen: unknown[] = [];
  for (const event of ['session', 'tcpip', 'request'])
    client.on(event, (...asked) => seen.push([event, asked.at(-1)]));
  early.release();
  client.emit('session', 'accept', 'reject', 4);
  assert.deepEqual(seen, [
    ['tcpip', 1],
    ['session', 2],
    ['request', 3],
    ['session', 4],
  ]);
});

test('what is too much is refused', () => {
  const client = new EventEmitter();
  keepEarlyRequests(client);
  let refused = 0;
  for (let count = 0; count < 150; count += 1)
    client.emit(
      'session',
      () => undefined,
      () => (refused += 1),
    );
  assert.equal(refused, 50);
});

test('whether the client has left meanwhile is known', () => {
  const client = new EventEmitter();
  const early = keepEarlyRequests(client);
  assert.equal(early.hasLeft(), false);
  client.emit('close');
  assert.equal(early.hasLeft(), true);
});
