import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { run, sync } from '../../gateway/src/proxies/postgres/testing/pipeline.ts';
import { encode } from '../../gateway/src/wire/postgres/index.ts';
import { Backends } from './lab/backends.ts';
import { eventually, settled } from './lab/eventually.ts';
import { bootLab, type Lab } from './lab/lab.ts';
import { decoded, openRaw, type RawFrame, type RawSession } from './lab/raw-session.ts';

const MIB = 1024 * 1024;
/** What the gateway's process may grow by, whatever passes through it. */
const MAX_GROWTH_BYTES = 100 * MIB;
const GIGABYTE = 1_000_000_000;

function header(type: string, length: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.write(type, 'latin1');
  bytes.writeInt32BE(length, 1);
  return bytes;
}

function errorOf(frames: readonly RawFrame[]) {
  const found = frames.find((frame) => frame.type === 'E');
  const message = found === undefined ? null : decoded(found);
  return message?.type === 'errorResponse' ? message.fields : null;
}

describe('the live proxy', () => {
  let lab: Lab;
  let backends: Backends;
  let names = 0;
  before(async () => {
    lab = await bootLab();
    backends = await Backends.watch(lab);
    await stillServes();
    // What a starting process needs for a while (compiling WebAssembly) is no growth.
    await settled(() => lab.gateway.residentBytes());
  });
  after(async () => {
    await backends?.close();
    await lab?.stop();
  });

  /** A session whose backend can be told from the others'. */
  async function open(): Promise<{ session: RawSession; name: string }> {
    names += 1;
    const name = `wire-${names}`;
    const session = await openRaw(lab.through('scratch'), { parameters: { application_name: name } });
    return { session, name };
  }

  const gone = (name: string) =>
    eventually(`${name} has no backend`, async () => (await backends.of(name)).length === 0);

  async function stillServes(): Promise<void> {
    assert.ok(lab.gateway.running(), lab.gateway.complaints());
    const { session } = await open();
    assert.equal((await session.query('select 1')).length, 4);
    await session.close();
  }

  it('bounds its memory when a client stops reading, and resets upstream when that client goes', async () => {
    const atRest = lab.gateway.residentBytes();
    const { session, name } = await open();
    session.send(
      encode({ type: 'query', query: "select repeat('x', 1000) from generate_series(1, 1000000)" }),
    );
    await eventually('the server waits for its client', async () =>
      (await backends.of(name)).some((backend) => backend.waitEvent === 'ClientWrite'),
    );
    const growth = lab.gateway.residentBytes() - atRest;
    assert.ok(growth < MAX_GROWTH_BYTES, `grew by ${growth} bytes`);
    session.socket.destroy();
    await gone(name);
    await stillServes();
  });

  it('streams a row of 1 GB, holding little of it', async () => {
    const atRest = lab.gateway.residentBytes();
    const { session } = await open();
    session.send(encode({ type: 'query', query: `select repeat('x', ${GIGABYTE})` }));
    let seen = 0;
    let growth = 0;
    await new Promise<void>((resolve, reject) => {
      session.socket.on('data', (chunk: Buffer) => {
        const before = seen;
        seen += chunk.length;
        if (Math.floor(before / (50 * MIB)) !== Math.floor(seen / (50 * MIB))) {
          growth = Math.max(growth, lab.gateway.residentBytes() - atRest);
        }
        if (seen > GIGABYTE && chunk.at(-1) === 0x49) resolve();
      });
      session.socket.on('close', () => reject(new Error(`closed after ${seen} bytes`)));
    });
    session.socket.destroy();
    assert.ok(growth < MAX_GROWTH_BYTES, `grew by ${growth} bytes`);
    await stillServes();
  });

  it('resets upstream when a client vanishes mid-row', async () => {
    const { session, name } = await open();
    session.send(encode({ type: 'query', query: `select repeat('x', ${100 * MIB})` }));
    await new Promise((resolve) => session.socket.once('data', resolve));
    session.socket.resetAndDestroy();
    await gone(name);
    await stillServes();
  });

  it('resets upstream when a client vanishes in a COPY, a transaction, a running statement', async () => {
    for (const query of ['copy pg_temp.t from stdin', 'select 1', 'select pg_sleep(600)']) {
      const { session, name } = await open();
      await session.query('create temp table t (a text)');
      await session.query('begin');
      session.send(encode({ type: 'query', query }));
      await eventually(`${query} runs`, async () =>
        (await backends.of(name)).some(({ state }) => state !== null),
      );
      session.socket.destroy();
      await gone(name);
    }
    await stillServes();
  });

  it('streams one CopyData of 100 MB, holding little of it', async () => {
    const { session } = await open();
    await session.query('create temp table big (a text)');
    session.send(encode({ type: 'query', query: 'copy big from stdin' }));
    await session.until('G');
    const atRest = lab.gateway.residentBytes();
    const lines = Buffer.from(`${'x'.repeat(99)}\n`.repeat(10_000));
    session.send(header('d', 100 * lines.length + 4));
    for (let part = 0; part < 100; part += 1) {
      if (!session.socket.write(lines)) await new Promise((resolve) => session.socket.once('drain', resolve));
    }
    session.send(encode({ type: 'copyDone' }));
    const end = await session.until();
    const growth = lab.gateway.residentBytes() - atRest;
    assert.equal(
      end[0] && JSON.stringify(decoded(end[0])),
      '{"type":"commandComplete","tag":"COPY 1000000"}',
    );
    assert.ok(growth < MAX_GROWTH_BYTES, `grew by ${growth} bytes`);
    await session.close();
  });

  it('refuses hostile lengths and types in words, and closes both sides', async () => {
    const hostile = [
      header('Q', 3),
      header('Q', 0),
      header('Q', -1),
      header('Q', 0x7fffffff),
      header('P', GIGABYTE),
      header('d', 2),
      header('Z', 5),
      header('\0', 4),
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.from([0x51, 0, 0, 0, 6, 0xff, 0]),
      Buffer.from([0x51, 0, 0, 0, 5, 0x61]),
      Buffer.from([0x44, 0, 0, 0, 6, 0x58, 0]),
    ];
    for (const bytes of hostile) {
      const { session, name } = await open();
      session.send(bytes);
      const fields = errorOf(await session.until('never'));
      assert.match(fields?.code ?? '', /^(08P01|54000)$/, bytes.toString('hex'));
      assert.match(fields?.severity ?? '', /FATAL/, bytes.toString('hex'));
      await gone(name);
    }
    await stillServes();
  });

  it('is not moved by random bytes in an open session', async () => {
    for (let round = 0; round < 50; round += 1) {
      const { session, name } = await open();
      const noise = Buffer.from(
        Array.from({ length: 200 }, (_, index) => (index * 7919 + round * 104_729) % 256),
      );
      session.send(noise);
      session.socket.end();
      await session.until('never');
      await gone(name);
    }
    await stillServes();
  });

  it('understands a session that comes one byte at a time', async () => {
    const { session } = await open();
    const frames = Buffer.concat(
      [...run('select 1'), sync, { type: 'query', query: 'select 2' } as const].map((message) =>
        encode(message),
      ),
    );
    for (const byte of frames) {
      await new Promise<void>((resolve, reject) => {
        session.socket.write(Buffer.from([byte]), (error) => (error ? reject(error) : resolve()));
      });
    }
    const types = (await session.until('Z', 2)).map((frame) => frame.type).join('');
    assert.equal(types, '12DCZTDCZ');
    await session.close();
  });

  it('refuses FunctionCall in words, and the session goes on', async () => {
    const { session } = await open();
    session.send(
      encode({
        type: 'functionCall',
        functionOid: 1598,
        argumentFormats: [],
        arguments: [],
        resultFormat: 0,
      }),
    );
    const fields = errorOf(await session.until());
    assert.match(fields?.message ?? '', /function/i);
    assert.equal((await session.query('select 1')).length, 4);
    await session.close();
  });

  it('passes on that the server ended the session', async () => {
    const { session, name } = await open();
    const [backend] = await backends.of(name);
    assert.ok(backend);
    await backends.terminate(backend.pid);
    assert.equal(errorOf(await session.until('never'))?.code, '57P01');
    await stillServes();
  });
});
