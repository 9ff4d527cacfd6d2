import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { encode, type FrontendMessage } from '../../wire/postgres/index.ts';
import { clientParts } from './testing/client-parts.ts';
import { type Lab, openLab } from './testing/lab.ts';
import { bind, execute, parse, sync } from './testing/pipeline.ts';
import { Upstream } from './upstream/upstream.ts';

/** What is asked for in one pipeline, which nobody but its client decides the length of. */

let lab: Lab;
before(async () => {
  lab = await openLab();
});
after(() => lab.close());

const bytesOf = (...messages: FrontendMessage[]): Buffer => Buffer.concat(messages.map(encode));
const CLOSES = 200_000;
const repeated = (bytes: Buffer, times: number) => Buffer.alloc(bytes.length * times, bytes);

async function socket(): Promise<Socket> {
  const client = new Client({ connectionString: lab.url('dora') });
  client.on('error', () => undefined);
  await client.connect();
  const { stream } = clientParts(client);
  stream.removeAllListeners('data');
  return stream;
}

/** How often each kind of message comes, up to as many ReadyForQuery. */
async function counted(stream: Socket, ready: number): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  let left = Buffer.alloc(0);
  while (counts.get('Z') !== ready) {
    const [chunk] = await once(stream, 'data');
    left = Buffer.concat([left, chunk]);
    let at = 0;
    while (at + 5 <= left.length && at + 1 + left.readInt32BE(at + 1) <= left.length) {
      const type = String.fromCharCode(left[at] ?? 0);
      counts.set(type, (counts.get(type) ?? 0) + 1);
      at += 1 + left.readInt32BE(at + 1);
    }
    left = left.subarray(at);
  }
  return counts;
}

/** Counts what is passed on upstream. */
function countPassedOn(): { times: number; restore: () => void } {
  const { passOn } = Upstream.prototype;
  const counted = { times: 0, restore: () => Object.assign(Upstream.prototype, { passOn }) };
  Upstream.prototype.passOn = function (frame) {
    counted.times += 1;
    passOn.call(this, frame);
  };
  return counted;
}

/** Resolves once some was passed on and no more is, however much else the gateway does meanwhile. */
async function passesNoMore(counted: { times: number }): Promise<void> {
  const other = await lab.client();
  let before: number;
  do {
    before = counted.times;
    for (let round = 0; round < 30; round += 1) await other.query('select 1');
  } while (before === 0 || before !== counted.times);
  await other.end();
}

test('a client that asks far ahead of the answers is not read from until it is answered', async () => {
  const direct = await lab.direct();
  await direct.query('select pg_advisory_lock(1)');
  const stream = await socket();
  const passedOn = countPassedOn();
  const answer = counted(stream, 1);
  stream.write(bytesOf(parse('select pg_advisory_lock_shared(1)'), bind, execute));
  stream.write(repeated(bytesOf({ type: 'close', object: 'portal', name: 'none' }), CLOSES));
  stream.write(bytesOf(sync));
  await passesNoMore(passedOn);
  assert.ok(passedOn.times < CLOSES / 10, `${passedOn.times} of ${CLOSES} messages were passed on`);
  await direct.query('select pg_advisory_unlock(1)');
  const { 3: closed, C: completed, E: failed } = Object.fromEntries(await answer);
  assert.deepEqual([closed, completed, failed], [CLOSES, 1, undefined]);
  passedOn.restore();
  stream.destroy();
  await direct.end();
});

test('ten thousand statements in one pipeline are all answered and have one record, and so are as many simple queries', async () => {
  const direct = await lab.direct();
  await direct.query('select pg_advisory_lock(1)');
  const stream = await socket();
  const passedOn = countPassedOn();
  const count = 10_000;
  const one = bytesOf(bind, { type: 'describe', object: 'portal', name: '' }, execute);
  const piped = counted(stream, 1);
  stream.write(bytesOf(parse('select pg_advisory_lock_shared(1) as piped'), bind, execute));
  stream.write(repeated(one, count));
  stream.write(bytesOf(sync));
  await passesNoMore(passedOn);
  passedOn.restore();
  await direct.query('select pg_advisory_unlock(1)');
  const answers = { 1: 1, 2: count + 1, T: count, D: count + 1, C: count + 1, Z: 1 };
  assert.deepEqual(Object.fromEntries(await piped), answers);
  const records = lab.recorder.records.filter(({ statement }) => statement.endsWith(' as piped'));
  assert.equal(records.length, count + 1);
  assert.deepEqual(new Set(records.map(({ outcome }) => outcome?.status)), new Set(['done']));
  const simple = counted(stream, count);
  stream.write(repeated(bytesOf({ type: 'query', query: 'select 1 as simple' }), count));
  assert.deepEqual(Object.fromEntries(await simple), { T: count, D: count, C: count, Z: count });
  stream.destroy();
  await direct.end();
});

test('an error in a long pipeline leaves nothing waiting', async () => {
  const stream = await socket();
  const one = bytesOf(bind, execute);
  const answer = counted(stream, 2);
  stream.write(bytesOf(parse('select 1 / (random() * 0)::int'), bind, execute, sync));
  stream.write(bytesOf(parse('select 1 / (random() * 0)::int')));
  stream.write(repeated(one, 20_000));
  stream.write(bytesOf(sync));
  assert.equal((await answer).get('E'), 2);
  stream.destroy();
});

test('Syncs that the server ignores while it waits for COPY data leave nothing waiting', async () => {
  const stream = await socket();
  const answer = counted(stream, 3);
  stream.write(bytesOf({ type: 'query', query: 'create temp table copied (a int)' }));
  stream.write(bytesOf(parse('copy copied from stdin'), bind, execute));
  stream.write(repeated(bytesOf(sync), 20_000));
  stream.write(bytesOf({ type: 'copyData', data: Buffer.from('1\n2\n') }, { type: 'copyDone' }, sync));
  stream.write(bytesOf({ type: 'query', query: 'select a from copied' }));
  assert.equal((await answer).get('D'), 2);
  stream.destroy();
});

test('a statement stays that is closed behind an error, as it does on the server', async () => {
  const stream = await socket();
  const named = { ...parse('select 1'), statement: 'kept' };
  stream.write(bytesOf(named, sync));
  await counted(stream, 1);
  const close: FrontendMessage = { type: 'close', object: 'statement', name: 'kept' };
  const again = { ...named, query: 'select 2' };
  stream.write(bytesOf(parse('select 1 / 0'), bind, execute, close, again, sync));
  assert.equal((await counted(stream, 1)).get('E'), 1);
  stream.write(bytesOf({ ...bind, statement: 'kept' }, execute, sync));
  const counts = await counted(stream, 1);
  assert.deepEqual([counts.get('D'), counts.get('E')], [1, undefined]);
  stream.write(bytesOf(close, sync, { ...bind, statement: 'kept' }, execute, sync));
  assert.equal((await counted(stream, 2)).get('E'), 1);
  stream.destroy();
});
