import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as elapsed } from 'node:timers/promises';
import { Client } from 'pg';
import { BodyReader } from '../../wire/postgres/bytes/body-reader.ts';
import {
  type BackendMessage,
  decodeBackend,
  encode,
  type FrontendMessage,
} from '../../wire/postgres/index.ts';
import { encodeStartUpPacket } from '../../wire/postgres/messages/frontend/start-up.ts';
import {
  answerServerFirst,
  beginScramClient,
  keysOfPassword,
} from '../../wire/postgres/scram/scram-client.ts';
import { isLoopback } from './front/loopback.ts';
import { checkStartUpParameters } from './front/start-up-parameters.ts';
import { type Lab, openLab, PASSWORD } from './testing/lab.ts';

let lab: Lab;
before(async () => {
  lab = await openLab({ loginGraceMs: 1500, maxConnections: 8, idleMs: 700 });
});
after(() => lab.close());

/** A client that speaks frame by frame. */
class RawClient {
  readonly socket: Socket;
  #bytes = Buffer.alloc(0);
  #wake: () => void = () => undefined;
  #ended = false;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', (chunk) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#wake();
    });
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  async bytes(count: number): Promise<Buffer | null> {
    while (this.#bytes.length < count) {
      if (this.#ended) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }

  async message(): Promise<BackendMessage | null> {
    const header = await this.bytes(5);
    if (header === null) return null;
    const body = await this.bytes(header.readInt32BE(1) - 4);
    return body === null ? null : decodeBackend(header[0] ?? 0, new BodyReader(body));
  }

  async until(type: BackendMessage['type']): Promise<BackendMessage[]> {
    const seen: BackendMessage[] = [];
    for (;;) {
      const message = await this.message();
      if (message === null) return seen;
      seen.push(message);
      if (message.type === type) return seen;
    }
  }

  startUp(parameters: Record<string, string>, minor = 0): void {
    const version = { major: 3, minor };
    const all = new Map(Object.entries({ user: 'dora', database: 'scratch', ...parameters }));
    this.socket.write(encodeStartUpPacket({ type: 'startupMessage', version, parameters: all }));
  }

  async logIn(parameters: Record<string, string> = {}, minor = 0): Promise<BackendMessage[]> {
    this.startUp(parameters, minor);
    const asked = await this.until('authenticationSasl');
    const last = asked.at(-1);
    if (last?.type !== 'authenticationSasl') return asked;
    const begun = beginScramClient({ offered: last.mechanisms, endPoint: null, nonce: 'abcdefghijkl' });
    this.socket.write(encode({ type: 'saslInitialResponse', mechanism: begun.mechanism, data: begun.data }));
    const [first] = await this.until('authenticationSaslContinue');
    assert.ok(first?.type === 'authenticationSaslContinue');
    const { data } = await answerServerFirst(begun.awaiting, first.data, keysOfPassword(PASSWORD));
    this.socket.write(encode({ type: 'saslResponse', data }));
    return [...asked, ...(await this.until('readyForQuery'))];
  }
}

function errorOf(messages: readonly (BackendMessage | null)[]): { code?: string; message?: string } {
  const found = messages.find((message) => message?.type === 'errorResponse');
  return found?.type === 'errorResponse' ? found.fields : {};
}

test('GSS encryption is declined, and protocol 3.2 gets a long cancel key', async () => {
  const client = new RawClient(lab.port);
  client.socket.write(encodeStartUpPacket({ type: 'gssEncRequest' }));
  assert.equal((await client.bytes(1))?.toString(), 'N');
  const greeting = await client.logIn({}, 2);
  const key = greeting.find((message) => message.type === 'backendKeyData');
  assert.equal(key?.type === 'backendKeyData' && key.secretKey.length, 32);
  client.socket.end(encode({ type: 'terminate' }));
});

test('a newer minor version and unknown protocol options are negotiated down', async () => {
  const client = new RawClient(lab.port);
  const [negotiated] = await client.logIn({ '_pq_.unheard_of': 'on' }, 9999);
  assert.deepEqual(negotiated, {
    type: 'negotiateProtocolVersion',
    newest: { major: 3, minor: 2 },
    unrecognizedOptions: ['_pq_.unheard_of'],
  });
  client.socket.destroy();
});

test('the client learns nothing of who the gateway is upstream', async () => {
  const client = new RawClient(lab.port);
  const greeting = await client.logIn();
  const told = greeting.flatMap((message) => (message.type === 'parameterStatus' ? [message] : []));
  assert.equal(told.find(({ name }) => name === 'session_authorization')?.value, 'dora');
  assert.ok(!JSON.stringify(told).includes('sluice_gateway'));
  client.socket.destroy();
});

test('replication, other encodings and unlisted settings are refused in words', async () => {
  const refused: Array<Record<string, string>> = [
    { replication: 'database' },
    { client_encoding: 'LATIN1' },
    { standard_conforming_strings: 'off' },
    { session_preload_libraries: 'x' },
    { options: '-c role=postgres' },
    { options: '-B 100' },
    { timezone: 'Nowhere/Never' },
    { datestyle: 'upside down' },
  ];
  for (const parameters of refused) {
    const client = new RawClient(lab.port);
    const { code, message } = errorOf(await client.logIn(parameters));
    assert.equal(code, '22023', JSON.stringify(parameters));
    assert.ok((message ?? '').length > 20);
  }
});

test('a function call is refused in words, and the session goes on', async () => {
  const client = new RawClient(lab.port);
  await client.logIn();
  const call: FrontendMessage = {
    type: 'functionCall',
    functionOid: 1,
    argumentFormats: [],
    arguments: [],
    resultFormat: 0,
  };
  client.socket.write(encode(call));
  assert.equal(errorOf(await client.until('readyForQuery')).code, '0A000');
  client.socket.write(encode({ type: 'query', query: 'select 1' }));
  assert.equal(errorOf(await client.until('readyForQuery')).code, undefined);
  client.socket.destroy();
});

test('pipelined refusals: what went before is answered, what comes after is skipped to Sync', async () => {
  const client = new RawClient(lab.port);
  await client.logIn();
  const portal = { portal: '', parameterFormats: [], parameters: [], resultFormats: [] };
  const ask = (query: string) => [
    encode({ type: 'parse', statement: '', query, parameterTypes: [] }),
    encode({ type: 'bind', statement: '', ...portal }),
    encode({ type: 'execute', portal: '', maxRows: 0 }),
  ];
  const frames = [
    ...ask('select 1'),
    ...ask('vacuum nothing_here, ('),
    ...ask('select 2'),
    encode({ type: 'sync' }),
  ];
  // One byte at a time, so that every frame is cut at every place.
  for (const byte of Buffer.concat([...frames, ...ask('select 3'), encode({ type: 'sync' })])) {
    client.socket.write(Buffer.of(byte));
  }
  const first = await client.until('readyForQuery');
  assert.deepEqual(
    first.map(({ type }) => type),
    ['parseComplete', 'bindComplete', 'dataRow', 'commandComplete', 'errorResponse', 'readyForQuery'],
  );
  const second = await client.until('readyForQuery');
  assert.deepEqual(
    second.map(({ type }) => type),
    ['parseComplete', 'bindComplete', 'dataRow', 'commandComplete', 'readyForQuery'],
  );
  client.socket.destroy();
});

test('hostile bytes end the connection with an error, before and after login', async () => {
  for (const bytes of [
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.from([0, 0, 0, 3]),
    Buffer.from([0xff, 0xff, 0xff, 0xff]),
  ]) {
    const client = new RawClient(lab.port);
    client.socket.write(bytes);
    await client.until('readyForQuery');
  }
  const client = new RawClient(lab.port);
  await client.logIn();
  client.socket.write(Buffer.from([0x51, 0, 0, 0, 1, 0]));
  assert.equal(errorOf(await client.until('readyForQuery')).code, '08P01');
});

test('a client that does not log in is dropped, and too many are told so', async () => {
  const silent = Array.from({ length: 8 }, () => new RawClient(lab.port));
  await Promise.all(silent.map(({ socket }) => once(socket, 'connect')));
  const late = new RawClient(lab.port);
  assert.equal(errorOf([await late.message()]).code, '53300');
  await Promise.all(silent.map((client) => client.until('readyForQuery')));
});

test('a session without statements is closed in words', async () => {
  const client = new RawClient(lab.port);
  await client.logIn();
  assert.match(errorOf([await client.message()]).message ?? '', /no statement came for too long/);
});

test('start-up options are read strictly', () => {
  const accepted = checkStartUpParameters(
    new Map([['options', '-c TimeZone=Europe/Madrid --statement-timeout=5s']]),
  );
  assert.equal(accepted.kind, 'accepted');
  assert.equal(accepted.kind === 'accepted' && accepted.parameters.get('timezone'), 'Europe/Madrid');
  assert.equal(accepted.kind === 'accepted' && accepted.parameters.get('statement_timeout'), '5s');
});

test('what drivers are told to set at start-up is passed on', async () => {
  const client = new Client({
    connectionString: lab.url('ana'),
    ssl: { ca: lab.certificate },
    options: '-c jit=off -c default_transaction_read_only=on',
  });
  await client.connect();
  assert.deepEqual((await client.query('SHOW jit')).rows, [{ jit: 'off' }]);
  await assert.rejects(client.query('CREATE TEMP TABLE t ()'));
  assert.deepEqual((await client.query('SHOW default_transaction_read_only')).rows, [
    { default_transaction_read_only: 'on' },
  ]);
  await client.end();
});

test('loopback is told from everything else', () => {
  for (const address of ['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])
    assert.equal(isLoopback(address), true);
  for (const address of ['10.0.0.1', '128.0.0.1', '::2', '', '127.0.0.1.example'])
    assert.equal(isLoopback(address), false);
});

test('whoever goes away or talks nonsense in the TLS handshake is no fault of the gateway', async () => {
  const before = lab.faults.length;
  for (const leave of [
    (socket: Socket) => socket.end(),
    (socket: Socket) => socket.resetAndDestroy(),
    (socket: Socket) => socket.end('nonsense\n'),
  ]) {
    const socket = connect(lab.port, lab.host).on('error', () => undefined);
    socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]));
    await once(socket, 'data');
    const closed = once(socket, 'close');
    leave(socket);
    await closed;
  }
  await elapsed(200);
  assert.deepEqual(lab.faults.slice(before), []);
});
