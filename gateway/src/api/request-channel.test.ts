import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import type { WebSocket } from 'ws';
import { RequestEvent } from '../../contract/request-endpoints.ts';
import { MemoryRequests, TestClock } from '../core/approvals/approvals.fixture.ts';
import { Approvals } from '../core/approvals/approvals.ts';
import type { Policy } from '../core/policy/policy.ts';
import { draft } from './a-draft.fixture.ts';
import { person, shopOnly, testApi } from './api.fixture.ts';

const ANA = person('ana', ['developers']);
const DORA = { principal: person('dora', ['dba']), groups: ['dba'] };
const NO_BOUNDS = { maxRows: null, windowSeconds: null };

async function bench(context: TestContext) {
  const clock = new TestClock();
  const approvals = new Approvals(new MemoryRequests(), clock);
  const listeners = new Set<(policy: Policy) => void>();
  const unwatched = Promise.withResolvers<void>();
  let policy = shopOnly();
  const api = await testApi(context, undefined, undefined, {
    approvals,
    policy: {
      current: () => policy,
      onChange: (listener) => {
        listeners.add(listener);
        return () => {
          listeners.delete(listener);
          if (listeners.size === 0) unwatched.resolve();
        };
      },
    },
  });
  const activate = (groupsToApprove: Policy['groupsToApprove']) => {
    policy = { ...shopOnly(), groupsToApprove };
    for (const listener of listeners) listener(policy);
  };
  return { api, approvals, clock, unwatched: unwatched.promise, activate };
}

/** The events of a channel, one after the other. */
function reading(socket: WebSocket): () => Promise<RequestEvent> {
  const events: RequestEvent[] = [];
  const waiting: Array<(event: RequestEvent) => void> = [];
  socket.on('message', (data) => {
    const event = RequestEvent.parse(JSON.parse(String(data)));
    const taker = waiting.shift();
    if (taker === undefined) events.push(event);
    else taker(event);
  });
  return () => {
    const event = events.shift();
    return event === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(event);
  };
}

/** What somebody is shown, short: "pending approve,deny". */
function short(event: RequestEvent): string {
  const shown = event.type === 'open' ? event.requests : [event.shown];
  return [event.type, ...shown.map(({ request, acts }) => `${request.status} ${acts.join()}`)]
    .join(' ')
    .trim();
}

test('first all that is not settled, then each change, as each person is shown it', async (context) => {
  const { api, approvals } = await bench(context);
  const early = await approvals.ask(draft(ANA, 'early'));
  const settled = await approvals.ask(draft(ANA, 'settled'));
  await approvals.act(settled.id, { act: 'withdraw' }, { principal: ANA, groups: [] });
  const sockets = ['ana', 'dora', 'audrey', 'nia'].map((name) => api.requestChannel(name));
  const [ana, dora, audrey, nia] = sockets.map(reading) as [Next, Next, Next, Next];
  assert.equal(short(await ana()), 'open pending remark,explain,withdraw');
  assert.equal(short(await dora()), 'open pending approve,deny,propose,remark');
  assert.equal(short(await audrey()), 'open pending');
  assert.equal(short(await nia()), 'open');
  await approvals.act(
    early.id,
    { act: 'approve', effect: early.effect, reason: '', bounds: NO_BOUNDS },
    DORA,
  );
  for (const next of [ana, dora, audrey]) assert.equal(short(await next()), 'request approved');
  const later = await approvals.ask(draft(ANA, 'later'));
  assert.equal(short(await dora()), 'request pending approve,deny,propose,remark');
  await approvals.act(later.id, { act: 'deny', effect: later.effect, reason: 'no' }, DORA);
  assert.equal(short(await dora()), 'request denied');
  const ofNia = await approvals.ask(draft(person('nia', []), 'of nia'));
  const told = await nia();
  assert.equal(told.type === 'request' ? told.shown.request.id : '', ofNia.id);
  for (const socket of sockets) socket.terminate();
});

type Next = () => Promise<RequestEvent>;

test('what lapses is told without anybody asking', async (context) => {
  const { api, approvals, clock } = await bench(context);
  await approvals.ask(draft(ANA, 'one'));
  const socket = api.requestChannel('dora');
  const next = reading(socket);
  await next();
  clock.pass(900_000);
  assert.equal(short(await next()), 'request lapsed');
  socket.terminate();
});

test('a policy that changes who decides is told at once, and takes sight away without a word', async (context) => {
  const { api, approvals, activate } = await bench(context);
  const request = await approvals.ask(draft(ANA, 'one'));
  const sockets = [api.requestChannel('nia'), api.requestChannel('dora')];
  const [nia, dora] = sockets.map(reading) as [Next, Next];
  assert.equal(short(await nia()), 'open');
  await dora();
  activate(({ name }) => (name === 'nia' ? ['dba'] : []));
  assert.equal(short(await nia()), 'request pending approve,deny,propose,remark');
  await approvals.act(request.id, { act: 'withdraw' }, { principal: ANA, groups: [] });
  assert.equal(short(await nia()), 'request withdrawn');
  activate(() => ['dba']);
  await approvals.ask(draft(ANA, 'two'));
  const told = await dora();
  assert.equal(told.type === 'request' && told.shown.request.effect, 'effect of two');
  for (const socket of sockets) socket.terminate();
});

test('a sign-in that ends closes the channel, and nothing is left watching', async (context) => {
  const { api, unwatched } = await bench(context);
  const socket = api.requestChannel('dora');
  await reading(socket)();
  api.signIns.get('dora')?.revoke();
  const [code, reason] = await once(socket, 'close');
  assert.equal(code, 4401);
  assert.match(String(reason), /Your sign-in has ended/);
  await unwatched;
});

test('a slow reader hears the newest state, not every one, and the gateway keeps no more', async (context) => {
  const { api, approvals } = await bench(context);
  const request = await approvals.ask(draft(ANA, 'one'));
  const socket = api.requestChannel('dora');
  const next = reading(socket);
  await next();
  socket.pause();
  const changes = 40;
  for (let at = 0; at < changes; at += 1) {
    const reason = `${at} ${'x'.repeat(500_000)}`;
    await approvals.act(request.id, { act: 'explain', reason, ticket: '' }, { principal: ANA, groups: [] });
  }
  socket.resume();
  let events = 0;
  for (let revision = 0; revision < changes; events += 1) {
    const event = await next();
    assert.ok(event.type === 'request' && event.shown.request.revision > revision);
    revision = event.shown.request.revision;
  }
  assert.ok(events < changes, `${events} of ${changes}`);
  socket.terminate();
});

test('refused in HTTP: no token, no subprotocol, too many; a client that sends anything is closed', async (context) => {
  const { api } = await bench(context);
  const refusedWith = async (socket: WebSocket) => {
    socket.on('error', () => undefined);
    const [, response] = await once(socket, 'unexpected-response');
    socket.terminate();
    return response.statusCode;
  };
  assert.equal(await refusedWith(api.requestChannel('made-up')), 401);
  const open = [api.requestChannel('dora'), api.requestChannel('dora')];
  await Promise.all(open.map((socket) => reading(socket)()));
  assert.equal(await refusedWith(api.requestChannel('dora')), 400);
  open[0]?.send('approve');
  assert.equal((await once(open[0] ?? assert.fail(), 'close'))[0], 1008);
  open[1]?.terminate();
});
