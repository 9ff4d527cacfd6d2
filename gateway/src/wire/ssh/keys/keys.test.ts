import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { bigintOf } from '../bytes/integers.ts';
import { Writer } from '../bytes/writer.ts';
import { damaged, spliced } from '../testing/damage.fixture.ts';
import { makeKeyPair, makeKeyPairs, SOFTWARE_TYPES } from '../testing/keys.fixture.ts';
import { certificateTypeOf, certifiedTypeOf, isCertificateName } from './key-type.ts';
import { parsePublicKey, publicKeyOf } from './public-key.ts';
import { signatureAlgorithmOf, signData, verifySignature } from './signature.ts';

const pairs = makeKeyPairs();
const data = Buffer.from('what is signed');

test('every type is written and read again', () => {
  assert.deepEqual(
    pairs.map(({ publicKey }) => publicKey.type),
    SOFTWARE_TYPES,
  );
  for (const { publicKey } of pairs) {
    const parsed = parsePublicKey(publicKey.blob);
    assert.ok(parsed.ok);
    assert.ok(parsed.value.key.equals(publicKey.key));
    assert.deepEqual(parsed.value.blob, publicKey.blob);
  }
});

test('a damaged key never makes reading throw, and is never read as the one that it was', () => {
  for (const { publicKey } of pairs) {
    for (const blob of damaged(publicKey.blob)) {
      const parsed = parsePublicKey(blob);
      if (parsed.ok) assert.deepEqual([parsed.value.blob, blob.equals(publicKey.blob)], [blob, false]);
    }
  }
});

test('no splicing of keys makes reading throw', () => {
  const samples = pairs.map(({ publicKey }) => publicKey.blob);
  fc.assert(fc.property(spliced(samples), (blob) => void parsePublicKey(blob)));
});

test('a signature is good for its key and data alone', () => {
  for (const { privateKey, publicKey: key } of pairs) {
    const signature = signData(privateKey, data);
    assert.ok(verifySignature({ key, data, signature }).ok);
    assert.ok(!verifySignature({ key, data: Buffer.from('something else'), signature }).ok);
    for (const other of pairs.filter(({ publicKey }) => publicKey !== key)) {
      assert.ok(!verifySignature({ key: other.publicKey, data, signature }).ok);
    }
  }
});

test('a signature under another algorithm’s name is refused, whatever the key', () => {
  const names = [...SOFTWARE_TYPES, 'rsa-sha2-256', 'rsa-sha2-512', 'sk-ssh-ed25519@openssh.com', 'none', ''];
  for (const { privateKey, publicKey: key } of pairs) {
    const signature = signData(privateKey, data);
    const nameLength = signature.readUInt32BE();
    const own = signature.toString('latin1', 4, 4 + nameLength);
    for (const name of names.filter((one) => one !== own)) {
      const relabelled = new Writer()
        .string(name)
        .bytes(signature.subarray(4 + nameLength))
        .end();
      assert.ok(!verifySignature({ key, data, signature: relabelled }).ok, `${key.type} as ${name}`);
    }
  }
});

test('an algorithm that was not agreed on is refused', () => {
  const rsa = pairs.at(-1);
  assert.ok(rsa);
  const asked = { key: rsa.publicKey, data, signature: signData(rsa.privateKey, data) };
  assert.deepEqual(verifySignature({ ...asked, algorithm: 'rsa-sha2-512' }), {
    ok: true,
    value: 'rsa-sha2-512',
  });
  const refused = verifySignature({ ...asked, algorithm: 'rsa-sha2-256' });
  assert.match(refused.ok ? '' : refused.why, /rsa-sha2-512 where rsa-sha2-256 was agreed on/);
});

test('rsa-sha2-256 is taken, SHA-1 is not', () => {
  const rsa = pairs.at(-1);
  assert.ok(rsa);
  const signature = (name: string, hash: string) =>
    new Writer()
      .string(name)
      .string(sign(hash, data, rsa.privateKey))
      .end();
  const key = rsa.publicKey;
  assert.ok(verifySignature({ key, data, signature: signature('rsa-sha2-256', 'sha256') }).ok);
  const sha1 = verifySignature({ key, data, signature: signature('ssh-rsa', 'sha1') });
  assert.match(sha1.ok ? '' : sha1.why, /SHA-1/);
  assert.ok(!verifySignature({ key, data, signature: signature('rsa-sha2-256', 'sha1') }).ok);
});

test('a damaged signature is never good and never makes verifying throw', () => {
  for (const { privateKey, publicKey: key } of pairs) {
    for (const signature of damaged(signData(privateKey, data))) {
      assert.ok(!verifySignature({ key, data, signature }).ok);
    }
  }
});

test('numbers of ECDSA that are out of range are refused', () => {
  const ecdsa = pairs[1];
  assert.ok(ecdsa);
  const order = bigintOf(
    Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex'),
  );
  for (const pair of [
    [0n, 0n],
    [0n, 1n],
    [1n, 0n],
    [-1n, 1n],
    [order, order],
    [order + 1n, 1n],
    [2n ** 300n, 1n],
  ]) {
    const numbers = pair.reduce((writer, number) => writer.mpint(number), new Writer()).end();
    const signature = new Writer().string('ecdsa-sha2-nistp256').string(numbers).end();
    assert.ok(!verifySignature({ key: ecdsa.publicKey, data, signature }).ok);
  }
});

test('a key says what is wrong with it', () => {
  const point = Buffer.concat([Uint8Array.of(4), Buffer.alloc(64, 1)]);
  const cases: readonly [Buffer, RegExp][] = [
    [new Writer().string('ssh-dss').end(), /keys of type "ssh-dss" are not supported/],
    [new Writer().string('ssh-ed25519').string(Buffer.alloc(31)).end(), /32 bytes, not 31/],
    [new Writer().string('ecdsa-sha2-nistp256').string('nistp384').string(point).end(), /names "nistp384"/],
    [
      new Writer().string('ecdsa-sha2-nistp256').string('nistp256').string(point).end(),
      /no point of its curve/,
    ],
    [
      new Writer().string('ecdsa-sha2-nistp256').string('nistp256').string(point.subarray(0, 33)).end(),
      /not an uncompressed/,
    ],
    [rsaBlob(65537n, 2n ** 1024n - 1n), /not 1024/],
    [rsaBlob(65537n, 2n ** 2047n), /odd modulus/],
    [rsaBlob(2n, 2n ** 2048n - 1n), /odd modulus and exponent/],
    [rsaBlob(1n, 2n ** 2048n - 1n), /exponent is 1/],
    [rsaBlob(2n ** 64n + 1n, 2n ** 2048n - 1n), /more than 64 bits/],
    [rsaBlob(3n, 0n), /not 0/],
    [Buffer.alloc(20_000), /longer than/],
  ];
  for (const [blob, why] of cases) {
    const parsed = parsePublicKey(blob);
    assert.match(parsed.ok ? 'it was read' : parsed.why, why);
  }
});

test('a key of node:crypto that SSH has no name for is told', () => {
  const { publicKey } = generateKeyPairSync('ed448');
  assert.throws(() => publicKeyOf(publicKey), { code: 'wire.unsupported', message: /no name for ed448/ });
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
  assert.throws(() => publicKeyOf(weak.publicKey), { code: 'wire.unsupported', message: /not 1024/ });
});

test('names of certificates and their keys belong together', () => {
  for (const type of [...SOFTWARE_TYPES, 'sk-ssh-ed25519@openssh.com'] as const) {
    const name = certificateTypeOf(type);
    assert.equal(certifiedTypeOf(name), type);
    assert.ok(isCertificateName(name) && !isCertificateName(type));
  }
  assert.equal(certificateTypeOf('sk-ssh-ed25519@openssh.com'), 'sk-ssh-ed25519-cert-v01@openssh.com');
  assert.equal(certifiedTypeOf('ssh-ed25519'), null);
  assert.equal(certifiedTypeOf('ssh-dss-cert-v01@openssh.com'), null);
});

test('an algorithm of public keys names the one of its signatures', () => {
  const named = [
    ['ssh-ed25519', 'ssh-ed25519'],
    ['ssh-ed25519-cert-v01@openssh.com', 'ssh-ed25519'],
    ['ecdsa-sha2-nistp521-cert-v01@openssh.com', 'ecdsa-sha2-nistp521'],
    ['rsa-sha2-512-cert-v01@openssh.com', 'rsa-sha2-512'],
    ['ssh-rsa-cert-v01@openssh.com', 'ssh-rsa'],
    ['sk-ssh-ed25519@openssh.com', 'sk-ssh-ed25519@openssh.com'],
    ['sk-ecdsa-sha2-nistp256-cert-v01@openssh.com', 'sk-ecdsa-sha2-nistp256@openssh.com'],
  ] as const;
  for (const [algorithm, signs] of named) assert.equal(signatureAlgorithmOf(algorithm), signs);
});

test('Ed25519 signatures over random data are good', () => {
  const { privateKey, publicKey: key } = makeKeyPair();
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      (bytes) => verifySignature({ key, data: bytes, signature: signData(privateKey, bytes) }).ok,
    ),
    { numRuns: 30 },
  );
});

function rsaBlob(exponent: bigint, modulus: bigint): Buffer {
  return new Writer().string('ssh-rsa').mpint(exponent).mpint(modulus).end();
}
