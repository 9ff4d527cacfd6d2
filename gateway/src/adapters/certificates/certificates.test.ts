import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect, createServer } from 'node:tls';
import { SluiceError } from '../../../contract/error.ts';
import { serverCertificate } from './certificates.ts';
import { certificateInForce } from './renewal.ts';

const newFolder = () => mkdtempSync(join(tmpdir(), 'sluice-certificates-'));
const NOW = new Date();
const daysLater = (days: number) => new Date(NOW.getTime() + days * 86_400_000);

test('a client that trusts the authority connects by every name, and by no other', async () => {
  const served = await serverCertificate({ folder: newFolder(), hostNames: ['db.example'] }, NOW);
  const server = createServer({ key: served.key, cert: served.certificate }, (socket) => socket.end()).listen(
    0,
  );
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const handshake = async (servername: string) => {
    const socket = connect({ port, host: '127.0.0.1', ca: served.authority, servername });
    await once(socket, 'secureConnect');
    socket.destroy();
  };
  await handshake('localhost');
  await handshake('db.example');
  await assert.rejects(handshake('evil.example'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  server.close();
});

test('kept files are private and reused', async () => {
  const folder = newFolder();
  const first = await serverCertificate({ folder, hostNames: [] }, NOW);
  assert.deepEqual(await serverCertificate({ folder, hostNames: [] }, daysLater(1)), first);
  assert.equal(statSync(join(folder, 'server.key')).mode & 0o777, 0o600);
});

test('renewed before it ends, under the same authority', async () => {
  const folder = newFolder();
  const first = await serverCertificate({ folder, hostNames: [] }, NOW);
  const later = await serverCertificate({ folder, hostNames: [] }, daysLater(61));
  assert.notEqual(later.certificate, first.certificate);
  assert.equal(later.authority, first.authority);
});

test('a new host name makes a new certificate', async () => {
  const folder = newFolder();
  const first = await serverCertificate({ folder, hostNames: [] }, NOW);
  const second = await serverCertificate({ folder, hostNames: ['10.1.2.3'] }, NOW);
  assert.notEqual(second.certificate, first.certificate);
  const third = await serverCertificate({ folder, hostNames: ['db.example'] }, NOW);
  assert.notEqual(third.certificate, second.certificate);
  assert.deepEqual(await serverCertificate({ folder, hostNames: ['db.example'] }, NOW), third);
});

test('a damaged file is replaced', async () => {
  const folder = newFolder();
  await serverCertificate({ folder, hostNames: [] }, NOW);
  writeFileSync(join(folder, 'server.crt'), 'not a certificate');
  const again = await serverCertificate({ folder, hostNames: [] }, NOW);
  assert.match(again.certificate, /BEGIN CERTIFICATE/);
});

test('a gateway that runs for months renews its certificate on the way', async () => {
  let now = NOW;
  const told: string[] = [];
  const inForce = await certificateInForce(
    { folder: newFolder(), hostNames: [] },
    (line) => told.push(line),
    () => now,
  );
  const first = inForce.current();
  const renewed: string[] = [];
  inForce.onRenewed(({ certificate }) => renewed.push(certificate));
  await inForce.check();
  assert.deepEqual(renewed, []);
  now = daysLater(61);
  await inForce.check();
  inForce.close();
  assert.equal(renewed.length, 1);
  assert.notEqual(inForce.current().certificate, first.certificate);
  assert.equal(inForce.current().authority, first.authority);
});

test('a kept key that is damaged, or not that of its certificate, is made anew', async () => {
  const folder = newFolder();
  await serverCertificate({ folder, hostNames: [] }, NOW);
  for (const text of [
    'garbage',
    (await serverCertificate({ folder: newFolder(), hostNames: [] }, NOW)).key,
  ]) {
    writeFileSync(join(folder, 'server.key'), text);
    const { key, certificate } = await serverCertificate({ folder, hostNames: [] }, NOW);
    createServer({ key, cert: certificate }).close();
  }
});

test('an authority whose key is damaged goes on serving, and is replaced by nobody but its owner', async () => {
  const folder = newFolder();
  const first = await serverCertificate({ folder, hostNames: [] }, NOW);
  writeFileSync(join(folder, 'authority.key'), 'garbage');
  assert.deepEqual(await serverCertificate({ folder, hostNames: [] }, NOW), first);
  await assert.rejects(serverCertificate({ folder, hostNames: ['db.example'] }, NOW), (error) => {
    assert.ok(error instanceof SluiceError);
    assert.equal(error.code, 'config.unreadable');
    assert.ok(error.message.includes(join(folder, 'authority.key')));
    return true;
  });
});

test('configured files that do not serve are told by name', async () => {
  const folder = newFolder();
  await serverCertificate({ folder, hostNames: [] }, NOW);
  const file = (name: string) => join(folder, name);
  writeFileSync(file('garbage'), 'garbage');
  const files = { folder, hostNames: [], certificate: file('server.crt'), key: file('server.key') };
  assert.match((await serverCertificate(files, NOW)).certificate, /BEGIN CERTIFICATE/);
  for (const [changes, named] of [
    [{ certificate: file('garbage') }, file('garbage')],
    [{ key: file('garbage') }, file('garbage')],
    [{ key: file('authority.key') }, file('authority.key')],
    [{ key: file('none') }, file('none')],
  ] as const) {
    await assert.rejects(serverCertificate({ ...files, ...changes }, NOW), (error) => {
      assert.ok(error instanceof SluiceError);
      assert.equal(error.code, 'config.unreadable');
      assert.ok(error.message.includes(named), error.message);
      return true;
    });
  }
});
