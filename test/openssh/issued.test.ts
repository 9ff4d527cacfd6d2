import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  issueHostCertificate,
  issueUserCertificate,
  type NewUserCertificate,
} from '../../gateway/src/wire/ssh/certificates/issue.ts';
import { fingerprint } from '../../gateway/src/wire/ssh/keys/fingerprint.ts';
import { readPrivateKeyFile, writePrivateKeyFile } from '../../gateway/src/wire/ssh/keys/private-key-file.ts';
import { publicKeyOf } from '../../gateway/src/wire/ssh/keys/public-key.ts';
import { authorizedKeyLine } from '../../gateway/src/wire/ssh/lines/authorized-keys.ts';
import { keyLine } from '../../gateway/src/wire/ssh/lines/key-line.ts';
import { hostAuthorityLine, knownHostLine } from '../../gateway/src/wire/ssh/lines/known-hosts.ts';
import { certify, GENERATED_TYPES, generateKey, type KeyFile, write } from './lab/keys.ts';
import { succeed } from './lab/run.ts';
import { ACCOUNT, type Server, startServer } from './lab/server.ts';

const HOUR_MS = 3_600_000;
const HOST = 'db.lab.example';

describe('OpenSSH takes what we issue', () => {
  const authority = generateKeyPairSync('ed25519');
  const authorityKey = publicKeyOf(authority.publicKey);
  /** Trusted by a line of authorized_keys. */
  const listed = generateKeyPairSync('ed25519');
  const listedKey = publicKeyOf(listed.publicKey);
  let folder: string;
  let server: Server;
  let person: KeyFile;
  let hostKey: KeyFile;
  let plain: KeyFile;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-openssh-'));
    const pair = generateKeyPairSync('ed25519');
    const file = write(folder, 'person', writePrivateKeyFile(pair.privateKey, 'ana'));
    person = { file, publicKey: publicKeyOf(pair.publicKey) };
    hostKey = await generateKey(folder, 'host', 'ssh-ed25519');
    plain = await generateKey(folder, 'plain', 'ssh-ed25519');
    const { blob } = issueHostCertificate(authority.privateKey, {
      publicKey: hostKey.publicKey,
      keyId: 'the lab',
      principals: [HOST],
      ...inAnHour(),
    });
    const command = 'echo "by the line"';
    const lines = [
      authorizedKeyLine(listedKey, { certificateAuthorityFor: ['ana', 'deploy'], command }, 'an authority'),
      authorizedKeyLine(plain.publicKey, { restrict: true, from: ['127.0.0.0/8', '10.*'], command }),
    ];
    server = await startServer(folder, [
      `HostKey ${hostKey.file}`,
      `HostCertificate ${write(folder, 'host-cert.pub', `${keyLine(blob)}\n`)}`,
      `TrustedUserCAKeys ${write(folder, 'authority.pub', `${keyLine(authorityKey.blob)}\n`)}`,
      `AuthorizedKeysFile ${write(folder, 'authorized_keys', `${lines.join('\n')}\n`)}`,
    ]);
  });
  after(() => {
    server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Issues a certificate and leaves it where ssh looks for it. */
  function issue(changes: Partial<NewUserCertificate> = {}, subject = person, signer = authority): bigint {
    const { blob, serial } = issueUserCertificate(signer.privateKey, {
      publicKey: subject.publicKey,
      keyId: 'ana@lab.example',
      principals: [ACCOUNT],
      permissions: ['permit-pty'],
      ...inAnHour(),
      ...changes,
    });
    write(folder, `${subject.file.slice(folder.length + 1)}-cert.pub`, `${keyLine(blob, 'ana')}\n`);
    return serial;
  }

  for (const type of GENERATED_TYPES) {
    it(`ssh-keygen shows what it says, and sshd takes it, for a key of type ${type}`, async () => {
      const subject = await generateKey(folder, `person-${type}`, type);
      const validAfterMs = Date.parse('2026-01-02T03:04:05.678Z');
      const validBeforeMs = Date.parse('2096-05-06T07:08:09Z');
      const serial = issue(
        {
          principals: [ACCOUNT, 'zoë'],
          permissions: ['permit-pty', 'permit-X11-forwarding', 'permit-agent-forwarding'],
          sourceAddresses: ['127.0.0.0/8', '2001:db8::/32'],
          forceCommand: 'echo welcome forced',
          validAfterMs,
          validBeforeMs,
        },
        subject,
      );
      const shown = await succeed('ssh-keygen', ['-L', '-f', `${subject.file}-cert.pub`]);
      assert.equal(
        shown.split('\n').slice(2).join('\n'),
        [
          `        Public key: ${shortName(type)}-CERT ${fingerprint(subject.publicKey.blob)}`,
          `        Signing CA: ED25519 ${fingerprint(authorityKey.blob)} (using ssh-ed25519)`,
          '        Key ID: "ana@lab.example"',
          `        Serial: ${serial}`,
          '        Valid: from 2026-01-02T03:04:05 to 2096-05-06T07:08:09',
          '        Principals: ',
          `                ${ACCOUNT}`,
          '                zoë',
          '        Critical Options: ',
          '                force-command echo welcome forced',
          '                source-address 127.0.0.0/8,2001:db8::/32',
          '        Extensions: ',
          '                permit-X11-forwarding',
          '                permit-agent-forwarding',
          '                permit-pty',
          '',
        ].join('\n'),
      );
      const { code, stdout } = await server.connect(subject.file);
      assert.deepEqual([code, stdout], [0, 'welcome forced\n']);
    });
  }

  it('they are the very bytes that ssh-keygen writes', async () => {
    const signer = await generateKey(folder, 'signer', 'ssh-ed25519');
    const subject = await generateKey(folder, 'subject', 'ssh-ed25519');
    const blob = await certify(signer, subject, [
      ...['-I', 'ana@lab.example', '-n', 'ana,zoë', '-z', '18446744073709551615'],
      ...['-V', '20260102030405:20960506070809', '-O', 'clear', '-O', 'permit-pty', '-O', 'permit-user-rc'],
      ...['-O', 'source-address=10.0.0.0/8', '-O', 'force-command=uptime'],
    ]);
    const file = readPrivateKeyFile(readFileSync(signer.file, 'utf8'));
    assert.ok(file.ok);
    const nonceAt = 4 + blob.readUInt32BE();
    const nonce = blob.subarray(nonceAt + 4, nonceAt + 4 + blob.readUInt32BE(nonceAt));
    const ours = issueUserCertificate(file.value.key, {
      publicKey: subject.publicKey,
      keyId: 'ana@lab.example',
      principals: ['ana', 'zoë'],
      permissions: ['permit-user-rc', 'permit-pty'],
      sourceAddresses: ['10.0.0.0/8'],
      forceCommand: 'uptime',
      validAfterMs: Date.parse('2026-01-02T03:04:05Z'),
      validBeforeMs: Date.parse('2096-05-06T07:08:09Z'),
      random: (bytes) => (bytes === nonce.length ? nonce : Buffer.alloc(bytes, 0xff)),
    });
    assert.equal(ours.blob.toString('hex'), blob.toString('hex'));
  });

  it('sshd takes the key file and the certificate that a client is handed', async () => {
    issue();
    assert.equal((await server.connect(person.file)).stdout, 'welcome\n');
  });

  it('sshd refuses it elsewhere, later and for others', async () => {
    const refused: Partial<NewUserCertificate>[] = [
      { sourceAddresses: ['10.0.0.0/8'] },
      { validAfterMs: Date.now() - 2 * HOUR_MS, validBeforeMs: Date.now() - HOUR_MS },
      { principals: ['nobody-here'] },
    ];
    for (const changes of refused) {
      issue(changes);
      assert.match((await server.connect(person.file)).stderr, /Permission denied/);
    }
  });

  it('sshd forwards for whom it is permitted, and for nobody else', async () => {
    const forwardTo = `127.0.0.1:${server.port}`;
    issue({ permissions: ['permit-pty'] });
    assert.match((await server.connect(person.file, { forwardTo })).stderr, /stdio forwarding failed/);
    issue({ permissions: ['permit-port-forwarding'] });
    assert.match((await server.connect(person.file, { forwardTo })).stdout, /^SSH-2\.0-OpenSSH/);
  });

  it('sshd reads the lines of authorized_keys that we write', async () => {
    issue({ principals: ['deploy'] }, person, listed);
    assert.equal((await server.connect(person.file)).stdout, 'by the line\n');
    issue({ principals: ['dana'] }, person, listed);
    assert.match((await server.connect(person.file)).stderr, /Permission denied/);
    assert.equal((await server.connect(plain.file)).stdout, 'by the line\n');
  });

  it('ssh takes the host’s certificate, for the host that it names', async () => {
    issue();
    const knownHosts = write(
      folder,
      'known_hosts',
      `${hostAuthorityLine(['*.lab.example'], authorityKey)}\n`,
    );
    assert.equal((await server.connect(person.file, { knownHosts, host: HOST })).stdout, 'welcome\n');
    const other = await server.connect(person.file, { knownHosts, host: 'other.lab.example' });
    assert.match(other.stderr, /Host key verification failed/);
    const outside = await server.connect(person.file, { knownHosts, host: 'db.elsewhere.example' });
    assert.match(outside.stderr, /Host key verification failed/);
  });

  it('ssh takes the line that makes a host’s key known', async () => {
    issue();
    const address = { host: '127.0.0.1', port: server.port };
    const right = write(folder, 'known', `${knownHostLine(address, hostKey.publicKey, 'the lab')}\n`);
    assert.equal((await server.connect(person.file, { knownHosts: right })).stdout, 'welcome\n');
    const wrong = write(folder, 'unknown', `${knownHostLine(address, person.publicKey)}\n`);
    assert.match((await server.connect(person.file, { knownHosts: wrong })).stderr, /verification failed/);
  });
});

function inAnHour() {
  return { validAfterMs: Date.now() - HOUR_MS, validBeforeMs: Date.now() + HOUR_MS };
}

/** `ECDSA`, as ssh-keygen names a type to people. */
function shortName(type: string): string {
  return (type.split('-')[type.startsWith('ecdsa') ? 0 : 1] ?? '').toUpperCase();
}
