import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Decision } from '../../../contract/decision.ts';
import type { ResultColumn } from '../../../contract/query-channel.ts';
import type { QueryFailure, QuerySink } from '../../core/flow/governed-target.ts';
import { type Lab, openLab } from './testing/lab.ts';

let lab: Lab;
before(async () => {
  lab = await openLab();
});
after(() => lab.close());

/** Keeps what a run told, as one list of lines, and the decoded rows. */
class Told implements QuerySink {
  readonly lines: string[] = [];
  readonly rowsSeen: Array<Array<string | null>> = [];
  readonly batches: number[] = [];
  lastColumns: ResultColumn[] = [];
  lastDecision: Decision | null = null;
  lastFailure: QueryFailure | null = null;
  gate: Promise<void> = Promise.resolve();

  decided(index: number, start: number, end: number, decision: Decision): void {
    this.lastDecision = decision;
    this.lines.push(`decided ${index} ${start}-${end} ${decision.outcome}`);
  }
  held(index: number): void {
    this.lines.push(`held ${index}`);
  }
  columns(index: number, columns: ResultColumn[]): void {
    this.lastColumns = columns;
    this.lines.push(`columns ${index} ${columns.map(({ name, typeName }) => `${name}:${typeName}`).join()}`);
  }
  rows(_index: number, rowCount: number, rows: Uint8Array): Promise<void> {
    this.batches.push(rowCount);
    const bytes = Buffer.from(rows);
    for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt32BE(at))
      this.rowsSeen.push(values(bytes, at + 4));
    return this.gate;
  }
  notice(notice: { severity: string; message: string }): void {
    this.lines.push(`${notice.severity} ${notice.message}`);
  }
  complete(index: number, tag: string, rows: number): void {
    this.lines.push(`complete ${index} ${tag} ${rows}`);
  }
  failed(index: number, failure: QueryFailure): void {
    this.lastFailure = failure;
    this.lines.push(`failed ${index} ${failure.sqlState} ${failure.error.code}`);
  }
}

function values(bytes: Buffer, at: number): Array<string | null> {
  const row: Array<string | null> = [];
  let next = at + 2;
  for (let column = 0; column < bytes.readInt16BE(at); column += 1) {
    const length = bytes.readInt32BE(next);
    next += 4;
    row.push(length === -1 ? null : bytes.toString('utf8', next, next + length));
    next += Math.max(length, 0);
  }
  return row;
}

test('several statements: decisions, columns, rows and ends, in order', async () => {
  const session = await lab.target.openQuerySession(lab.people.ana);
  const told = new Told();
  const text = 'select 1 as "é", null::text as b;\n  select email from customers order by id limit 2';
  assert.deepEqual(await session.run(text, told), { status: 'done', transaction: 'idle' });
  assert.deepEqual(told.lines, [
    'decided 0 0-32 allow',
    'columns 0 é:int4,b:text',
    'complete 0 SELECT 1 1',
    `decided 1 36-${text.length} mask`,
    'columns 1 email:text',
    'complete 1 SELECT 2 2',
  ]);
  assert.deepEqual(told.rowsSeen[0], ['1', null]);
  assert.match(told.rowsSeen[1]?.[0] ?? '', /^[*•]+@/);
  assert.equal(lab.recorder.last()?.surface, 'editor');
  session.close();
});

test('a refused and an unreadable statement are decided and fail in words', async () => {
  const session = await lab.target.openQuerySession(lab.people.ana);
  const told = new Told();
  const text = 'select 1; delete from products where id = 1; select 2';
  assert.deepEqual(await session.run(text, told), { status: 'failed', transaction: 'idle' });
  assert.deepEqual(told.lines.slice(3), [
    'decided 1 10-43 block',
    'failed 1 42501 statement.blocked',
    'NOTICE The statement after it was not run.',
  ]);
  const unread = new Told();
  assert.deepEqual(await session.run('selec 1', unread), { status: 'failed', transaction: 'idle' });
  assert.deepEqual(unread.lines, ['decided 0 0-7 block', 'failed 0 42601 statement.unparsed']);
  session.close();
});

test('cancel ends the statement on the server, and the session goes on', async () => {
  lab.people.dora.restore();
  const session = await lab.target.openQuerySession(lab.people.dora);
  const told = new Told();
  const running = session.run('select pg_sleep(60)', told);
  const poll = setInterval(() => told.lines.length > 0 && session.cancel(), 20);
  assert.deepEqual(await running, { status: 'cancelled', transaction: 'idle' });
  clearInterval(poll);
  assert.equal(told.lastFailure?.error.code, 'statement.cancelled');
  assert.equal((await session.run('select 1', new Told())).status, 'done');
  session.close();
});

test('rows are not read from the server faster than they are taken', async () => {
  const session = await lab.target.openQuerySession(lab.people.dora);
  const told = new Told();
  let open: () => void = () => undefined;
  told.gate = new Promise((resolve) => {
    open = resolve;
  });
  const externalBytes = process.memoryUsage().external;
  const running = session.run("select repeat('x', 1000) from generate_series(1, 100000)", told);
  while (told.batches.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(told.batches.length, 1);
  const grownBytes = process.memoryUsage().external - externalBytes;
  assert.ok(grownBytes < 20_000_000, `${grownBytes} bytes were read ahead`);
  open();
  assert.equal((await running).status, 'done');
  assert.equal(told.rowsSeen.length, 100_000);
  session.close();
});

test('verdicts come from the same engine, with positions, and run nothing', async () => {
  const principal = lab.people.ana.current();
  assert.ok(principal);
  const before = lab.recorder.records.length;
  const verdicts = await lab.target.verdicts(
    principal,
    'select email from customers; delete from products where id=1',
  );
  assert.deepEqual(
    verdicts.map(({ start, end, decision }) => [start, end, decision.outcome]),
    [
      [0, 27, 'mask'],
      [29, 60, 'block'],
    ],
  );
  const [unread] = await lab.target.verdicts(principal, 'selec');
  assert.equal(unread?.decision.outcome, 'block');
  assert.equal(lab.recorder.records.length, before);
});

test('the catalogue shows the masks that this person would see', async () => {
  const principal = lab.people.ana.current();
  assert.ok(principal);
  const view = await lab.target.catalogue(principal);
  const customers = view.schemas
    .find(({ name }) => name === 'public')
    ?.relations.find(({ name }) => name === 'customers');
  assert.equal(customers?.kind, 'table');
  assert.equal(customers?.columns.find(({ name }) => name === 'id')?.primaryKey, true);
  assert.equal(customers?.columns.find(({ name }) => name === 'email')?.masked?.rule, 'pii-email');
  assert.equal(customers?.columns.find(({ name }) => name === 'name')?.masked, null);
});

test('a session that ends by itself says why', async () => {
  const session = await lab.target.openQuerySession(lab.people.dora);
  const why = new Promise<{ code: string }>((resolve) => session.onClosed(resolve));
  lab.people.dora.revoke();
  assert.equal((await why).code, 'identity.forbidden');
  lab.people.dora.restore();
});

test('a row that is too long for the editor fails in words, and the session ends', {
  timeout: 60_000,
}, async () => {
  const session = await lab.target.openQuerySession(lab.people.dora);
  const closed = new Promise<{ code: string }>((resolve) => session.onClosed(resolve));
  const told = new Told();
  const end = await session.run("select repeat('x', 200000000)", told);
  assert.equal(end.status, 'failed');
  assert.equal(told.lastFailure?.error.code, 'wire.frameTooLarge');
  assert.equal((await closed).code, 'wire.frameTooLarge');
  assert.equal((await session.run('select 1', new Told())).status, 'failed');
});
