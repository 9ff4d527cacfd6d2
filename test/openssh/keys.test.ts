import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fingerprint } from '../../gateway/src/wire/ssh/keys/fingerprint.ts';
import { readPrivateKeyFile, writePrivateKeyFile } from '../../gateway/src/wire/ssh/keys/private-key-file.ts';
import { parsePublicKey, publicKeyOf } from '../../gateway/src/wire/ssh/keys/public-key.ts';
import { signData, verifySignature } from '../../gateway/src/wire/ssh/keys/signature.ts';
import { keyLine } from '../../gateway/src/wire/ssh/lines/key-line.ts';
import { blobIn, GENERATED_TYPES, type GeneratedType, generateKey, type KeyFile, write } from './lab/keys.ts';
import { run, succeed } from './lab/run.ts';
import { securityKey } from './lab/security-key.ts';
import { armoured, NAMESPACE, signatureIn, signedBytes } from './lab/signed-file.ts';

describe('keys and signatures of ssh-keygen', () => {
  let folder: string;
  const keys = new Map<GeneratedType, KeyFile>();

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-openssh-'));
    for (const type of GENERATED_TYPES) keys.set(type, await generateKey(folder, type, type));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function keyOf(type: GeneratedType): KeyFile {
    const key = keys.get(type);
    assert.ok(key);
    return key;
  }

  for (const type of GENERATED_TYPES) {
    it(`${type}: the same fingerprint`, async () => {
      const { file, publicKey } = keyOf(type);
      assert.equal(publicKey.type, type);
      const shown = await succeed('ssh-keygen', ['-l', '-f', `${file}.pub`]);
      assert.equal(fingerprint(publicKey.blob), shown.split(' ')[1]);
    });

    it(`${type}: the private key file`, () => {
      const { file, publicKey } = keyOf(type);
      const read = readPrivateKeyFile(readFileSync(file, 'utf8'));
      assert.ok(read.ok, read.ok ? '' : read.why);
      assert.equal(read.value.comment, `${type} of the lab`);
      assert.deepEqual(publicKeyOf(read.value.key).blob, publicKey.blob);
    });

    it(`${type}: a signature by ssh-keygen is good, and only over what it signed`, async () => {
      const { file, publicKey: key } = keyOf(type);
      const said = await succeed('ssh-keygen', ['-Y', 'sign', '-f', file, '-n', NAMESPACE], 'a message');
      const signature = signatureIn(said);
      assert.ok(verifySignature({ key, data: signedBytes('a message'), signature }).ok);
      assert.ok(!verifySignature({ key, data: signedBytes('another'), signature }).ok);
    });

    it(`${type}: ssh-keygen takes a signature of ours`, async () => {
      const { file, publicKey } = keyOf(type);
      const read = readPrivateKeyFile(readFileSync(file, 'utf8'));
      assert.ok(read.ok);
      const signature = signData(read.value.key, signedBytes('a message'));
      assert.equal(await isTaken(publicKey.blob, signature, 'a message'), true);
      assert.equal(await isTaken(publicKey.blob, signature, 'another'), false);
    });
  }

  /** Whether `ssh-keygen -Y verify` takes a signature. */
  async function isTaken(blob: Buffer, signature: Buffer, message: string): Promise<boolean> {
    const signers = write(folder, 'signers', `ana ${keyLine(blob)}\n`);
    const file = write(folder, 'message.sig', armoured(blob, signature));
    const args = ['-Y', 'verify', '-f', signers, '-I', 'ana', '-n', NAMESPACE, '-s', file];
    return (await run('ssh-keygen', args, message)).code === 0;
  }

  for (const kind of ['ed25519', 'ecdsa'] as const) {
    it(`a security key’s ${kind} signature counts for ssh-keygen and for us, when it was touched`, async () => {
      const { blob, sign } = securityKey(kind);
      const parsed = parsePublicKey(blob);
      assert.ok(parsed.ok, parsed.ok ? '' : parsed.why);
      const data = signedBytes('a message');
      const touched = sign(data, { flags: 0x01, counter: 7 });
      assert.ok(verifySignature({ key: parsed.value, data, signature: touched }).ok);
      assert.equal(await isTaken(blob, touched, 'a message'), true);
      const untouched = sign(data, { flags: 0, counter: 8 });
      const refused = verifySignature({ key: parsed.value, data, signature: untouched });
      assert.match(refused.ok ? '' : refused.why, /nobody touched/);
      const shown = await succeed('ssh-keygen', ['-l', '-f', write(folder, 'sk.pub', `${keyLine(blob)}\n`)]);
      assert.equal(fingerprint(blob), shown.split(' ')[1]);
    });
  }

  it('an RSA key of 1024 bits is too short', async () => {
    const file = join(folder, 'short');
    await succeed('ssh-keygen', ['-q', '-N', '', '-t', 'rsa', '-b', '1024', '-f', file]);
    const parsed = parsePublicKey(blobIn(`${file}.pub`));
    assert.match(parsed.ok ? '' : parsed.why, /2048 to 16384 bits, not 1024/);
  });

  it('an encrypted private key file is told from a broken one', async () => {
    const file = join(folder, 'locked');
    await succeed('ssh-keygen', ['-q', '-N', 'a passphrase', '-t', 'ed25519', '-f', file]);
    const read = readPrivateKeyFile(readFileSync(file, 'utf8'));
    assert.match(read.ok ? '' : read.why, /encrypted \(aes256-ctr\).*ssh-keygen -p/);
  });

  it('a private key file of another format is told how to be converted, and then is read', async () => {
    const file = join(folder, 'pem');
    await succeed('ssh-keygen', ['-q', '-N', '', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-f', file]);
    const read = readPrivateKeyFile(readFileSync(file, 'utf8'));
    const [, command = ''] = /ssh-keygen (-p .*) FILE/.exec(read.ok ? '' : read.why) ?? [];
    await succeed('ssh-keygen', [...command.split(' ').map((word) => word.replaceAll('"', '')), file]);
    assert.ok(readPrivateKeyFile(readFileSync(file, 'utf8')).ok);
  });

  it('ssh-keygen reads the private key file that we write, whatever the length of its comment', async () => {
    for (let length = 0; length < 9; length += 1) {
      const { privateKey } = generateKeyPairSync('ed25519');
      const comment = 'c'.repeat(length);
      const file = write(folder, `written-${length}`, writePrivateKeyFile(privateKey, comment));
      const shown = await succeed('ssh-keygen', ['-y', '-f', file]);
      const { blob } = publicKeyOf(createPublicKey(privateKey));
      assert.equal(shown.trim(), keyLine(blob, comment));
    }
  });
});
