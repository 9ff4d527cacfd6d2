import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openChannel } from '../../../../../extension/contract/channel.ts';
import {
  ReplaySession,
  replayHost,
  replayView,
  type TapePiece,
} from '../../../../../extension/contract/replay-messages.ts';
import { createStore } from '../../../store.ts';
import { Replay } from './replay.ts';
import { textOf } from './screen-rows.ts';
import { INITIAL } from './state.ts';
import { TerminalStage } from './terminal-stage.ts';

const HEADER = '{"version":2,"width":80,"height":24}\n';

function session(part: object = {}): ReplaySession {
  const base = { id: 's', who: 'Ana', target: 'web', kind: 'terminal', startedAt: '2026-01-01T10:00:00Z' };
  return ReplaySession.parse({ ...base, isLive: false, terminals: [1], actions: [], ...part });
}

/** Two ends of a channel in one place. */
function transports() {
  const heard = [new Set<(message: unknown) => void>(), new Set<(message: unknown) => void>()] as const;
  const end = (mine: 0 | 1) => ({
    post: (message: unknown) =>
      queueMicrotask(() => {
        for (const listener of heard[mine === 0 ? 1 : 0]) listener(message);
      }),
    listen: (listener: (message: unknown) => void) => {
      heard[mine].add(listener);
      return () => void heard[mine].delete(listener);
    },
  });
  return [end(0), end(1)] as const;
}

/** A replay whose host gives these pieces, whose clock and frames the test moves. */
function bench(context: TestContext, pieces: (TapePiece | Promise<TapePiece>)[]) {
  const [host, view] = transports();
  const asked: string[] = [];
  const ends = [
    openChannel({
      transport: host,
      mine: replayHost,
      theirs: replayView,
      handlers: {
        requests: {
          ready: () => session(),
          open: () => ({}),
          read: async () => (await pieces.shift()) ?? { lines: '', at: 'ended' as const },
          answer: ({ record }) => {
            asked.push(record);
            return { columns: ['id'], rows: [['1']], isCut: false };
          },
          export: () => ({}),
        },
        events: {},
      },
    }),
  ];
  const channel = openChannel({
    transport: view,
    mine: replayView,
    theirs: replayHost,
    handlers: { requests: {}, events: { session: () => undefined, show: () => undefined } },
  });
  context.after(() => {
    for (const end of [...ends, channel]) end.dispose();
  });
  const store = createStore(INITIAL);
  const frames: (() => void)[] = [];
  let nowMs = 0;
  const replay = new Replay({
    store,
    ask: channel.ask,
    newTerminal: async () => new TerminalStage(),
    announce: () => undefined,
    now: () => nowMs,
    onFrame: (draw) => void frames.push(draw),
  });
  const until = (what: () => boolean) =>
    new Promise<void>((resolve) => {
      const stop = store.subscribe(() => look());
      const look = () => {
        if (!what()) return;
        stop();
        resolve();
      };
      look();
    });
  /** Lets time pass, and the next frame be drawn. */
  const frame = async (ms: number) => {
    await context.waitFor(() => assert.ok(frames.length > 0), { interval: 1 });
    nowMs += ms;
    const { drawn } = store.get();
    frames.shift()?.();
    await until(() => store.get().drawn > drawn);
  };
  const shown = () => (replay.terminal === null ? '' : textOf(replay.terminal));
  return { replay, store, asked, frame, until, shown };
}

test('it plays to the end, over idle times, and from the begin again', async (context) => {
  const lines = `${HEADER}[1,"o","one "]\n[600,"o","two"]\n`;
  const { replay, store, frame, shown } = bench(context, [{ lines, at: 'ended' }]);
  await replay.begin(session());
  replay.toggle();
  await frame(1000);
  assert.deepEqual([store.get().atS, shown()], [1, 'one']);
  await frame(100);
  assert.equal(store.get().atS, 598);
  await frame(2000);
  assert.deepEqual([store.get().atS, shown(), store.get().isPlaying], [600, 'one two', false]);
  replay.toggle();
  await frame(500);
  assert.ok(store.get().atS < 1);
  assert.equal(shown(), '');
});

test('of many jumps at once the last is made; none leads out of what is known', async (context) => {
  const lines = `${HEADER}${[1, 2, 3, 4].map((atS) => `[${atS},"o","${atS}"]\n`).join('')}`;
  const { replay, store, until, shown } = bench(context, [{ lines, at: 'ended' }]);
  await replay.begin(session());
  const { drawn } = store.get();
  for (const atS of [4, 1, 3, 2]) void replay.seek(atS);
  await until(() => store.get().atS === 2);
  assert.equal(shown(), '12');
  assert.ok(store.get().drawn - drawn <= 2);
  await replay.seek(99);
  assert.deepEqual([store.get().atS, shown()], [4, '1234']);
  await replay.seek(-1);
  assert.equal(store.get().atS, 0);
});

test('what happens now is followed until somebody looks back, and again once they ask', async (context) => {
  const next = Array.from({ length: 2 }, () => Promise.withResolvers<TapePiece>());
  const [first, second] = next;
  const pieces = [
    { lines: `${HEADER}[1,"o","old"]\n`, at: 'live' as const },
    ...next.map(({ promise }) => promise),
  ];
  const { replay, store, until, shown } = bench(context, pieces);
  const over = replay.begin(session({ isLive: true }));
  await until(() => store.get().atS === 1);
  first?.resolve({ lines: '[5,"o"," new"]\n', at: 'live' });
  await until(() => store.get().atS === 5);
  assert.equal(shown(), 'old new');
  await replay.seek(1);
  second?.resolve({ lines: '[9,"o"," newest"]\n', at: 'live' });
  await until(() => store.get().knownS === 9);
  assert.equal(shown(), 'old');
  replay.follow();
  await until(() => store.get().atS === 9);
  assert.equal(shown(), 'old new newest');
  await over;
});

function action(id: string, atS: number) {
  const decision = { outcome: 'allow', rules: [], masked: [], sentence: 'Allowed.' };
  const outcome = { status: 'done', sqlState: null, rows: 1, durationMs: 1 };
  const at = '2026-01-01T10:00:00Z';
  return { id, at, atS, statement: `select ${id}`, decision, outcome, hasAnswer: true };
}

test('an action is shown where it happened, once so much of its recording has come', async (context) => {
  const rest = Promise.withResolvers<TapePiece>();
  const pieces = [
    { lines: `${HEADER}[9,"o","another"]\n`, at: 'ended' as const },
    { lines: `${HEADER}[1,"o","old"]\n`, at: 'recorded' as const },
    rest.promise,
  ];
  const { replay, store, until, shown } = bench(context, pieces);
  await replay.begin(session({ terminals: [1, 2], actions: [action('a', 5)] }));
  const over = replay.showAction('a', 2);
  await until(() => store.get().terminal === 2 && store.get().knownS === 1);
  assert.equal(store.get().atS, 0);
  rest.resolve({ lines: '[5,"o"," wanted"]\n[8,"o"," later"]\n', at: 'ended' });
  await over;
  assert.deepEqual([store.get().atS, shown()], [5.001, 'old wanted']);
  await replay.showAction('gone', null);
  assert.equal(store.get().atS, 5.001);
});

test('an action of a database session is shown at once', async (context) => {
  const { replay, store } = bench(context, []);
  await replay.begin(session({ kind: 'database', terminals: [], actions: [action('a', 0), action('b', 5)] }));
  await replay.showAction('b', null);
  assert.equal(store.get().answer?.record, 'b');
});

test('a database session shows the statement of the time, and asks for its result once', async (context) => {
  const { replay, store, asked } = bench(context, []);
  await replay.begin(session({ kind: 'database', terminals: [], actions: [action('a', 0), action('b', 5)] }));
  await replay.seek(1);
  await replay.seek(5);
  await replay.seek(6);
  assert.deepEqual(asked, ['a', 'b']);
  assert.equal(store.get().answer?.record, 'b');
  await replay.search('SELECT A');
  assert.equal(store.get().search.found.length, 1);
});
