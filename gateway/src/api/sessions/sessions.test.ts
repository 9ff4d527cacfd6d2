import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';
import { SessionId } from '../../../contract/ids.ts';
import {
  SESSION_CHANNEL_PATH,
  SESSION_CHANNEL_SUBPROTOCOL,
  SessionEvent,
  WATCH_CHANNEL_SUBPROTOCOL,
  WatchEvent,
  watchChannelPath,
} from '../../../contract/session-endpoints.ts';
import { TapeFiles } from '../../adapters/recordings/tape-files.ts';
import { EventLog } from '../../core/recording/event-log.ts';
import type { Recorder } from '../../core/recording/recorder.ts';
import { Sessions } from '../../core/sessions/sessions.ts';
import { person, SHOP, TestSignIn, testApi } from '../api.fixture.ts';

const ANA = person('ana', ['developers']);
const ID = SessionId.parse('session-1');

/** A session of Ana's with one recorded terminal; Audrey is an auditor, Dora and Dan run the gateway. */
async function bench(context: TestContext) {
  const sessions = new Sessions();
  const tapes = new TapeFiles({
    folder: mkdtempSync(join(tmpdir(), 'sluice-api-tapes-')),
    maxBytes: 1_000_000,
  });
  const kept: string[] = [];
  const recorder: Recorder = {
    open: () => ({ durable: async () => undefined }),
    close: async () => undefined,
    keep: async () => assert.fail('what is done to a session is no action on its target'),
    note: async ({ by, fact }) => {
      if (fact.kind === 'adminAct') kept.push(`${by?.name}: ${fact.act}`);
      if (fact.kind !== 'sessionAct') return;
      kept.push(
        `${by?.name}: ${fact.act} ${fact.session} of ${fact.of.name} on ${fact.target}: ${fact.reason}`,
      );
    },
  };
  const api = await testApi(context, undefined, undefined, {
    sessions,
    recordings: tapes,
    events: new EventLog(recorder, () => new Date(0)),
    adminGroups: ['dba'],
  });
  const live = sessions.open({
    session: {
      id: ID,
      surface: 'ssh',
      principal: new TestSignIn(ANA),
      target: { name: SHOP, kind: 'ssh', labels: {} },
      network: '127.0.0.1',
    },
    account: 'deploy',
    canBeLocked: true,
    end: () => live.close(),
    now: () => new Date(0),
  });
  const origin = { session: ID, terminal: live.addTerminal(), principal: ANA.id, target: SHOP };
  const tape = tapes.begin(
    { ...origin, title: 'ana', columns: 80, rows: 24, term: 'xterm' },
    () => undefined,
  );
  context.after(() => tapes.close());
  const act = (who: string, what: string, reason = 'because') =>
    api.get(`/v1/sessions/${ID}/${what}`, who, {
      method: 'POST',
      body: JSON.stringify({ reason }),
      headers: { 'content-type': 'application/json' },
    });
  const socket = (path: string, subprotocol: string, token: string) =>
    new WebSocket(`${api.url.replace('http', 'ws')}${path}`, subprotocol, {
      headers: { authorization: `Bearer ${token}` },
    });
  return { api, live, tape, kept, act, socket };
}

async function* eventsOf(socket: WebSocket): AsyncGenerator<unknown> {
  const events: unknown[] = [];
  let wake = () => {};
  let isClosed = false;
  socket.on('message', (data) => {
    events.push(JSON.parse(String(data)));
    wake();
  });
  socket.once('close', () => {
    isClosed = true;
    wake();
  });
  for (;;) {
    if (events.length > 0) yield events.shift();
    else if (isClosed) return;
    else
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  }
}

test('everybody sees their own sessions, administrators and auditors all; others none', async (context) => {
  const { api } = await bench(context);
  const seen = async (who: string) => JSON.stringify((await api.get('/v1/sessions', who)).body);
  for (const who of ['ana', 'audrey', 'dora']) assert.match(await seen(who), /"id":"session-1"/, who);
  assert.equal(await seen('nia'), '{"sessions":[]}');
  assert.equal((await api.get('/v1/sessions', 'dora.page')).status, 403);
});

test('administrators end, lock and unlock; auditors and strangers do not; each act is in the log', async (context) => {
  const { live, kept, act } = await bench(context);
  for (const what of ['end', 'lock', 'unlock']) {
    assert.equal((await act('audrey', what)).status, 403, what);
    assert.equal((await act('nia', what)).status, 404, what);
  }
  assert.equal((await act('ana', 'lock')).status, 403);
  assert.equal((await act('dora', 'lock', '')).status, 400);
  assert.equal((await act('dora', 'lock', 'look at this')).status, 200);
  assert.equal(live.lock?.reason, 'look at this');
  assert.equal((await act('dora', 'lock')).status, 403, 'it is locked already');
  assert.equal((await act('ana', 'unlock')).status, 403);
  assert.equal((await act('dan', 'unlock')).status, 200);
  assert.equal(live.lock, null);
  assert.equal((await act('ana', 'end', 'done')).status, 200);
  assert.equal((await act('dora', 'end')).status, 404);
  assert.deepEqual(kept, [
    'dora: lock session-1 of ana on shop: look at this',
    'dan: unlock session-1 of ana on shop: because',
    'ana: end session-1 of ana on shop: done',
  ]);
});

test('nobody takes a lock off their own session, administrators included', async (context) => {
  const { api, live, act } = await bench(context);
  api.signIns.set('ana', new TestSignIn({ ...ANA, groups: ['dba'] }));
  live.lockBy({ id: person('dora', []).id, name: 'dora' }, 'wait');
  assert.equal((await act('ana', 'unlock')).status, 403);
});

test('a recording is had by its person, administrators and auditors, also once it has ended', async (context) => {
  const { api, live, tape, kept } = await bench(context);
  tape.output(Buffer.from('shown'));
  const path = `/v1/sessions/${ID}/recording`;
  const download = (who: string) => fetch(api.url + path, { headers: { authorization: `Bearer ${who}` } });
  for (const who of ['ana', 'audrey', 'dora']) {
    const response = await download(who);
    assert.equal(response.headers.get('content-type'), 'application/x-asciicast');
    assert.match(await response.text(), /^\{"version":2[\s\S]*"shown"\]\n$/);
  }
  await tape.end();
  live.close();
  assert.equal((await download('audrey')).status, 200);
  const read = `read the recording of terminal 1 of session ${ID} of person:ana`;
  assert.deepEqual(kept, [`audrey: ${read}`, `dora: ${read}`]);
  assert.equal((await api.get(path, 'nia')).status, 404);
  assert.equal((await api.get(`${path}?terminal=2`, 'ana')).status, 404);
  assert.equal((await api.get(`${path}?terminal=x`, 'ana')).status, 400);
  assert.equal((await api.get('/v1/sessions/..%2f..%2fkeys/recording', 'audrey')).status === 200, false);
});

test('the channel of sessions tells what opens, changes and ends, to whom it concerns', async (context) => {
  const { live, act, socket } = await bench(context);
  const events = eventsOf(socket(SESSION_CHANNEL_PATH, SESSION_CHANNEL_SUBPROTOCOL, 'ana'));
  const next = async () => SessionEvent.parse((await events.next()).value);
  const first = await next();
  assert.deepEqual([first.type, first.type === 'open' && first.sessions.length], ['open', 1]);
  const stop = live.begin('sleep 600');
  const running = await next();
  assert.deepEqual(running.type === 'session' && running.session.running, ['sleep 600']);
  stop();
  await next();
  await act('dora', 'end', 'enough');
  assert.deepEqual(await next(), { type: 'closed', session: ID, why: 'dora has ended this session: enough' });
});

test('who watches sees what was and what is, is named, and is let go when their sign-in ends', async (context) => {
  const { api, live, tape, socket } = await bench(context);
  tape.output(Buffer.from('before'));
  const watching = socket(watchChannelPath(ID), WATCH_CHANNEL_SUBPROTOCOL, 'audrey');
  const events = eventsOf(watching);
  const next = async () => WatchEvent.parse((await events.next()).value);
  const seen: string[] = [];
  for (let event = await next(); event.type !== 'live'; event = await next())
    if (event.type === 'tape') seen.push(event.lines);
  assert.match(seen.join(''), /^\{"version":2[\s\S]*"before"\]\n$/);
  assert.deepEqual(
    live.watchers.map(({ name }) => name),
    ['audrey'],
  );
  tape.output(Buffer.from('after'));
  const after = await next();
  assert.match(after.type === 'tape' ? after.lines : '', /"after"/);
  const closed = once(watching, 'close');
  api.signIns.get('audrey')?.revoke();
  const [code] = await closed;
  assert.equal(code, 4401);
  await context.waitFor(() => assert.deepEqual(live.watchers, []));
});

test('who leaves the auditors is shown nothing more', async (context) => {
  const { api, tape, socket } = await bench(context);
  const audrey = person('audrey', ['auditors']);
  api.signIns.set(
    'audrey',
    new (class extends TestSignIn {
      override current = () => audrey;
    })(audrey),
  );
  const watching = socket(watchChannelPath(ID), WATCH_CHANNEL_SUBPROTOCOL, 'audrey');
  const events = eventsOf(watching);
  let seen = '';
  const closed = once(watching, 'close');
  for await (const event of events) {
    seen += JSON.stringify(event);
    if (WatchEvent.parse(event).type !== 'live') continue;
    audrey.groups.length = 0;
    tape.output(Buffer.from('secret'));
  }
  const [code] = await closed;
  assert.deepEqual([code, seen.includes('secret')], [4401, false]);
});

test('who may not watch is refused before anything is shown', async (context) => {
  const { live, socket } = await bench(context);
  for (const [path, who, status] of [
    [watchChannelPath(ID), 'nia', 404],
    [watchChannelPath(SessionId.parse('session-2')), 'audrey', 404],
    [`${watchChannelPath(ID)}?terminal=0`, 'audrey', 400],
  ] as const) {
    const [, response] = await once(socket(path, WATCH_CHANNEL_SUBPROTOCOL, who), 'unexpected-response');
    assert.equal(response.statusCode, status);
    response.destroy();
  }
  assert.deepEqual(live.watchers, []);
});
