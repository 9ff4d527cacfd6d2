import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { frame, untypedFrame } from '../../gateway/src/wire/postgres/bytes/frame-builder.ts';
import { encode } from '../../gateway/src/wire/postgres/index.ts';
import { encodeStartUpPacket } from '../../gateway/src/wire/postgres/messages/frontend/start-up.ts';
import { Backends } from './lab/backends.ts';
import { eventually } from './lab/eventually.ts';
import { bootLab, type Lab } from './lab/lab.ts';
import { connectRaw, decoded, openRaw, type RawSession, startUp } from './lab/raw-session.ts';

const SSL_REQUEST = encodeStartUpPacket({ type: 'sslRequest' });
const GSS_REQUEST = encodeStartUpPacket({ type: 'gssEncRequest' });

describe('start-up', () => {
  let lab: Lab;
  let backends: Backends;
  before(async () => {
    lab = await bootLab();
    backends = await Backends.watch(lab);
  });
  after(async () => {
    await backends?.close();
    await lab?.stop();
  });

  async function stillServes(): Promise<void> {
    assert.ok(lab.gateway.running(), lab.gateway.complaints());
    const session = await openRaw(lab.through('scratch'));
    await session.close();
  }

  async function cancel(session: RawSession, change: (key: Buffer) => Buffer): Promise<void> {
    assert.ok(session.key);
    const { processId, secretKey } = session.key;
    const canceller = await connectRaw(lab.through('scratch'));
    canceller.send(encodeStartUpPacket({ type: 'cancelRequest', processId, secretKey: change(secretKey) }));
    assert.equal(await canceller.frame(), null);
  }

  for (const minor of [0, 2]) {
    it(`speaks protocol 3.${minor}, and cancels with its key and with no other`, async () => {
      const name = `cancelled-${minor}`;
      const parameters = { application_name: name };
      const session = await openRaw(lab.through('scratch'), { version: { major: 3, minor }, parameters });
      if (minor === 0) assert.equal(session.key?.secretKey.length, 4);
      session.send(encode({ type: 'query', query: 'select pg_sleep(600)' }));
      await eventually('it sleeps', async () =>
        (await backends.of(name)).some(({ waitEvent }) => waitEvent === 'PgSleep'),
      );
      await cancel(session, (key) => Buffer.from(key.map((byte) => byte ^ 1)));
      assert.equal((await backends.of(name))[0]?.waitEvent, 'PgSleep');
      await cancel(session, (key) => key);
      const fields = (await session.until()).map(decoded).find(({ type }) => type === 'errorResponse');
      assert.equal(fields?.type === 'errorResponse' && fields.fields.code, '57014');
      assert.equal((await session.query('select 1')).length, 4);
      await session.close();
    });
  }

  it('negotiates a newer minor version and unknown options down', async () => {
    const route = lab.through('scratch');
    const session = await connectRaw(route);
    session.send(startUp(route, { version: { major: 3, minor: 9999 }, parameters: { '_pq_.new': '1' } }));
    const first = await session.frame();
    const message = first === null ? null : decoded(first);
    assert.ok(message?.type === 'negotiateProtocolVersion');
    assert.equal(message.newest.major, 3);
    assert.deepEqual(message.unrecognizedOptions, ['_pq_.new']);
    session.socket.destroy();
  });

  it('answers SSLRequest with S and then speaks TLS; GSS encryption with N', async () => {
    const { host, port } = lab.through('scratch');
    const socket = connect({ host, port });
    socket.write(GSS_REQUEST);
    assert.deepEqual((await once(socket, 'data'))[0], Buffer.from('N'));
    socket.write(SSL_REQUEST);
    assert.deepEqual((await once(socket, 'data'))[0], Buffer.from('S'));
    const secure = connectTls({ socket, rejectUnauthorized: false });
    await once(secure, 'secureConnect');
    secure.write(startUp(lab.through('scratch')));
    const [reply] = await once(secure, 'data');
    assert.match(reply.toString('latin1'), /^R[\s\S]*SCRAM-SHA-256-PLUS/);
    secure.destroy();
  });

  it('refuses what was slipped in before TLS began', async () => {
    const { host, port } = lab.through('scratch');
    const socket = connect({ host, port });
    socket.on('error', () => undefined);
    socket.write(Buffer.concat([SSL_REQUEST, startUp(lab.through('scratch'))]));
    let reply = '';
    socket.on('data', (chunk: Buffer) => {
      reply += chunk.toString('latin1');
    });
    await once(socket, 'close');
    assert.doesNotMatch(reply, /SCRAM/);
    await stillServes();
  });

  it('closes on garbage and hostile lengths, and goes on serving others', async () => {
    const length = (value: number) => {
      const bytes = Buffer.alloc(8);
      bytes.writeInt32BE(value);
      return bytes;
    };
    const hostile = [
      ...[0, 3, 7, -1, 10_001, 0x7fffffff, -2147483648].map(length),
      Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
      Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0]),
      untypedFrame().int32(0x20000).uint8(0).end(),
      untypedFrame().int32(196608).uint8(0).end(),
      untypedFrame().int32(196608).cstring('user').end(),
      untypedFrame()
        .int32(196608)
        .cstring('user')
        .bytes(Buffer.from([0xff, 0, 0]))
        .end(),
      untypedFrame().int32(80877102).int32(1).end(),
      untypedFrame().int32(80877102).int32(1).bytes(Buffer.alloc(300)).end(),
      Buffer.alloc(100_000, 0xff),
    ];
    for (const bytes of hostile) {
      const session = await connectRaw(lab.through('scratch'));
      session.send(bytes);
      await session.until('never').catch(() => undefined);
      assert.ok(lab.gateway.running(), bytes.toString('hex', 0, 40));
      session.socket.destroy();
    }
    await stillServes();
  });

  it('closes on a malformed or unasked answer to its login', async () => {
    const route = lab.through('scratch');
    const answers = [
      frame('p').cstring('SCRAM-SHA-1').int32(3).text('n,,').end(),
      frame('p').cstring('SCRAM-SHA-256').int32(-1).end(),
      frame('p').cstring('SCRAM-SHA-256').int32(1000).text('n,,n=,r=a').end(),
      frame('p').cstring('SCRAM-SHA-256').int32(9).text('y,,n=,r=\u0001').end(),
      frame('p').cstring('password').end(),
      encode({ type: 'query', query: 'select 1' }),
      encode({ type: 'sync' }),
      Buffer.from('p\x7f\xff\xff\xff', 'latin1'),
    ];
    for (const answer of answers) {
      const session = await connectRaw(route);
      session.send(startUp(route));
      await session.until('R');
      session.send(answer);
      const rest = (await session.until('never')).map(decoded);
      assert.deepEqual(
        rest.map(({ type }) => type),
        ['errorResponse'],
        answer.toString('latin1'),
      );
    }
    await stillServes();
  });

  it('serves others while many connections say nothing', async () => {
    const { host, port } = lab.through('scratch');
    const silent = Array.from({ length: 100 }, () => connect({ host, port }));
    await Promise.all(silent.map((socket) => once(socket, 'connect')));
    await stillServes();
    for (const socket of silent) socket.destroy();
  });
});
