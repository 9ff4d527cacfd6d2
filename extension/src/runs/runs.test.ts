import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { SluiceError } from '../../../gateway/contract/error.ts';
import { TargetName } from '../../../gateway/contract/ids.ts';
import type { QueryRequest } from '../../../gateway/contract/query-channel.ts';
import { aRequest, aVote, shown } from '../../contract/request.fixture.ts';
import { ResultsState } from '../../contract/results-state.ts';
import { type FixtureGateway, type FixtureSession, startGateway } from '../gateway/gateway.fixture.ts';
import { QuerySession } from '../gateway/query-session.ts';
import { batchOf } from '../results/row-batch.fixture.ts';
import { RowStore } from '../results/row-store.ts';
import { resultsState } from '../ui/results-state.ts';
import type { LiveRun } from './live-run.ts';
import { requestForColumn, requestForStatement } from './request-text.ts';
import { Runs } from './runs.ts';

const shop = TargetName.parse('shop');
const document = 'untitled:a.sql';
let gateway: FixtureGateway;
let folder = '';
let runs: Runs;
before(async () => {
  gateway = await startGateway();
  folder = await mkdtemp(join(tmpdir(), 'sluice-runs-'));
});
after(async () => {
  await gateway.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => runs.dispose());

function open(maxRows = 1000): Runs {
  runs = new Runs({
    openSession: (target, signal) => QuerySession.open(gateway.url, target, 'good', signal),
    newStore: () => RowStore.create(folder),
    maxRows: () => maxRows,
    onChange: () => undefined,
    onProgress: () => undefined,
    onSessionLost: () => undefined,
  });
  return runs;
}

const rule = { id: 'pii', outcome: 'mask', owner: 'dpo@shop.example', because: 'Personal data.' };
const email = { schema: 'public', relation: 'customers', column: 'email' };
const mask = { method: 'redact' };
const masked = { rule: 'pii', owner: rule.owner, because: rule.because, mask, sources: [email] };

function decision(outcome: string) {
  const sentence = 'The sentence.';
  return { outcome, rules: [rule], masks: [], asks: [], sentence, next: '', policyVersion: '1' };
}

const columns = [
  { name: 'id', masked: null, typeOid: 23, typeName: 'int4' },
  { name: 'email', masked, typeOid: 25, typeName: 'text' },
];

/** Answers a run with these rows, as one batch for each credit. */
function answering(rows: (string | null)[][], end: (s: FixtureSession, q: QueryRequest) => void) {
  gateway.script = (request, session) => {
    const { query } = request;
    if (request.type !== 'run') return end(session, request);
    const start = request.text.indexOf('select');
    const at = { query, index: 0 };
    session.event({ type: 'decided', ...at, start, end: request.text.length, decision: decision('mask') });
    session.event({ type: 'columns', ...at, columns });
    session.rows({ ...at, rowCount: rows.length, rows: batchOf(rows) } as never);
    return undefined;
  };
}

function complete(session: FixtureSession, { query }: QueryRequest): void {
  session.event({ type: 'complete', query, index: 0, tag: 'SELECT 3', rows: 3 });
  session.event({ type: 'ended', query, status: 'done', transaction: 'inTransaction' });
}

test('a run keeps statement, rows, order and transaction, and says so in the contract’s words', async () => {
  answering(
    [
      ['2', 'b'],
      ['1', null],
      ['10', 'a'.repeat(400)],
    ],
    complete,
  );
  const { run, done } = open().start(document, shop, { text: '\n select *', offset: 10, line: 4 });
  await done;
  const [snapshot] = ResultsState.parse({ document: null, readiness: 'ready', runs: [run.snapshot()] }).runs;
  assert.equal(snapshot?.status, 'done');
  assert.equal(snapshot?.transaction, 'inTransaction');
  assert.equal(snapshot?.statements[0]?.line, 5);
  assert.deepEqual(run.spanOf(0), { start: 12, end: 20 });

  const [set] = run.resultSets;
  assert.ok(set !== undefined);
  const sorted = await set.arrange(
    [{ column: 0, descending: false }],
    [{ column: 1, operator: 'isNotNull', text: '' }],
  );
  assert.equal(sorted.rowCount, 2);
  const window = await set.window({ fromRow: 0, toRow: 9, fromColumn: 0, toColumn: 2 });
  assert.deepEqual(window.numbers, [1, 3]);
  assert.deepEqual(window.cells[1], ['10', { cut: 'a'.repeat(300), length: 400 }]);
  assert.equal((await set.value(1, 1))?.length, 400);
  assert.deepEqual(
    [...set.rowsSync(0, 9)].map((row) => row[0]),
    ['2', '10'],
  );
  assert.match(requestForColumn(set, 1).text, /public\.customers\.email/);
  assert.match(requestForStatement(run, 0).sentence, /dpo@shop\.example/);
  assert.throws(() => requestForColumn(set, 0), /not masked/);
});

test('a result longer than the limit is cancelled on the server, once', async () => {
  let cancels = 0;
  answering(
    [
      ['1', 'a'],
      ['2', 'b'],
    ],
    (session, request) => {
      if (request.type === 'cancel') {
        cancels++;
        session.event({ type: 'ended', query: request.query, status: 'cancelled', transaction: 'idle' });
      } else {
        const rows = [
          ['3', 'c'],
          ['4', 'd'],
        ];
        session.rows({ query: request.query, index: 0, rowCount: 2, rows: batchOf(rows) });
      }
    },
  );
  const { run, done } = open(3).start(document, shop, { text: 'select', offset: 0, line: 0 });
  await done;
  assert.equal(cancels, 1);
  const [set] = run.resultSets;
  assert.equal(set?.snapshot().limitedToRows, 3);
  assert.deepEqual(
    [...(set?.rowsSync(0, 9) ?? [])].map((row) => row[0]),
    ['1', '2', '3'],
  );
});

test('a no is told with its kind, rules and place in the document', async () => {
  gateway.script = ({ query }, session) => {
    const error = { code: 'statement.blocked', message: 'No.', next: 'Ask.' };
    const more = { sqlState: '42501', detail: '', hint: '', position: 3 };
    session.event({ type: 'decided', query, index: 0, start: 0, end: 4, decision: decision('block') });
    session.event({ type: 'failed', query, index: 0, error, ...more });
    session.event({ type: 'ended', query, status: 'failed', transaction: 'idle' });
  };
  const { run, done } = open().start(document, shop, { text: 'drop', offset: 100, line: 0 });
  await done;
  const failure = run.statements[0]?.failure;
  assert.equal(failure?.kind, 'blocked');
  assert.equal(failure?.position, 103);
  assert.equal(failure?.rules[0]?.owner, 'dpo@shop.example');
});

test('one run of a document at a time; another document has a session of its own', async () => {
  gateway.script = (request, session) => {
    if (request.type !== 'cancel') return;
    session.event({ type: 'ended', query: request.query, status: 'cancelled', transaction: 'idle' });
  };
  const before = gateway.sessions;
  const made = open();
  const first = made.start(document, shop, { text: 'a', offset: 0, line: 0 });
  assert.throws(() => made.start(document, shop, { text: 'b', offset: 0, line: 0 }), /still goes on/);
  const other = made.start('untitled:b.sql', shop, { text: 'b', offset: 0, line: 0 });
  while (gateway.sessions < before + 2) await new Promise((turn) => setImmediate(turn));
  while (other.run.status !== 'cancelled') {
    made.cancel(document);
    made.cancel('untitled:b.sql');
    await new Promise((turn) => setImmediate(turn));
  }
  await Promise.all([first.done, other.done]);
  assert.equal(first.run.status, 'cancelled');
});

test('cancelled while the session still opens: nothing is sent, and it says cancelled', async () => {
  let sent = 0;
  gateway.script = () => {
    sent++;
  };
  const made = open();
  const { run, done } = made.start(document, shop, { text: 'select', offset: 0, line: 0 });
  made.cancel(document);
  await done;
  assert.equal(run.status, 'cancelled');
  assert.equal(sent, 0);
});

test('a gateway that refuses is a failed run with the reason', async () => {
  const made = new Runs({
    openSession: async () => {
      throw new SluiceError('target.unreachable', 'shop does not answer.', 'Ask its owner.');
    },
    newStore: () => RowStore.create(folder),
    maxRows: () => 1,
    onChange: () => undefined,
    onProgress: () => undefined,
    onSessionLost: () => undefined,
  });
  runs = made;
  const { run, done } = made.start(document, shop, { text: 'select', offset: 0, line: 0 });
  await done;
  assert.equal(run.status, 'failed');
  assert.equal(run.statements[0]?.failure?.message, 'shop does not answer.');
});

/** A run whose one statement is held, and the session that says what becomes of it. */
async function held(): Promise<{
  run: LiveRun;
  done: Promise<void>;
  session: FixtureSession;
  query: number;
}> {
  const waits = new Promise<{ session: FixtureSession; query: number }>((resolve) => {
    gateway.script = (request, session) => {
      const { query } = request;
      const at = { query, index: 0 };
      if (request.type === 'cancel') return ended(session, query, 'statement.cancelled', 'cancelled');
      if (request.type !== 'run') return;
      session.event({ type: 'decided', ...at, start: 0, end: 8, decision: decision('approve') });
      session.event({ type: 'held', ...at, request: aRequest() });
      resolve({ session, query });
    };
  });
  const { run, done } = open().start(document, shop, { text: 'update a', offset: 0, line: 0 });
  const { session, query } = await waits;
  while (run.waitsFor === null) await new Promise((next) => setImmediate(next));
  return { run, done, session, query };
}

function ended(session: FixtureSession, query: number, code: string, status: string): void {
  const error = { code, message: 'It did not run.', next: '' };
  session.event({
    type: 'failed',
    query,
    index: 0,
    error,
    sqlState: '',
    detail: '',
    hint: '',
    position: null,
  });
  session.event({ type: 'ended', query, status, transaction: 'idle' });
}

test('a held statement says for what it waits, and goes on once it is approved', async () => {
  const { run, done, session, query } = await held();
  assert.equal(run.waitsFor?.id, 'request-1');
  session.event({ type: 'held', query, index: 0, request: aRequest({ status: 'used', revision: 2 }) });
  session.event({ type: 'complete', query, index: 0, tag: 'UPDATE 1', rows: 1 });
  session.event({ type: 'ended', query, status: 'done', transaction: 'idle' });
  await done;
  assert.equal(run.waitsFor, null);
  assert.equal(run.status, 'done');
  assert.equal(runs.withRequest(aRequest().id)?.run, run);
});

test('a denial is no need for approval any more: it was not approved', async () => {
  const { run, done, session, query } = await held();
  const votes = [aVote('Dana', 'deny', 'Too wide.')];
  session.event({
    type: 'held',
    query,
    index: 0,
    request: aRequest({ status: 'denied', revision: 1, votes }),
  });
  ended(session, query, 'statement.blocked', 'failed');
  await done;
  assert.equal(run.statements[0]?.failure?.kind, 'notApproved');
});

test('cancelled while held, nothing is told as a failure', async () => {
  const { run, done } = await held();
  runs.cancel(document);
  await done;
  assert.equal(run.status, 'cancelled');
  assert.equal(run.statements[0]?.failure, null);
});

test('a session that is lost while a statement is held leaves its request, and says so', async () => {
  const { run, done, session } = await held();
  session.socket.close(1001, 'The gateway is stopping.');
  await done;
  assert.match(run.statements[0]?.failure?.next ?? '', /Your request for approval stays/);
  await run.over;
});

test('a request is shown as it stands now, with what may be done, however long the run is over', async () => {
  const { run, done, session } = await held();
  session.socket.close(1001);
  await done;
  const later = shown({ status: 'approved', revision: 3 }, []);
  const state = (found: ReturnType<typeof shown> | null) =>
    resultsState(null, [run], 'ready', () => found).runs[0]?.statements[0];
  assert.equal(state(later)?.request?.status, 'approved');
  assert.equal(state(null)?.request?.status, 'pending');
  assert.deepEqual(state(shown({}, ['withdraw']))?.acts, ['withdraw']);
});
