import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { writeTogether } from './writes-together.ts';

/** Two ends of a connection. */
async function pair(opened: AsyncDisposableStack): Promise<[Socket, Socket]> {
  const server = createServer({ noDelay: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.defer(() => void server.close());
  const address = server.address();
  const near = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  const [far]: [Socket] = await once(server, 'connection').then(([socket]) => [socket]);
  opened.defer(() => void near.destroy());
  opened.defer(() => void far.destroy());
  return [near, far];
}

test('what is written in one turn arrives as one, in its order, and so does what follows', async () => {
  await using opened = new AsyncDisposableStack();
  const [near, far] = await pair(opened);
  writeTogether(near);
  for (const count of [1, 3, 200]) {
    const parts = Array.from({ length: count }, (_, index) => Buffer.from(`${index},`));
    for (const part of parts) near.write(part);
    const [arrived] = await once(far, 'data');
    assert.equal(String(arrived), parts.join(''));
  }
});

test('an end takes along what was written before it, and one that is half closed writes no more', async () => {
  await using opened = new AsyncDisposableStack();
  const [near, far] = await pair(opened);
  writeTogether(near);
  near.write(Buffer.from('one '));
  near.end(Buffer.from('two'));
  assert.equal((await buffer(far)).toString(), 'one two');
  const [other, its] = await pair(opened);
  writeTogether(other);
  other.resume();
  const failed = once(other, 'error');
  its.end();
  await once(other, 'end');
  other.write(Buffer.from('late'));
  const [why] = await failed;
  assert.match(String(why), /ended by the other party/);
});
