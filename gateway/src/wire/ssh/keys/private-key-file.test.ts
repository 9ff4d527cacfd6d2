import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { damaged } from '../testing/damage.fixture.ts';
import { makeKeyPair } from '../testing/keys.fixture.ts';
import { readPrivateKeyFile, writePrivateKeyFile } from './private-key-file.ts';
import { publicKeyOf } from './public-key.ts';

const { privateKey, publicKey } = makeKeyPair();

test('what is written is read again, whatever its comment', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (comment) => {
      const text = writePrivateKeyFile(privateKey, comment);
      assert.match(
        text,
        /^-----BEGIN OPENSSH PRIVATE KEY-----\n([A-Za-z0-9+/=]{1,70}\n)+-----END .*-----\n$/,
      );
      const read = readPrivateKeyFile(text);
      assert.ok(read.ok, read.ok ? '' : read.why);
      assert.ok(read.value.key.equals(privateKey));
      assert.equal(read.value.comment, comment.replace(/\p{Cc}/gu, ' '));
    }),
  );
});

test('a damaged file never gives another key, and never makes reading throw', () => {
  const [begin = '', ...rest] = writePrivateKeyFile(privateKey, 'ana').trim().split('\n');
  const end = rest.pop() ?? '';
  for (const body of damaged(Buffer.from(rest.join(''), 'base64'))) {
    const read = readPrivateKeyFile(`${begin}\n${body.toString('base64')}\n${end}`);
    if (read.ok) assert.deepEqual(publicKeyOf(read.value.key).blob, publicKey.blob);
  }
});

test('what is no key file is told', () => {
  const text = writePrivateKeyFile(privateKey, 'ana');
  const pkcs8 = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const cases: readonly [string, RegExp][] = [
    ['', /begins with -----BEGIN OPENSSH PRIVATE KEY-----; convert others with: ssh-keygen -p/],
    [pkcs8, /convert others with/],
    [text.replace('\n', '\n!'), /is not base64/],
    [text.slice(0, -10), /convert others with/],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\n-----END OPENSSH PRIVATE KEY-----', /its magic ends too soon/],
  ];
  for (const [file, why] of cases) {
    const read = readPrivateKeyFile(file);
    assert.match(read.ok ? 'it was read' : read.why, why);
  }
});

test('only Ed25519 keys are written', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  assert.throws(() => writePrivateKeyFile(rsa.privateKey, ''), { code: 'wire.unsupported' });
  assert.throws(() => writePrivateKeyFile(publicKey.key, ''), { code: 'wire.unsupported' });
});
