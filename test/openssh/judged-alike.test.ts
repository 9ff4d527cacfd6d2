import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Writer } from '../../gateway/src/wire/ssh/bytes/writer.ts';
import { parseCertificate } from '../../gateway/src/wire/ssh/certificates/certificate.ts';
import { type Judgement, judgeCertificate } from '../../gateway/src/wire/ssh/certificates/judge.ts';
import { readPrivateKeyFile } from '../../gateway/src/wire/ssh/keys/private-key-file.ts';
import { signData } from '../../gateway/src/wire/ssh/keys/signature.ts';
import { keyLine } from '../../gateway/src/wire/ssh/lines/key-line.ts';
import { CASES, GOOD } from './lab/cases.ts';
import { certify, GENERATED_TYPES, generateKey, type KeyFile, write } from './lab/keys.ts';
import { securityKey } from './lab/security-key.ts';
import { ACCOUNT, type Server, startServer } from './lab/server.ts';

describe('sshd and we judge alike', () => {
  let folder: string;
  let server: Server;
  let authorities: KeyFile[];
  let authority: KeyFile;
  let person: KeyFile;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-openssh-'));
    person = await generateKey(folder, 'person', 'ssh-ed25519');
    const hostKey = await generateKey(folder, 'host', 'ssh-ed25519');
    authorities = await Promise.all(
      GENERATED_TYPES.map((type) => generateKey(folder, `authority-${type}`, type)),
    );
    authority = authorities[0] ?? person;
    const trusted = authorities.map(({ publicKey }) => `${keyLine(publicKey.blob)}\n`).join('');
    server = await startServer(folder, [
      `HostKey ${hostKey.file}`,
      `TrustedUserCAKeys ${write(folder, 'authorities', trusted)}`,
    ]);
  });
  after(() => {
    server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function judge(blob: Buffer): Judgement {
    return judgeCertificate(blob, {
      authorities: authorities.map(({ publicKey }) => publicKey),
      kind: 'user',
      principal: ACCOUNT,
      nowMs: Date.now(),
      sourceAddress: '127.0.0.1',
    });
  }

  async function isLetIn(identity = person): Promise<boolean> {
    const { code, stdout } = await server.connect(identity.file);
    return code === 0 && stdout.startsWith('welcome');
  }

  /** Puts a certificate that ssh-keygen would not make where ssh looks for it. */
  function put(blob: Buffer): void {
    writeFileSync(`${person.file}-cert.pub`, `${keyLine(blob)}\n`);
  }

  for (const { name, args, outcome, sshdLetsIn } of CASES) {
    it(`a certificate ${name}: ${outcome}`, async () => {
      assert.equal(outcomeOf(judge(await certify(authority, person, args))), outcome);
      assert.equal(await isLetIn(), outcome === 'valid' || sshdLetsIn === true);
    });
  }

  it('a certificate of another authority: unknownAuthority', async () => {
    const other = await generateKey(folder, 'other', 'ssh-ed25519');
    assert.equal(outcomeOf(judge(await certify(other, person, GOOD))), 'unknownAuthority');
    assert.equal(await isLetIn(), false);
  });

  for (const type of GENERATED_TYPES) {
    it(`a certificate for a key of type ${type}: valid`, async () => {
      const subject = await generateKey(folder, `person-${type}`, type);
      const judged = judge(await certify(authority, subject, GOOD));
      assert.ok(judged.kind === 'valid');
      assert.deepEqual([judged.serial, judged.keyId, judged.principals], [7n, 'ana', [ACCOUNT, 'deploy']]);
      assert.deepEqual(judged.publicKey.blob, subject.publicKey.blob);
      assert.equal(await isLetIn(subject), true);
    });

    it(`a certificate by an authority of type ${type}: valid`, async () => {
      const signer = authorities[GENERATED_TYPES.indexOf(type)] ?? authority;
      assert.equal(outcomeOf(judge(await certify(signer, person, GOOD))), 'valid');
      assert.equal(await isLetIn(), true);
    });
  }

  it('a certificate for a security key: valid, and it says what the key must show', async () => {
    const { blob } = securityKey('ecdsa');
    const file = write(folder, 'security-key.pub', `${keyLine(blob)}\n`).slice(0, -'.pub'.length);
    const demandsOf = async (...options: string[]) => {
      const judged = judge(await certify(authority, { file }, [...GOOD, ...options]));
      assert.ok(judged.kind === 'valid');
      assert.deepEqual(judged.publicKey.blob, blob);
      return judged.demands;
    };
    assert.deepEqual(await demandsOf(), { touch: true, verified: false });
    assert.deepEqual(await demandsOf('-O', 'no-touch-required'), { touch: false, verified: false });
    assert.deepEqual(await demandsOf('-O', 'verify-required'), { touch: true, verified: true });
  });

  it('a certificate that an RSA authority signed with SHA-1: badSignature', async () => {
    const signer = authorities[GENERATED_TYPES.indexOf('ssh-rsa')] ?? authority;
    const judged = judge(await certify(signer, person, [...GOOD, '-t', 'ssh-rsa']));
    assert.match(judged.kind === 'refused' ? judged.message : '', /SHA-1/);
    assert.equal(outcomeOf(judged), 'badSignature');
    assert.equal(await isLetIn(), false);
  });

  it('a certificate that a certificate signed: nestedAuthority', async () => {
    const vouched = await generateKey(folder, 'vouched', 'ssh-ed25519');
    const vouchedBlob = await certify(authority, vouched, GOOD);
    const blob = await certify(vouched, person, GOOD);
    const nested = replaceAuthority(blob, vouchedBlob, readFileSync(vouched.file, 'utf8'));
    put(nested);
    assert.equal(outcomeOf(judge(nested)), 'nestedAuthority');
    assert.equal(await isLetIn(), false);
  });

  it('a certificate with a byte changed: badSignature', async () => {
    const blob = await certify(authority, person, GOOD);
    blob.write('A', blob.indexOf('ana'));
    put(blob);
    assert.equal(outcomeOf(judge(blob)), 'badSignature');
    assert.equal(await isLetIn(), false);
  });

  it('a certificate with bytes behind its end: malformed', async () => {
    const blob = Buffer.concat([await certify(authority, person, GOOD), Buffer.alloc(4)]);
    put(blob);
    assert.equal(outcomeOf(judge(blob)), 'malformed');
    assert.equal(await isLetIn(), false);
  });
});

function outcomeOf(judged: Judgement): string {
  return judged.kind === 'valid' ? 'valid' : judged.reason;
}

/** The same certificate with another authority's blob in it, signed by that authority's private key. */
function replaceAuthority(blob: Buffer, authorityBlob: Buffer, privateKeyFile: string): Buffer {
  const certificate = parseCertificate(blob);
  const file = readPrivateKeyFile(privateKeyFile);
  assert.ok(certificate.ok && file.ok);
  const { signed, authorityBlob: old } = certificate.value;
  const replaced = new Writer()
    .bytes(signed.subarray(0, -(4 + old.length)))
    .string(authorityBlob)
    .end();
  return new Writer().bytes(replaced).string(signData(file.value.key, replaced)).end();
}
