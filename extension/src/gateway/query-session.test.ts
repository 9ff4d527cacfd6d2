import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SluiceError } from '../../../gateway/contract/error.ts';
import { TargetName } from '../../../gateway/contract/ids.ts';
import { batchOf } from '../results/row-batch.fixture.ts';
import { type FixtureGateway, startGateway } from './gateway.fixture.ts';
import { QuerySession, type RunEvent, type RunSink } from './query-session.ts';

const shop = TargetName.parse('shop');
let gateway: FixtureGateway;
before(async () => {
  gateway = await startGateway();
});
after(() => gateway.close());

function collect() {
  const seen: string[] = [];
  const sink: RunSink = {
    event: (event: RunEvent) => void seen.push(event.type),
    rows: async (batch) => {
      await new Promise((turn) => setImmediate(turn));
      seen.push(`rows ${batch.rowCount}`);
    },
  };
  return { seen, sink };
}

test('events and rows arrive in order, and each kept batch gives credit for one more', async () => {
  let sent = 0;
  let ended = false;
  gateway.script = (request, session) => {
    const { query } = request;
    if (request.type === 'run') {
      session.event({ type: 'columns', query, index: 0, columns: [] });
      for (; sent < request.credit; sent++)
        session.rows({ query, index: 0, rowCount: 1, rows: batchOf([['a']]) });
    } else if (request.type === 'more' && sent < 9) {
      sent += request.batches;
      session.rows({ query, index: 0, rowCount: 1, rows: batchOf([['b']]) });
    } else if (!ended) {
      ended = true;
      session.event({ type: 'complete', query, index: 0, tag: 'SELECT 9', rows: 9 });
      session.event({ type: 'ended', query, status: 'done', transaction: 'idle' });
    }
  };
  const session = await QuerySession.open(gateway.url, shop, 'good');
  const { seen, sink } = collect();
  const end = await session.run('select', sink);
  assert.equal(end.status, 'done');
  assert.deepEqual(seen, ['columns', ...Array(9).fill('rows 1'), 'complete']);
  assert.equal(session.isRunning, false);
  session.close();
});

test('cancel goes to the server, and the run ends when the server says so', async () => {
  gateway.script = (request, session) => {
    if (request.type !== 'cancel') return;
    session.event({ type: 'ended', query: request.query, status: 'cancelled', transaction: 'idle' });
  };
  const session = await QuerySession.open(gateway.url, shop, 'good');
  const run = session.run('select pg_sleep(60)', collect().sink);
  session.cancel();
  assert.equal((await run).status, 'cancelled');
  session.close();
});

test('one run at a time', async () => {
  const session = await QuerySession.open(gateway.url, shop, 'good');
  const first = session.run('select 1', collect().sink);
  await assert.rejects(session.run('select 2', collect().sink), /still runs/);
  session.close();
  await assert.rejects(first, /has ended/);
});

test('a session lost in mid-run rejects the run with the gateway’s reason', async () => {
  gateway.script = (_request, session) => {
    const body = { code: 'record.unavailable', message: 'The record cannot be kept.', next: 'Wait.' };
    session.socket.close(1011, JSON.stringify(body));
  };
  const session = await QuerySession.open(gateway.url, shop, 'good');
  const closed = new Promise((resolve) => session.onClosed(resolve));
  await assert.rejects(
    session.run('select 1', collect().sink),
    (error) => error instanceof SluiceError && error.code === 'record.unavailable',
  );
  await closed;
  assert.equal(session.isOpen, false);
});

test('an event that is not in the contract ends the session instead of being guessed at', async () => {
  gateway.script = (_request, session) => session.socket.send('{"type":"surprise"}');
  const session = await QuerySession.open(gateway.url, shop, 'good');
  await assert.rejects(session.run('select 1', collect().sink), /does not understand/);
});

test('a refused sign-in is told as such; an absent gateway too', async () => {
  const code = (wanted: string) => (error: unknown) => error instanceof SluiceError && error.code === wanted;
  await assert.rejects(QuerySession.open(gateway.url, shop, 'bad'), code('identity.tokenInvalid'));
  await assert.rejects(QuerySession.open('http://127.0.0.1:1', shop, 'good'), code('target.unreachable'));
});

test('opening can be given up', async () => {
  const giveUp = new AbortController();
  const opening = QuerySession.open(gateway.url, shop, 'good', giveUp.signal);
  giveUp.abort(new Error('given up'));
  await assert.rejects(opening, /given up/);
});

test('a sign-in that has ended, and a gateway that stops, are told in its words', async () => {
  const closing = async (code: number, reason: string) => {
    gateway.script = (_request, session) => session.socket.close(code, reason);
    const session = await QuerySession.open(gateway.url, shop, 'good');
    return session.run('select 1', collect().sink).catch((error: unknown) => error);
  };
  const ended = await closing(4401, 'Your sign-in has ended.');
  assert.ok(ended instanceof SluiceError && ended.code === 'identity.tokenInvalid');
  const stopped = await closing(1001, 'The gateway is stopping.');
  assert.ok(stopped instanceof SluiceError);
  assert.equal(stopped.message, 'The session on this target has ended: The gateway is stopping.');
});
