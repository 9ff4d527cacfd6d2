import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { SluiceError } from '../../gateway/contract/error.ts';
import { ChannelClosed, openChannel, type Transport } from './channel.ts';
import { request } from './protocol.ts';

const client = {
  requests: {
    double: request(z.object({ value: z.number() }), z.object({ value: z.number() })),
    fail: request(z.object({ how: z.enum(['coded', 'plain']) }), z.object({})),
    hang: request(z.object({}), z.object({})),
  },
  events: { typed: z.object({ text: z.string() }) },
};
const server = { requests: {}, events: { grew: z.object({ rows: z.int() }) } };

/** Two transports joined back to back. Messages pass through JSON, as they do between windows. */
function wire(): { near: Transport; far: Transport; injectFar: (message: unknown) => void } {
  const ends = [new Set<(message: unknown) => void>(), new Set<(message: unknown) => void>()] as const;
  const deliver = (to: 0 | 1, message: unknown) => {
    const copy: unknown = JSON.parse(JSON.stringify(message));
    queueMicrotask(() => {
      for (const listener of ends[to]) listener(copy);
    });
  };
  const end = (own: 0 | 1, other: 0 | 1): Transport => ({
    post: (message) => deliver(other, message),
    listen: (listener) => {
      ends[own].add(listener);
      return () => ends[own].delete(listener);
    },
  });
  return { near: end(0, 1), far: end(1, 0), injectFar: (message) => deliver(1, message) };
}

function pair() {
  const { near, far, injectFar } = wire();
  const heard: unknown[] = [];
  const malformed: unknown[] = [];
  const timers: (() => void)[] = [];
  const asking = openChannel({
    transport: near,
    mine: client,
    theirs: server,
    handlers: { requests: {}, events: { grew: (body) => heard.push(body) } },
    schedule: (action) => {
      timers.push(action);
      return () => timers.splice(timers.indexOf(action), 1);
    },
  });
  const serving = openChannel({
    transport: far,
    mine: server,
    theirs: client,
    handlers: {
      requests: {
        double: ({ value }) => ({ value: value * 2 }),
        fail: ({ how }) => {
          throw how === 'coded'
            ? new SluiceError('request.notFound', 'gone', 'run it again')
            : new Error('oops');
        },
        hang: () => new Promise<Record<string, never>>(() => {}),
      },
      events: { typed: (body) => heard.push(body) },
    },
    onMalformed: (error) => malformed.push(error),
  });
  return { asking, serving, heard, malformed, timers, injectFar };
}

test('answers, in whatever order, reach their questions', async () => {
  const { asking } = pair();
  const [a, b] = await Promise.all([asking.ask('double', { value: 2 }), asking.ask('double', { value: 5 })]);
  assert.deepEqual([a, b], [{ value: 4 }, { value: 10 }]);
});

test('events go both ways', async () => {
  const { asking, serving, heard } = pair();
  asking.tell('typed', { text: 'a' });
  serving.tell('grew', { rows: 3 });
  await asking.ask('double', { value: 0 });
  assert.deepEqual(heard, [{ text: 'a' }, { rows: 3 }]);
});

test('a throw becomes an error, and a coded one keeps its code and advice', async () => {
  const { asking } = pair();
  await assert.rejects(asking.ask('fail', { how: 'coded' }), {
    code: 'request.notFound',
    message: 'gone',
    next: 'run it again',
  });
  await assert.rejects(asking.ask('fail', { how: 'plain' }), { code: 'internal.fault', message: 'oops' });
});

test('silence ends in a time-out and its clock is stopped by an answer', async () => {
  const { asking, timers } = pair();
  await asking.ask('double', { value: 1 });
  assert.equal(timers.length, 0);
  const waiting = asking.ask('hang', {});
  timers[0]?.();
  await assert.rejects(waiting, /No answer to "hang" within 30 s/);
});

test('dispose rejects what waits and whatever is asked later', async () => {
  const { asking, timers } = pair();
  const waiting = asking.ask('hang', {});
  asking.dispose();
  await assert.rejects(waiting, ChannelClosed);
  await assert.rejects(asking.ask('double', { value: 1 }), ChannelClosed);
  assert.equal(timers.length, 0);
});

test('what fits no schema is dropped, or refused when it was a question', async () => {
  const { asking, injectFar, malformed, heard } = pair();
  const hostile = [
    null,
    7,
    'x',
    {},
    { id: 1 },
    { event: 'constructor', body: {} },
    { event: 'typed', body: 1 },
  ];
  for (const message of hostile) injectFar(message);
  injectFar({ replyTo: 99, ok: {} });
  await asking.ask('double', { value: 1 });
  assert.equal(malformed.length, hostile.length);
  assert.deepEqual(heard, []);
  const wrong = { value: 'two' } as unknown;
  await assert.rejects(asking.ask('double', wrong as { value: number }), { code: 'internal.fault' });
});
