import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { openSshLab, type SshLab } from './lab/lab.ts';

/** Clients that mean no good keep nobody else out. */

const POLICY = `
version: 1
rules:
  - { id: look, owner: ops@shop.example, who: everyone, on: { programs: [echo] }, doing: [run], then: allow, because: b }
`;
const HALF_OPEN = 1000;

let lab: SshLab;
before(async () => {
  lab = await openSshLab(POLICY, { maxConnections: 5000, maxStartups: 50, loginGraceMs: 60_000 });
});
after(() => lab?.close());

const open = async (said: Buffer | string = ''): Promise<Socket> => {
  const socket = connect(lab.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.resume();
  await once(socket, 'connect');
  if (said.length > 0) socket.write(said);
  return socket;
};
const works = async () => assert.equal((await lab.ssh('echo a')).stdout, 'a\n');

test('a thousand connections that say nothing', async () => {
  const sockets = await Promise.all(Array.from({ length: HALF_OPEN }, () => open()));
  await works();
  const left = sockets.filter((socket) => !socket.closed);
  assert.ok(left.length <= 50, `${left.length} are open`);
  for (const socket of sockets) socket.destroy();
});

test('garbage before and inside the key exchange ends that connection alone', async () => {
  for (const said of [
    randomBytes(100_000),
    'GET / HTTP/1.1\r\n\r\n',
    Buffer.alloc(1_000_000, 'a'),
    Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), randomBytes(200_000)]),
    Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), Buffer.from([0xff, 0xff, 0xff, 0xff]), randomBytes(1000)]),
    Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), Buffer.from([0, 0, 0, 1, 0])]),
  ]) {
    const socket = await open(said);
    socket.end();
    if (!socket.closed) await once(socket, 'close');
    await works();
  }
  assert.deepEqual(lab.faults, []);
});

test('attempts to log in end with the connection', async () => {
  const { code, stderr } = await lab.ssh(
    'echo a',
    '-o',
    'CertificateFile=none',
    '-i',
    '/nonexistent',
    '-l',
    'nobody',
  );
  assert.equal(code, 255);
  assert.match(stderr, /Permission denied|closed|Too many/);
  await works();
});
