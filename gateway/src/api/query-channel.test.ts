import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { WebSocket } from 'ws';
import { QueryId } from '../../contract/ids.ts';
import { decodeRowBatch, QueryEvent, type QueryRequest } from '../../contract/query-channel.ts';
import { type ScriptedSession, testApi } from './api.fixture.ts';

const FIRST = QueryId.parse(1);
const ROW = Uint8Array.of(0, 0, 0, 2, 0, 0);
const DONE = { status: 'done', transaction: 'idle' } as const;

/** What a channel received, in order: event types, and `rows` for a batch. */
function watch(socket: WebSocket) {
  const received: string[] = [];
  const waiting: Array<{ what: string; resolve: () => void }> = [];
  socket.on('message', (data, isBinary) => {
    const bytes = Buffer.isBuffer(data) ? data : Buffer.alloc(0);
    received.push(isBinary ? `rows ${decodeRowBatch(bytes).rowCount}` : eventName(bytes));
    for (const { what, resolve } of waiting) if (received.includes(what)) resolve();
  });
  const has = (what: string) =>
    new Promise<void>((resolve) => {
      if (received.includes(what)) resolve();
      else waiting.push({ what, resolve });
    });
  return { received, has };
}

function eventName(bytes: Buffer): string {
  const event = QueryEvent.parse(JSON.parse(bytes.toString()));
  return event.type === 'ended' ? `ended ${event.status}` : event.type;
}

const send = (socket: WebSocket, request: QueryRequest) => socket.send(JSON.stringify(request));

test('a run answers in order: columns, rows, complete, ended', async (context) => {
  const api = await testApi(context, async (_text, sink) => {
    sink.columns(0, []);
    await sink.rows(0, 1, ROW);
    sink.complete(0, 'SELECT 1', 1);
    return DONE;
  });
  const socket = api.channel('ana');
  const { received, has } = watch(socket);
  await has('open');
  send(socket, { type: 'run', query: FIRST, text: 'select 1', credit: 4 });
  await has('ended done');
  assert.deepEqual(received, ['open', 'columns', 'rows 1', 'complete', 'ended done']);
  socket.close();
});

test('rows wait for credit', async (context) => {
  let sent = 0;
  const api = await testApi(context, async (_text, sink) => {
    for (let batch = 1; batch <= 3; batch += 1) {
      await sink.rows(0, batch, ROW);
      sent = batch;
    }
    return DONE;
  });
  const socket = api.channel('ana');
  const { received, has } = watch(socket);
  await has('open');
  send(socket, { type: 'run', query: FIRST, text: 'select', credit: 1 });
  await has('rows 1');
  socket.ping();
  await once(socket, 'pong');
  assert.equal(sent, 1);
  assert.deepEqual(received, ['open', 'rows 1']);
  send(socket, { type: 'more', query: FIRST, batches: 2 });
  await has('ended done');
  assert.deepEqual(received, ['open', 'rows 1', 'rows 2', 'rows 3', 'ended done']);
  socket.close();
});

test('cancel reaches the session, drops the rows on their way, and the run still ends', async (context) => {
  const api = await testApi(context, async (_text, sink, cancelled) => {
    await sink.rows(0, 1, ROW);
    await sink.rows(0, 2, ROW);
    await cancelled;
    return { status: 'cancelled', transaction: 'idle' };
  });
  const socket = api.channel('ana');
  const { received, has } = watch(socket);
  await has('open');
  send(socket, { type: 'run', query: FIRST, text: 'select', credit: 1 });
  await has('rows 1');
  send(socket, { type: 'cancel', query: FIRST });
  await has('ended cancelled');
  assert.deepEqual(received, ['open', 'rows 1', 'ended cancelled']);
  socket.close();
});

test('a socket that closes cancels what runs and closes its session', async (context) => {
  const opened = Promise.withResolvers<ScriptedSession>();
  const wasCancelled = Promise.withResolvers<void>();
  const api = await testApi(
    context,
    async (_text, _sink, cancelled) => {
      await cancelled;
      wasCancelled.resolve();
      return DONE;
    },
    opened.resolve,
  );
  const socket = api.channel('ana');
  const { has } = watch(socket);
  await has('open');
  send(socket, { type: 'run', query: FIRST, text: 'select', credit: 1 });
  socket.terminate();
  await wasCancelled.promise;
  await (await opened.promise).closed.promise;
});

test('a revoked sign-in closes the channel with a sentence', async (context) => {
  const api = await testApi(context);
  const socket = api.channel('ana');
  await watch(socket).has('open');
  api.signIns.get('ana')?.revoke();
  const [code, reason] = await once(socket, 'close');
  assert.equal(code, 4401);
  assert.match(String(reason), /Your sign-in has ended/);
});

test('what is refused is refused in HTTP: no token, no such target, no subprotocol, too many', async (context) => {
  const api = await testApi(context);
  const statusOf = async (socket: WebSocket) => {
    const [, response] = await once(socket, 'unexpected-response');
    socket.terminate();
    return response.statusCode;
  };
  for (const [token, target, status] of [
    ['made-up', 'shop', 401],
    ['ana', 'hidden', 404],
    ['ana', 'NOT A NAME', 400],
  ] as const) {
    const socket = api.channel(token, target);
    socket.on('error', () => undefined);
    assert.equal(await statusOf(socket), status);
  }
  const open = [api.channel('ana'), api.channel('ana')];
  await Promise.all(open.map((socket) => watch(socket).has('open')));
  const third = api.channel('ana');
  third.on('error', () => undefined);
  assert.equal(await statusOf(third), 400);
  for (const socket of open) socket.terminate();
});

test('a request that is none, and a second run beside the first, close the channel', async (context) => {
  const api = await testApi(context, async (_text, _sink, cancelled) => {
    await cancelled;
    return DONE;
  });
  const confused = api.channel('ana');
  await watch(confused).has('open');
  confused.send('{"type": "drop"}');
  assert.equal((await once(confused, 'close'))[0], 1008);
  const hasty = api.channel('ana');
  await watch(hasty).has('open');
  send(hasty, { type: 'run', query: FIRST, text: 'a', credit: 1 });
  send(hasty, { type: 'run', query: QueryId.parse(2), text: 'b', credit: 1 });
  assert.equal((await once(hasty, 'close'))[0], 1008);
});

test('a fault in a run is told in general words, and the run ends', async (context) => {
  const faults: unknown[] = [];
  const api = await testApi(
    context,
    async () => {
      throw new Error('a detail of the inside');
    },
    undefined,
    { fault: (error) => faults.push(error) },
  );
  const socket = api.channel('ana');
  const texts: string[] = [];
  socket.on('message', (data) => texts.push(String(data)));
  const { has } = watch(socket);
  await has('open');
  send(socket, { type: 'run', query: FIRST, text: 'a', credit: 1 });
  await has('ended failed');
  assert.equal(faults.length, 1);
  assert.doesNotMatch(texts.join(), /a detail of the inside/);
  socket.close();
});
