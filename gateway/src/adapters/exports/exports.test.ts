import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { SqlFacts } from '../../../contract/facts.ts';
import { RecordId, SessionId, TargetName } from '../../../contract/ids.ts';
import type { RecordOutcome } from '../../../contract/record.ts';
import type { ExportConfig } from '../../config.ts';
import { Secret } from '../../core/access/secret.ts';
import type { Clock } from '../../core/approvals/approvals.ts';
import { issueAuthority, issueServerCertificate } from '../certificates/issue.ts';
import { aRecord } from '../store/a-record.fixture.ts';
import { databaseFile } from '../store/database-file.ts';
import { LogFile } from '../store/log-file.ts';
import { openStore, type Store } from '../store/store.ts';
import { Exporter } from './exporter.ts';
import { openExports } from './exports.ts';
import { ocsfAction } from './ocsf/action.ts';
import { destinationOf, sinkOf } from './sink-of.ts';

const NOTHING_KNOWN: SqlFacts = {
  protocol: 'sql',
  kind: 'select',
  node: 'SelectStmt',
  readOnly: true,
  hasWhere: null,
  reads: [],
  writes: [],
  disclosed: [],
  conditions: [],
  functions: [],
  settings: [],
  unknowns: [],
};
const done: RecordOutcome = { status: 'done', sqlState: null, rows: 2, bytes: 9, durationMs: 1.5 };

/** Waits are noted, and over at once. */
class HastyClock implements Clock {
  readonly waits: number[] = [];
  now = () => new Date();
  wake(afterMs: number, call: () => void): () => void {
    this.waits.push(afterMs);
    const timer = setTimeout(call, 2);
    return () => clearTimeout(timer);
  }
}

type Bench = {
  dir: string;
  store: Store;
  clock: HastyClock;
  told: string[];
  open(config: Partial<ExportConfig>): Promise<Exporter>;
  reopen(): Promise<void>;
};

/** Exports in the test's own thread, whose waits are over at once. */
async function bench(context: TestContext): Promise<Bench> {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-exports-'));
  const data = join(dir, 'data');
  const clock = new HastyClock();
  const told: string[] = [];
  const opened = new Map<Exporter, DatabaseSync>();
  let cursor = 0;
  const close = async () => {
    for (const [exporter, raw] of opened) {
      await exporter.close();
      raw.close();
    }
    opened.clear();
    await made.store.close();
  };
  const made: Bench = {
    dir,
    store: await openStore({ dir: data }),
    clock,
    told,
    async open({ includeStatement = true, ...config }) {
      await imported(made.store);
      const raw = new DatabaseSync(databaseFile(data), { readOnly: true });
      const exporter = new Exporter({
        name: 'siem',
        sink: sinkOf(destinationOf({ name: 'siem', includeStatement, ...config })),
        telling: { productVersion: '1.2.3', includeStatement },
        log: new LogFile(raw),
        cursor,
        keep: async (reached) => {
          cursor = reached;
        },
        clock,
        tell: (line) => told.push(line),
      });
      opened.set(exporter, raw);
      return exporter;
    },
    async reopen() {
      await close();
      made.store = await openStore({ dir: data });
    },
  };
  context.after(async () => {
    await close();
    rmSync(dir, { recursive: true, force: true });
  });
  return made;
}

async function keep(store: Store, from: number, to: number): Promise<void> {
  const numbers = Array.from({ length: to - from }, (_, at) => from + at);
  await Promise.all(numbers.map((n) => store.recorder.keep(aRecord(n, { outcome: done }))));
}

/** Resolves once all that was recorded is in the database: looking for records takes the journal over. */
async function imported(store: Store): Promise<void> {
  await store.records.list({ principal: null, target: null, before: null, limit: 1 });
}

/** Resolves once all that the log holds was taken. */
async function caughtUp({ store }: Bench, exported: Exporter): Promise<void> {
  await imported(store);
  const last = await store.lastSeq();
  await until(() => exported.status.cursor === last);
}

/** Resolves once it holds; asked again with every turn of the hasty clock. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Of actions: the store notes by itself with which key it signs. */
const uidsOf = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => {
    const { class_uid, metadata } = JSON.parse(line);
    return class_uid === 6005 ? [metadata.uid] : [];
  });
const uids = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => String(aRecord(from + at).id));
const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');

test('into a file: everything in the log’s order, put aside by size, on after a restart, a torn line cut', async (context) => {
  const it = await bench(context);
  const path = join(it.dir, 'audit.jsonl');
  const file = { path, maxBytes: 40_000, keep: 20 };
  await keep(it.store, 0, 20);
  const first = await it.open({ file });
  await caughtUp(it, first);
  await it.reopen();
  writeFileSync(path, `${readFileSync(path, 'utf8')}{"half`);
  const second = await it.open({ file });
  for (let n = 20; n < 60; n += 10) {
    await keep(it.store, n, n + 10);
    await caughtUp(it, second);
  }
  const files = Array.from({ length: 20 }, (_, n) => `${path}.${20 - n}`).filter((name) => existsSync(name));
  assert.ok(files.length >= 1);
  const lines = [...files, path].flatMap((name) => linesOf(readFileSync(name, 'utf8')));
  assert.deepEqual(uidsOf(lines), uids(0, 60));
});

test('an action is told once it has ended, an event as it happened, and the answer with neither', async (context) => {
  const it = await bench(context);
  const path = join(it.dir, 'audit.jsonl');
  const { outcome: _, ...running } = aRecord(1);
  await it.store.recorder.open(running).durable();
  await it.store.recorder.note({
    id: RecordId.parse('01890000-0000-7000-8000-000000000002'),
    at: '2026-01-01T00:00:01.000Z',
    by: null,
    fact: {
      kind: 'sessionOpened',
      session: SessionId.parse('s'),
      target: TargetName.parse('web-1'),
      surface: 'ssh',
      account: 'deploy',
      network: '10.0.0.7',
    },
  });
  await it.store.recorder.close(running.id, {
    ...done,
    answer: { columns: ['a'], rows: [['shown']], isCut: false },
  });
  const exported = await it.open({ file: { path, maxBytes: 1_000_000, keep: 1 } });
  await caughtUp(it, exported);
  const [, session, action] = linesOf(readFileSync(path, 'utf8')).map((line) => JSON.parse(line));
  assert.equal(session.class_uid, 4007);
  assert.deepEqual(session.src_endpoint, { ip: '10.0.0.7' });
  assert.equal(action.type_uid, 600_599);
  assert.equal(action.query_info.query_string, running.statement);
  assert.equal(action.actor.user.uid, 'person:ana@shop.example');
  assert.equal(action.metadata.product.version, '1.2.3');
  assert.equal(action.unmapped.sluice.rows, 2);
  assert.ok(!JSON.stringify(action).includes('shown'));
});

test('without statements none leaves', async (context) => {
  const it = await bench(context);
  const path = join(it.dir, 'audit.jsonl');
  await keep(it.store, 0, 1);
  const exported = await it.open({ includeStatement: false, file: { path, maxBytes: 1_000_000, keep: 1 } });
  await caughtUp(it, exported);
  assert.ok(!readFileSync(path, 'utf8').includes('select'));
});

test('without statements nothing that a parser quotes of one leaves either', async (context) => {
  const it = await bench(context);
  const path = join(it.dir, 'audit.jsonl');
  const { decision } = aRecord(0);
  const sentence = 'syntax error at or near "4111"';
  await it.store.recorder.keep(aRecord(0, { outcome: done, decision: { ...decision, sentence } }));
  const exported = await it.open({ includeStatement: false, file: { path, maxBytes: 1_000_000, keep: 1 } });
  await caughtUp(it, exported);
  assert.ok(!readFileSync(path, 'utf8').includes('4111'));
});

test('what a gateway can not read is told as that, and holds up nothing behind it', async (context) => {
  const it = await bench(context);
  const path = join(it.dir, 'audit.jsonl');
  const odd = aRecord(1, { outcome: { ...done, rows: 0.5 } });
  await it.store.recorder.keep(odd);
  await it.store.recorder.keep(aRecord(2, { outcome: done }));
  await it.store.audit.checkpoint();
  const exported = await it.open({ file: { path, maxBytes: 1_000_000, keep: 1 } });
  await until(() => exported.status.sent === 3);
  const told = linesOf(readFileSync(path, 'utf8')).map((line) => JSON.parse(line));
  assert.deepEqual(
    told.slice(1).map(({ class_uid, metadata }) => [class_uid, metadata.uid]),
    [
      [6003, odd.id],
      [6005, aRecord(2).id],
    ],
  );
});

test('no statement makes an event without bounds', () => {
  const many = Array.from({ length: 100_000 }, (_, n) => `function f${n} is not known`);
  const facts = { ...NOTHING_KNOWN, unknowns: many };
  const decision = { ...aRecord(0).decision, sentence: many.join('; ') };
  const event = ocsfAction(1, aRecord(0, { facts, decision, outcome: done }), {
    productVersion: '1',
    includeStatement: true,
  });
  assert.ok(JSON.stringify(event).length < 100_000);
});

type Answerer = (request: IncomingMessage, body: string, response: ServerResponse) => void;

async function httpReceiver(context: TestContext, answer: Answerer): Promise<Secret> {
  const server = createHttpServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    answer(request, body, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return new Secret(`http://127.0.0.1:${port}/in`);
}

test('to HTTP: with the token; what is refused is tried again ever more slowly, and told once', async (context) => {
  const it = await bench(context);
  const taken: string[] = [];
  let refusals = 4;
  const url = await httpReceiver(context, (request, body, response) => {
    assert.equal(request.headers.authorization, 'Bearer swordfish');
    assert.equal(request.headers['content-type'], 'application/x-ndjson; charset=utf-8');
    if (refusals-- > 0) {
      response.writeHead(503).end('no');
      return;
    }
    taken.push(...linesOf(body));
    response.writeHead(204).end();
  });
  await keep(it.store, 0, 3);
  const exported = await it.open({ http: { url, token: new Secret('swordfish') } });
  await caughtUp(it, exported);
  assert.deepEqual(uidsOf(taken), uids(0, 3));
  const [waits, goesOn, ...more] = it.told;
  assert.equal(waits, 'Export siem waits: It answered 503. It is tried again until it is taken.');
  assert.equal(goesOn, 'Export siem goes on.');
  assert.deepEqual(more, []);
  assert.deepEqual(it.clock.waits.slice(0, 4), [1000, 2000, 4000, 8000]);
});

test('to HTTP: a receiver of small batches gets halves, and loses nothing', async (context) => {
  const it = await bench(context);
  const taken: string[] = [];
  const url = await httpReceiver(context, (_request, body, response) => {
    const lines = linesOf(body);
    if (lines.length <= 3) taken.push(...lines);
    response.writeHead(lines.length <= 3 ? 200 : 413).end();
  });
  await keep(it.store, 0, 50);
  const exported = await it.open({ http: { url } });
  await caughtUp(it, exported);
  assert.deepEqual(uidsOf(taken), uids(0, 50));
});

test('a receiver that keeps its answer holds up nobody, and gets it all again after a restart', async (context) => {
  const it = await bench(context);
  let isSlow = true;
  const taken: string[] = [];
  const asked = Promise.withResolvers<void>();
  const url = await httpReceiver(context, (_request, body, response) => {
    taken.push(...linesOf(body));
    asked.resolve();
    if (!isSlow) response.writeHead(200).end();
  });
  await keep(it.store, 0, 5);
  const exported = await it.open({ http: { url } });
  await asked.promise;
  await keep(it.store, 5, 2000);
  assert.equal(exported.status.cursor, 0);
  await it.reopen();
  isSlow = false;
  const again = await it.open({ http: { url } });
  await caughtUp(it, again);
  assert.deepEqual(uidsOf(taken), [...uids(0, 5), ...uids(0, 2000)]);
});

/** Messages of RFC 5425's frames. */
function messagesOf(bytes: Buffer): string[] {
  const messages: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(' ', at);
    const length = Number(bytes.toString('latin1', at, space));
    assert.ok(space > at && space + 1 + length <= bytes.length, 'a whole frame');
    messages.push(bytes.toString('utf8', space + 1, space + 1 + length));
    at = space + 1 + length;
  }
  return messages;
}

async function syslogReceiver(context: TestContext, serve: (socket: TLSSocket) => void) {
  const authority = await issueAuthority(new Date());
  const issued = await issueServerCertificate(authority, ['127.0.0.1'], new Date());
  const server = createTlsServer({ key: issued.key, cert: issued.certificate }, serve);
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  return { port: (server.address() as AddressInfo).port, authority: authority.certificate };
}

test('to syslog over TLS: RFC 5424 in frames; a server that dies before it has read gets it again', async (context) => {
  const it = await bench(context);
  let deaths = 2;
  const received: string[] = [];
  const { port, authority } = await syslogReceiver(context, (socket) => {
    if (deaths-- > 0) {
      socket.once('data', () => socket.destroy());
      socket.on('error', () => undefined);
      return;
    }
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('end', () => received.push(...messagesOf(Buffer.concat(chunks))));
  });
  const ca = join(it.dir, 'ca.pem');
  writeFileSync(ca, authority);
  await keep(it.store, 0, 700);
  await it.store.recorder.keep(aRecord(700, { outcome: { ...done, status: 'refused' } }));
  const exported = await it.open({ syslog: { address: { host: '127.0.0.1', port }, facility: 13, ca } });
  await caughtUp(it, exported);
  assert.equal(exported.status.failures, 2);
  const [, first = '', ...rest] = received;
  assert.match(first, /^<110>1 2026-01-01T00:00:00.000Z \S+ sluice \d+ DatastoreActivity - \ufeff\{/);
  assert.match(rest.at(-1) ?? '', /^<108>1 /);
  assert.deepEqual(
    uidsOf(received.map((message) => message.slice(message.indexOf('\ufeff') + 1))),
    uids(0, 701),
  );
});

test('to syslog: a server that closes before it has read gets it again', async (context) => {
  const it = await bench(context);
  let closings = 2;
  const received: string[] = [];
  const { port, authority } = await syslogReceiver(context, (socket) => {
    context.after(() => socket.destroy());
    socket.on('error', () => undefined);
    if (closings-- > 0) {
      socket.end();
      return;
    }
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('end', () => received.push(...messagesOf(Buffer.concat(chunks))));
  });
  const ca = join(it.dir, 'ca.pem');
  writeFileSync(ca, authority);
  await keep(it.store, 0, 3);
  const exported = await it.open({ syslog: { address: { host: '127.0.0.1', port }, facility: 13, ca } });
  await caughtUp(it, exported);
  assert.equal(exported.status.failures, 2);
  assert.deepEqual(
    uidsOf(received.map((message) => message.slice(message.indexOf('\ufeff') + 1))),
    uids(0, 3),
  );
});

test('to syslog: a server of another authority gets nothing', async (context) => {
  const it = await bench(context);
  let bytes = 0;
  const { port } = await syslogReceiver(context, (socket) => {
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    socket.on('error', () => undefined);
  });
  await keep(it.store, 0, 3);
  const exported = await it.open({ syslog: { address: { host: '127.0.0.1', port }, facility: 13 } });
  await until(() => exported.status.failures > 0);
  assert.equal(bytes, 0);
  assert.equal(exported.status.cursor, 0);
});

test('in their own thread: on after a restart with the cursor that the store kept, and a gateway without any has none', async (context) => {
  const it = await bench(context);
  const path = join(it.dir, 'audit.jsonl');
  const open = () =>
    openExports({
      exports: [{ name: 'archive', includeStatement: true, file: { path, maxBytes: 1_000_000, keep: 1 } }],
      database: databaseFile(join(it.dir, 'data')),
      documents: it.store.documents,
      productVersion: '1',
      tell: (line) => it.told.push(line),
    });
  for (const [from, to] of [
    [0, 5],
    [5, 9],
  ] as const) {
    await keep(it.store, from, to);
    await imported(it.store);
    const last = await it.store.lastSeq();
    const exported = await open();
    await until(() => exported.status()[0]?.cursor === last);
    await exported.close();
    await it.reopen();
  }
  assert.deepEqual(uidsOf(linesOf(readFileSync(path, 'utf8'))), uids(0, 9));
  assert.deepEqual(it.told, []);
});
