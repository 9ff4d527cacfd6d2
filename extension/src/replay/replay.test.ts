import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { WebSocketServer } from 'ws';
import { readEvent, readHeader } from '../../../gateway/contract/asciicast.ts';
import { ActionRecord } from '../../../gateway/contract/record.ts';
import { LiveSession } from '../../../gateway/contract/session-endpoints.ts';
import { castOfActions } from './action-cast.ts';
import { PIECE_CHARACTERS } from './cast.ts';
import { DownloadedCast } from './downloaded-cast.ts';
import { replayOf } from './replay-session.ts';
import { inWords, summarised } from './sessions.ts';
import { WatchedCast } from './watched-cast.ts';

function record(part: Record<string, unknown> = {}): ActionRecord {
  return ActionRecord.parse({
    id: 'r1',
    at: '2026-01-01T10:00:00.000Z',
    sessionId: 's1',
    surface: 'editor',
    principal: 'person:ana@shop.example',
    principalName: 'Ana',
    target: 'shop',
    statement: 'select 1',
    facts: null,
    decision: {
      outcome: 'allow',
      rules: [],
      masks: [],
      asks: [],
      sentence: 'Allowed.',
      next: '',
      policyVersion: 'p',
    },
    outcome: { status: 'done', sqlState: null, rows: 1, bytes: 1, durationMs: 5 },
    ...part,
  });
}

const live = LiveSession.parse({
  id: 's2',
  who: { id: 'person:ana@shop.example', name: 'Ana' },
  actsFor: null,
  surface: 'ssh',
  target: 'web',
  account: 'deploy',
  network: '127.0.0.1',
  since: '2026-01-01T12:00:00.000Z',
  running: [],
  terminals: [1],
  lock: null,
  watchers: [],
  acts: ['watch'],
});

const refused = record({
  id: 'r2',
  at: '2026-01-01T10:00:07.500Z',
  statement: 'drop table x',
  outcome: { status: 'refused', sqlState: null, rows: 0, bytes: 0, durationMs: 0 },
});

test('records become sessions, newest first, with those that are open', () => {
  const sessions = summarised([refused, record()], [live]);
  assert.deepEqual(
    sessions.map((one) => `${one.id}: ${inWords(one)}`),
    ['s2: open now · 0 actions', 's1: 2 actions · 1 refused'],
  );
  assert.equal(sessions[1]?.toMs, Date.parse('2026-01-01T10:00:07.500Z'));
});

test('a replay counts from the session’s begin, and knows what has a recording', () => {
  const found = { records: [record(), refused], live: null };
  const replay = replayOf(refused.sessionId, found);
  assert.deepEqual([replay.kind, replay.terminals], ['database', []]);
  assert.deepEqual(
    replay.actions.map(({ atS }) => atS),
    [0, 7.5],
  );
  const typed = record({ surface: 'ssh', recording: { terminal: 2, atS: 3.25 } });
  const terminal = replayOf(typed.sessionId, { records: [typed], live: null });
  assert.deepEqual([terminal.kind, terminal.terminals, terminal.actions[0]?.atS], ['terminal', [2], 3.25]);
  assert.deepEqual(replayOf(live.id, { records: [], live }).isLive, true);
});

test('statements are exported as a recording that holds what was shown, and no order to a terminal', () => {
  const answer = {
    columns: ['id', 'name'],
    rows: [
      ['1', 'a\u001b]52;c;x\u0007b'],
      ['2', null],
    ],
    isCut: true,
  };
  const shown = record({
    outcome: { status: 'done', sqlState: null, rows: 9, bytes: 1, durationMs: 5, answer },
  });
  const [header = '', ...events] = [
    ...castOfActions(shown.sessionId, { records: [shown, refused], live: null }),
  ];
  assert.equal(readHeader(header)?.title, 'Ana on shop');
  const read = events.map((line) => readEvent(line));
  const text = read.map((event) => (event?.kind === 'output' ? event.text : '')).join('');
  assert.match(text, /shop=> select 1\r\n-- Allowed\.\r\n id \| name/);
  assert.match(text, / 2 {2}\| NULL\r\n …\r\n\(9 rows\)/);
  assert.equal(text.includes('\u001b') || text.includes('\u0007'), false);
  assert.deepEqual(
    read.map((event) => event?.atS),
    [0, 0, 0, 0, 0.005, 7.5, 7.5, 7.5, 7.5, 7.5],
  );
});

test('a download is read in whole lines, as fast as it is taken, and a last line that was cut off is left out', async () => {
  const line = `[1,"o","${'ä'.repeat(1000)}"]\n`;
  const whole = `${line.repeat(600)}[2,"o","cut of`;
  const bytes = new TextEncoder().encode(whole);
  let pulled = 0;
  const cast = new DownloadedCast(
    new ReadableStream({
      pull: (controller) => {
        const part = bytes.subarray(pulled, pulled + 70_001);
        pulled += part.byteLength;
        if (part.byteLength === 0) controller.close();
        else controller.enqueue(part);
      },
    }),
  );
  const first = await cast.read();
  assert.ok(first.lines.endsWith('\n') && first.lines.length <= PIECE_CHARACTERS + 1);
  assert.ok(pulled < bytes.byteLength, 'what is not taken is not read');
  let all = first.lines;
  for (let piece = first; piece.at !== 'ended'; ) {
    piece = await cast.read();
    all += piece.lines;
  }
  assert.equal(all, line.repeat(600));
});

/** A gateway's watch channel that says these frames, then closes. */
async function watched(context: TestContext, frames: readonly string[], code = 1000, reason = '') {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  context.after(() => server.close());
  await once(server, 'listening');
  server.on('connection', (socket) => {
    for (const frame of frames) socket.send(frame);
    socket.close(code, reason);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return new WatchedCast({ url: `http://127.0.0.1:${port}`, token: 't', session: live.id, terminal: 1 });
}

async function allOf(cast: WatchedCast): Promise<string> {
  for (let lines = ''; ; ) {
    const piece = await cast.read();
    lines += piece.lines;
    if (piece.at === 'ended') return lines;
  }
}

test('a terminal is watched until it has ended', async (context) => {
  const frames = ['{"type":"tape","lines":"a\\n"}', '{"type":"live"}', '{"type":"tape","lines":"b\\n"}'];
  assert.equal(await allOf(await watched(context, [...frames, '{"type":"ended"}'])), 'a\nb\n');
});

test('who is shut out, cut off, or told nonsense reads why, behind what came before', async (context) => {
  const tape = '{"type":"tape","lines":"a\\n"}';
  const cut = await watched(context, [tape], 4401, 'Your sign-in has ended.');
  await assert.rejects(allOf(cut), /Your sign-in has ended/);
  await assert.rejects(allOf(await watched(context, ['no json'])), /does not understand/);
  const nobody = new WatchedCast({ url: 'http://127.0.0.1:1', token: 't', session: live.id, terminal: 1 });
  await assert.rejects(allOf(nobody), /does not answer/);
});
