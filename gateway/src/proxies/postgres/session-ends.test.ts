import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import type { RecordOutcome } from '../../../contract/record.ts';
import type { AnalyseRequest, Analysis } from '../../sql/engine.ts';
import { encode } from '../../wire/postgres/index.ts';
import { clientParts } from './testing/client-parts.ts';
import { type Lab, MemoryRecorder, openLab } from './testing/lab.ts';
import { run, sync } from './testing/pipeline.ts';
import { PlainEngine } from './testing/plain-engine.ts';

/** However a session ends: what its records say of a statement is what has become of it. */

/** Answers about statements that are to be awaited once it is told to. */
class AwaitedEngine extends PlainEngine {
  #asked: () => void = () => undefined;
  #answer: Promise<void> = Promise.resolve();

  /** Resolves when it is asked about the next of them, to what lets it answer. */
  async next(): Promise<() => void> {
    let answer: () => void = () => undefined;
    this.#answer = new Promise((resolve) => {
      answer = resolve;
    });
    await new Promise<void>((resolve) => {
      this.#asked = resolve;
    });
    return answer;
  }

  override async analyse(request: AnalyseRequest): Promise<Analysis> {
    if (request.text.includes(AWAITED)) {
      this.#asked();
      await this.#answer;
    }
    return super.analyse(request);
  }
}

const AWAITED = 'awaited';
const engine = new AwaitedEngine();
let lab: Lab;
let direct: Client;
before(async () => {
  lab = await openLab({}, engine);
  direct = new Client({ connectionString: lab.sample.superuserUrl() });
  await direct.connect();
  await direct.query('create table ending (id int primary key); grant all on ending to sluice_gateway');
});
after(async () => {
  await direct?.end();
  await lab?.close();
});

const query = (text: string): Buffer => encode({ type: 'query', query: text });
const SYNC = encode({ type: 'sync' });
const TERMINATE = encode({ type: 'terminate' });
const pipelined = (text: string): Buffer => Buffer.concat([...run(text), sync].map(encode));

/** A client's bare socket, with nothing left to be asked before its next statement runs. */
async function socket(): Promise<Socket> {
  const client = new Client({ connectionString: lab.url('dora') });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('select 1');
  const { stream } = clientParts(client);
  stream.removeAllListeners('data');
  return stream;
}

/** All that comes until the connection is closed. */
async function answerOf(stream: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(stream, 'close');
  return Buffer.concat(chunks).toString('latin1');
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

/** What became of a statement, once its session has ended. */
async function outcomeOf(statement: string): Promise<RecordOutcome | null> {
  await until(() => lab.openSessions.list().length === 0);
  const records = lab.recorder.records.filter((record) => record.statement === statement);
  assert.equal(records.length, 1, `${records.length} records of ${statement}`);
  return records[0]?.outcome ?? null;
}

async function isThere(id: number): Promise<boolean> {
  return (await direct.query('select from ending where id = $1', [id])).rowCount === 1;
}

let ids = 0;
async function row(): Promise<{ id: number; deletes: string }> {
  ids += 1;
  await direct.query('insert into ending values ($1)', [ids]);
  return { id: ids, deletes: `delete from ending where id = ${ids}` };
}

for (const [protocol, asks] of [
  ['a simple Query', query],
  ['a pipeline', pipelined],
] as const) {
  test(`${protocol} before Terminate runs, and its record says so, though its client has left`, async () => {
    const { id, deletes } = await row();
    const stream = await socket();
    stream.write(Buffer.concat([asks(deletes), TERMINATE]));
    await until(() => lab.recorder.last()?.statement === deletes);
    stream.end();
    const outcome = await outcomeOf(deletes);
    assert.deepEqual([outcome?.status, outcome?.rows, await isThere(id)], ['done', 1, false]);
  });

  test(`${protocol} before Terminate is answered, and then the connection is closed`, async () => {
    const { id, deletes } = await row();
    const stream = await socket();
    const answer = answerOf(stream);
    stream.write(Buffer.concat([asks(deletes), TERMINATE]));
    assert.match(await answer, /DELETE 1\0Z/);
    assert.deepEqual([(await outcomeOf(deletes))?.status, await isThere(id)], ['done', false]);
  });

  test(`${protocol} of a client that vanishes has no end but the one that the server told`, async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id, deletes } = await row();
      const stream = await socket();
      stream.write(asks(deletes));
      await until(() => lab.recorder.last()?.statement === deletes);
      stream.destroy();
      const outcome = await outcomeOf(deletes);
      const ran = outcome?.status === 'done';
      assert.deepEqual([outcome?.sqlState, outcome?.rows], ran ? [null, 1] : ['57014', 0]);
      assert.equal(await isThere(id), !ran);
    }
  });

  test(`${protocol} that waits for a lock is cancelled when its client vanishes`, async () => {
    const { id, deletes } = await row();
    await direct.query(`begin; select from ending where id = ${id} for update`);
    const stream = await socket();
    stream.write(asks(deletes));
    await until(async () => (await direct.query('select from pg_locks where not granted')).rowCount !== 0);
    stream.destroy();
    const outcome = await outcomeOf(deletes);
    await direct.query('commit');
    assert.deepEqual([outcome?.status, outcome?.sqlState], ['cancelled', '57014']);
    assert.equal(await isThere(id), true);
  });
}

test('COPY that waits for data fails when its client vanishes, or takes its leave', async () => {
  for (const leaves of [(stream: Socket) => stream.end(), (stream: Socket) => stream.write(TERMINATE)]) {
    const copy = `copy ending from stdin /* ${String(leaves)} */`;
    const stream = await socket();
    stream.write(query(copy));
    await once(stream, 'data');
    stream.write(encode({ type: 'copyData', data: Buffer.from('-1\n') }));
    leaves(stream);
    const outcome = await outcomeOf(copy);
    assert.deepEqual([outcome?.status, outcome?.sqlState], ['cancelled', '57014']);
    assert.equal(await isThere(-1), false);
  }
});

for (const [protocol, asks] of [
  ['a simple Query', query],
  ['a pipeline', pipelined],
] as const) {
  test(`${protocol}: COPY in one go with its data and a Terminate is done`, async () => {
    const { id } = await row();
    const copy = `copy ending from stdin /* ${protocol} */`;
    const data = [encode({ type: 'copyData', data: Buffer.from(`-${id}\n`) }), encode({ type: 'copyDone' })];
    const stream = await socket();
    const answer = answerOf(stream);
    stream.write(Buffer.concat([asks(copy), ...data, SYNC, TERMINATE]));
    assert.match(await answer, /COPY 1\0Z/);
    const outcome = await outcomeOf(copy);
    assert.deepEqual([outcome?.status, outcome?.rows, await isThere(-id)], ['done', 1, true]);
  });
}

test('COPY that ends in the middle of a message is lost', async () => {
  const copy = 'copy ending from stdin';
  const stream = await socket();
  stream.write(query(copy));
  await once(stream, 'data');
  const data = encode({ type: 'copyData', data: Buffer.from('-1\n'.repeat(10)) });
  stream.end(data.subarray(0, data.length - 4));
  assert.equal((await outcomeOf(copy))?.status, 'lost');
  assert.equal(await isThere(-1), false);
});

for (const [protocol, asks] of [
  ['a simple Query', query],
  ['a pipeline', pipelined],
] as const) {
  test(`${protocol} that is still looked at when its session has ended is neither recorded nor run`, async () => {
    const { id, deletes } = await row();
    const awaited = `${deletes} /* ${AWAITED} */`;
    const asked = engine.next();
    const stream = await socket();
    stream.write(asks(awaited));
    const answer = await asked;
    stream.destroy();
    await until(() => lab.openSessions.list().length === 0);
    const known = lab.recorder.records.length;
    answer();
    // Whoever comes next is decided on after it.
    const client = await lab.client('dora');
    await client.query('select 2');
    await client.end();
    const since = lab.recorder.records.slice(known).map(({ statement }) => statement);
    assert.deepEqual([since, await isThere(id)], [['select 2'], true]);
  });
}

test('a statement whose record is being opened when its session ends does not run, and its record says so', async () => {
  const { id, deletes } = await row();
  const stream = await socket();
  const { recorder } = lab;
  let write: () => void = () => undefined;
  const written = new Promise<void>((resolve) => {
    write = resolve;
  });
  const opened = new Promise<void>((resolve) => {
    recorder.open = (record) => {
      const opening = MemoryRecorder.prototype.open.call(recorder, record);
      resolve();
      return { durable: () => written.then(() => opening.durable()) };
    };
  });
  stream.write(query(deletes));
  await opened;
  recorder.open = MemoryRecorder.prototype.open;
  stream.destroy();
  await until(() => lab.openSessions.list().length === 0);
  write();
  const record = () => recorder.records.find(({ statement }) => statement === deletes);
  await until(() => record()?.outcome !== null);
  assert.deepEqual([record()?.outcome?.status, await isThere(id)], ['cancelled', true]);
});

test('where a later statement of a text can not be recorded, none of those before it stays open', async () => {
  const { id, deletes } = await row();
  const stream = await socket();
  const { recorder } = lab;
  recorder.open = (record) => {
    const opening = MemoryRecorder.prototype.open.call(recorder, record);
    if (record.statement !== deletes) return opening;
    return { durable: () => Promise.reject(new Error('disk full')) };
  };
  stream.write(query(`select 3 as before; ${deletes}`));
  const outcome = await outcomeOf('select 3 as before');
  recorder.open = MemoryRecorder.prototype.open;
  assert.deepEqual([outcome?.status, await isThere(id)], ['cancelled', true]);
});
