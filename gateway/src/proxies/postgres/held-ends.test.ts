import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, beforeEach, test } from 'node:test';
import { Client } from 'pg';
import type { ApprovalRequest } from '../../../contract/approval-request.ts';
import { approvalsInMemory, MemoryRequests, TestClock } from '../../core/approvals/approvals.fixture.ts';
import { Approvals } from '../../core/approvals/approvals.ts';
import { createPostgresEngine } from '../../sql/postgres/engine.ts';
import { cancelRequest } from './testing/cancel-request.ts';
import { clientParts } from './testing/client-parts.ts';
import { type Lab, openLab, PASSWORD } from './testing/lab.ts';
import { ASKING, Requests } from './testing/requests.ts';

let lab: Lab;
let requests: Requests;
const clock = new TestClock();
before(async () => {
  lab = await openLab({ lockedHoldSeconds: 1 }, createPostgresEngine(), approvalsInMemory(clock));
  requests = new Requests(lab);
});
after(() => lab.close());
beforeEach(() => {
  lab.policy.activate(ASKING);
  lab.people.ana.restore();
});

const DELETE = 'delete from page_views where id = -1';
const failing = (client: Client, query: string | { text: string; values: unknown[] } = DELETE) =>
  client.query(query).then(
    () => assert.fail('it ran'),
    (error: unknown) => error as Error & { code: string; hint: string },
  );

/** Resolves once the server has no backend of this name. */
async function noBackend(name: string): Promise<void> {
  const direct = await lab.direct();
  const left = async () =>
    (await direct.query('select from pg_stat_activity where application_name = $1', [name])).rowCount;
  while ((await left()) !== 0) await new Promise((resolve) => setImmediate(resolve));
  await direct.end();
}

async function held(query?: { text: string; values: unknown[] }) {
  const client = await lab.client();
  const told = new Promise((resolve) => client.once('notice', resolve));
  const asked = requests.next();
  const answer = failing(client, query);
  const [request] = await Promise.all([asked, told]);
  return { client, answer, request };
}

for (const protocol of ['simple', 'extended'] as const) {
  const query = protocol === 'simple' ? undefined : { text: `${DELETE.slice(0, -2)}$1`, values: [-1] };

  test(`${protocol}: a cancel request withdraws the request, and the session goes on`, async () => {
    const { client, answer, request } = await held(query);
    const { processId, secretKey } = clientParts(client);
    await cancelRequest(lab.port, processId, secretKey);
    const error = await answer;
    assert.equal(error.code, '57014');
    assert.match(error.hint, /had not run: the request for approval was withdrawn/);
    await requests.become(request, 'withdrawn');
    assert.equal((await client.query('select 1')).rowCount, 1);
    await client.end();
  });

  test(`${protocol}: a denial is told with its reason, and recorded as refused`, async () => {
    const { client, answer, request } = await held(query);
    await requests.deny(request, 'Ask again on Monday.');
    const error = await answer;
    assert.equal(error.code, '42501');
    assert.match(error.message, /Denied by dora: Ask again on Monday\./);
    assert.equal(lab.recorder.last()?.outcome?.status, 'refused');
    assert.equal((await client.query('select 1')).rowCount, 1);
    await client.end();
  });

  test(`${protocol}: what nobody decides on lapses, and what is withdrawn elsewhere ends`, async () => {
    const lapsing = await held(query);
    clock.pass(24 * 60 * 60 * 1000);
    assert.match((await lapsing.answer).message, /Nobody of dba decided in time, so the request lapsed/);
    const withdrawn = await held(query);
    await requests.withdraw(withdrawn.request);
    assert.match((await withdrawn.answer).message, /withdrawn; nothing ran/);
    await lapsing.client.end();
    await withdrawn.client.end();
  });

  test(`${protocol}: statement_timeout ends the wait`, async () => {
    const client = await lab.client();
    await client.query('set statement_timeout = 200');
    const asked = requests.next();
    const error = await failing(client, query);
    assert.equal(error.code, '57014');
    assert.match(error.message, /statement timeout/);
    await requests.become(await asked, 'withdrawn');
    await client.end();
  });

  test(`${protocol}: a client that vanishes leaves no request and no backend`, async () => {
    const name = `vanishing ${protocol}`;
    const client = await lab.client();
    await client.query(`set application_name = '${name}'`);
    const asked = requests.next();
    const answer = failing(client, query);
    const request = await asked;
    clientParts(client).stream.destroy();
    await requests.become(request, 'withdrawn');
    await noBackend(name);
    await answer;
  });

  test(`${protocol}: a principal whose access ends loses session and request`, async () => {
    const { answer, request } = await held(query);
    lab.people.ana.revoke();
    assert.match((await answer).message, /Your access to this target has ended/);
    await requests.become(request, 'withdrawn');
  });

  test(`${protocol}: in a transaction it waits no longer than its locks may stand in the way`, async () => {
    const client = await lab.client();
    await client.query('begin');
    await client.query('lock table page_views in share mode').catch(() => client.query('rollback; begin'));
    const hints: string[] = [];
    client.on('notice', ({ hint }) => hints.push(hint ?? ''));
    const asked = requests.next();
    const error = await failing(client, query);
    assert.equal(error.code, '57014');
    assert.match(error.message, /nobody approved it within 1 seconds, and its open transaction/);
    assert.match(hints[0] ?? '', /1 seconds at most/);
    await requests.become(await asked, 'withdrawn');
    await assert.rejects(client.query('select 1'), { code: '25P02' });
    await client.query('rollback');
    await client.end();
  });
}

test('a backend that is ended upstream ends the wait, the request and the session', async () => {
  const client = await lab.client();
  await client.query("set application_name = 'to be ended'");
  const told = new Promise((resolve) => client.once('notice', resolve));
  const asked = requests.next();
  const answer = failing(client);
  const [request] = await Promise.all([asked, told]);
  const owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
  await owner.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'to be ended'",
  );
  await owner.end();
  assert.ok(await answer);
  await requests.become(request, 'withdrawn');
  await noBackend('to be ended');
});

test("a driver's own time-out as a start-up parameter counts as well", async () => {
  const client = new Client({
    connectionString: lab.url('ana'),
    ssl: { ca: lab.certificate },
    statement_timeout: 150,
  });
  await client.connect();
  assert.match((await failing(client)).message, /statement timeout/);
  await client.end();
});

test('psql hears for whom it waits; Ctrl-C ends the wait and leaves nothing', async () => {
  const who = `host=127.0.0.1 port=${lab.port} user=ana dbname=shop password='${PASSWORD}' application_name=interrupted`;
  const psql = spawn('psql', ['-X', who], { stdio: ['pipe', 'pipe', 'pipe'] });
  let heard = '';
  const hears = (words: RegExp) =>
    new Promise<void>((resolve) => {
      const look = () => words.test(heard) && resolve();
      psql.stderr.on('data', look);
      psql.stdout.on('data', look);
    });
  for (const stream of [psql.stderr, psql.stdout]) {
    stream.on('data', (bytes: Buffer) => {
      heard += bytes;
    });
  }
  const waits = hears(/waits for dba until/);
  const asked = requests.next();
  psql.stdin.write(`${DELETE};\n`);
  const request = await asked;
  await waits;
  assert.match(heard, /NOTICE: {2}Needs approval by dba[\s\S]*HINT: {2}Request [\s\S]*Ctrl-C in psql/);
  const cancelled = hears(/ERROR: {2}canceling statement due to user request/);
  psql.kill('SIGINT');
  await cancelled;
  await requests.become(request, 'withdrawn');
  await once(psql, 'exit');
  await noBackend('interrupted');
});

test('a gateway that stops says so; the request stays, and the statement goes on with it later', async () => {
  const store = new MemoryRequests();
  const first = await openLab({}, createPostgresEngine(), new Approvals(store, clock));
  first.policy.activate(ASKING);
  const client = await first.client();
  const told = new Promise((resolve) => client.once('notice', resolve));
  const asked = new Requests(first).next();
  const answer = failing(client);
  const request: ApprovalRequest = await asked;
  await told;
  await first.close();
  const error = await answer;
  assert.match(error.message, /shutting down, and the statement that waited for approval was not run/);
  assert.match(error.hint, new RegExp(`Request ${request.id} stays`));
  assert.match(first.recorder.last()?.decision.sentence ?? '', /the gateway stopped while it waited/);
  const reopened = await Approvals.open(store, clock);
  const kept = reopened.get(request.id);
  assert.deepEqual([kept?.status, kept?.session], ['pending', null]);
});
