import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ActionRecord } from '../../gateway/contract/record.ts';
import { Requests } from '../../gateway/src/proxies/postgres/testing/requests.ts';
import { freePort } from '../../scripts/processes/free-port.ts';
import { run } from '../openssh/lab/run.ts';
import { openSshLab, type SshLab } from './lab/lab.ts';

/** Connections that the real ssh forwards: -L, -D, -W, -R, and sockets of files. */

let lab: SshLab;
let echo: Server;
let echoPort: number;
let closedPort: number;
let bound: number;
before(async () => {
  lab = await openSshLab('version: 1\nrules: []');
  echo = createServer({ allowHalfOpen: true }, (socket) => {
    reached.push(socket.on('error', () => undefined));
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const address = echo.address();
  echoPort = typeof address === 'object' && address !== null ? address.port : 0;
  closedPort = await freePort();
  bound = await freePort();
  lab.policy.activate(`
version: 1
rules:
  - { id: run, owner: ops@shop.example, who: { groups: [developers] }, on: { programs: [echo, sleep] }, doing: [run], then: allow, because: Tests need it. }
  - { id: there, owner: ops@shop.example, who: { groups: [developers] }, on: { destinations: ["127.0.0.1:${echoPort}", "127.0.0.1:${closedPort}"] }, doing: [forward], then: allow, because: The echo is for all. }
  - { id: ask, owner: ops@shop.example, who: { groups: [developers] }, on: { destinations: ["localhost:${echoPort}"] }, doing: [forward], then: { approve: { by: [ops] } }, because: By its other name somebody must agree. }
  - { id: back, owner: ops@shop.example, who: { groups: [developers] }, on: { destinations: ["localhost:${bound}"] }, doing: [remoteForward], then: allow, because: A way back. }
`);
});
const children: ChildProcess[] = [];
const reached: Socket[] = [];
after(() => {
  for (const child of children) child.kill('SIGKILL');
  for (const socket of reached) socket.destroy();
  lab?.close();
  echo?.close();
});

const recordsOf = (statement: string) => lab.recorder.records.filter((one) => one.statement === statement);

/** Waits until a record is there and `holds` of it. */
async function recorded(statement: string, holds: (record: ActionRecord) => boolean): Promise<ActionRecord> {
  for (;;) {
    const found = recordsOf(statement).find(holds);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** An ssh that only forwards, once it does. */
async function forwarding(options: readonly string[], ready: RegExp): Promise<ChildProcess> {
  const args = ['-v', '-N', '-o', 'ExitOnForwardFailure=yes', ...options, ...lab.arguments()];
  const child = spawn('ssh', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(child);
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (ready.test(said)) resolve();
    });
    child.once('close', () => reject(new Error(said)));
  });
  return child;
}

/** Sends a text and the end of it; gives what comes back until the other end. */
async function said(socket: Socket, text: string): Promise<string> {
  let heard = '';
  socket.on('data', (chunk: Buffer) => {
    heard += chunk.toString();
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => undefined);
  socket.end(text);
  await closed;
  return heard;
}

test('-L reaches what a rule names and nothing else, and each connection is recorded with its bytes', async () => {
  const [there, elsewhere] = [await freePort(), await freePort()];
  const child = await forwarding(
    ['-L', `${there}:127.0.0.1:${echoPort}`, '-L', `${elsewhere}:127.0.0.2:${echoPort}`],
    /Entering interactive session|pledge/,
  );
  const text = 'hello\n'.repeat(50_000);
  assert.equal(await said(connect(there, '127.0.0.1'), text), text);
  const statement = `connect to 127.0.0.1:${echoPort}`;
  const record = await recorded(statement, ({ outcome }) => outcome !== null);
  assert.deepEqual([record.outcome?.status, record.outcome?.bytes], ['done', 2 * text.length]);
  assert.equal(await said(connect(elsewhere, '127.0.0.1'), 'hello'), '');
  const refused = await recorded(`connect to 127.0.0.2:${echoPort}`, ({ outcome }) => outcome !== null);
  assert.equal(refused.outcome?.status, 'refused');
  assert.match(refused.decision.sentence, /no rule lets you connect to 127\.0\.0\.2:\d+ through it/);
  child.kill();
});

test('-W and -D are decided as -L is, and odd ways to write an address are refused', async () => {
  const through = (to: string) => run('ssh', ['-W', to, ...lab.arguments()], 'hello\n');
  assert.equal((await through(`127.0.0.1:${echoPort}`)).stdout, 'hello\n');
  assert.equal((await through(`[::ffff:127.0.0.1]:${echoPort}`)).stdout, 'hello\n');
  for (const to of ['2130706433', '0x7f.1', '127.1', '127.0.0.3']) {
    const { code, stdout } = await through(`${to}:${echoPort}`);
    assert.deepEqual([code === 0, stdout], [false, ''], to);
  }
  assert.notEqual((await through(`127.0.0.1:${closedPort}`)).code, 0);
  const failed = await recorded(`connect to 127.0.0.1:${closedPort}`, ({ outcome }) => outcome !== null);
  assert.equal(failed.outcome?.status, 'failed');
  const proxy = await freePort();
  const child = await forwarding(['-D', String(proxy)], /Entering interactive session|pledge/);
  const socket = connect(proxy, '127.0.0.1');
  socket.write(Buffer.from([5, 1, 0]));
  await once(socket, 'data');
  socket.write(Buffer.from([5, 1, 0, 1, 127, 0, 0, 1, echoPort >> 8, echoPort & 255]));
  const [reply] = (await once(socket, 'data')) as [Buffer];
  assert.equal(reply[1], 0);
  assert.equal(await said(socket, 'by socks\n'), 'by socks\n');
  child.kill();
});

test('a forward that somebody must agree to waits for them', async () => {
  const requests = new Requests(lab);
  const asked = requests.next();
  const ended = run('ssh', ['-W', `localhost:${echoPort}`, ...lab.arguments()], 'held\n');
  await requests.approve(await asked);
  assert.equal((await ended).stdout, 'held\n');
});

test('-R listens where a rule says so, and each connection that comes is decided', async () => {
  const child = await forwarding(
    ['-R', `localhost:${bound}:127.0.0.1:${echoPort}`],
    /remote forward success/,
  );
  assert.equal(await said(connect(bound, '127.0.0.1'), 'back\n'), 'back\n');
  const taken = () =>
    lab.recorder.records.find(({ statement }) =>
      statement.startsWith(`take a connection on localhost:${bound}`),
    );
  while (taken()?.outcome == null) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual([taken()?.outcome?.status, taken()?.outcome?.bytes], ['done', 10]);
  const policy = lab.policy.yaml;
  lab.policy.activate(policy.replace('[remoteForward], then: allow', '[remoteForward], then: block'));
  assert.equal(await said(connect(bound, '127.0.0.1'), 'back\n'), '');
  lab.policy.activate(policy);
  child.kill();
  await once(child, 'close');
  const listening = await recorded(`listen on localhost:${bound}`, ({ outcome }) => outcome !== null);
  assert.equal(listening.outcome?.status, 'done');
  await assert.rejects(
    forwarding(['-R', `localhost:${await freePort()}:127.0.0.1:${echoPort}`], /remote forward success/),
    /remote port forwarding failed/,
  );
});

test('sockets of files are forwarded in neither direction', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-forward-'));
  const file = join(folder, 'socket');
  const server = createServer((socket) => socket.end('reached')).listen(file);
  await once(server, 'listening');
  const local = await freePort();
  const child = await forwarding(['-L', `${local}:${file}`], /Entering interactive session|pledge/);
  assert.equal(await said(connect(local, '127.0.0.1'), ''), '');
  child.kill();
  await assert.rejects(
    forwarding(['-R', `${join(folder, 'other')}:127.0.0.1:${echoPort}`], /remote forward success/),
    /forwarding failed/,
  );
  server.close();
});

test('so many connections and ports may be open at one time', async (context) => {
  const few = await openSshLab(lab.policy.yaml, { maxForwards: 2, idleMs: 1500 });
  context.after(() => few.close());
  const local = await freePort();
  const child = spawn('ssh', ['-v', '-N', '-L', `${local}:127.0.0.1:${echoPort}`, ...few.arguments()], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.push(child);
  let told = '';
  await new Promise<void>((resolve) =>
    child.stderr.on('data', (chunk: Buffer) => {
      told += chunk.toString();
      if (/Entering interactive session/.test(told)) resolve();
    }),
  );
  const sockets = [connect(local, '127.0.0.1'), connect(local, '127.0.0.1')];
  for (const socket of sockets) {
    socket.write('hello');
    await once(socket, 'data');
  }
  assert.equal(await said(connect(local, '127.0.0.1'), 'one too many'), '');
  // What carries nothing is closed in time, and makes room.
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
  child.kill();
  assert.deepEqual(few.faults, []);
});

test('a client that leaves leaves nothing open', async () => {
  const local = await freePort();
  const child = await forwarding(
    ['-L', `${local}:127.0.0.1:${echoPort}`],
    /Entering interactive session|pledge/,
  );
  const statement = `connect to 127.0.0.1:${echoPort}`;
  const before = recordsOf(statement).length;
  const socket = connect(local, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('hello');
  await once(socket, 'data');
  child.kill('SIGKILL');
  while (recordsOf(statement)[before]?.outcome == null)
    await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(lab.faults, []);
});
