import 'reflect-metadata';
import assert from 'node:assert/strict';
import { createHash, webcrypto } from 'node:crypto';
import { it } from 'node:test';
import { X509CertificateGenerator } from '@peculiar/x509';
import { tlsServerEndPoint } from './tls-server-end-point.ts';

type KeyAlgorithm = webcrypto.RsaHashedKeyGenParams | webcrypto.EcKeyGenParams | webcrypto.Algorithm;
type Signing = webcrypto.RsaPssParams | webcrypto.EcdsaParams | webcrypto.Algorithm;

async function certificate(algorithm: KeyAlgorithm, signingAlgorithm: Signing): Promise<Buffer> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  if (!('privateKey' in keys)) throw new Error('a key pair was expected');
  const made = await X509CertificateGenerator.createSelfSigned(
    { name: 'CN=test', keys, signingAlgorithm },
    webcrypto,
  );
  return Buffer.from(made.rawData);
}

const rsa = (name: string, hash: string) => ({
  name,
  hash,
  modulusLength: 1024,
  publicExponent: new Uint8Array([1, 0, 1]),
});

it("hashes a certificate as its signature's hash says, SHA-1 replaced (RFC 5929 section 4.1)", async () => {
  const ec = { name: 'ECDSA', namedCurve: 'P-256' };
  const kinds: [KeyAlgorithm, Signing, string][] = [
    [rsa('RSASSA-PKCS1-v1_5', 'SHA-1'), { name: 'RSASSA-PKCS1-v1_5' }, 'sha256'],
    [rsa('RSASSA-PKCS1-v1_5', 'SHA-256'), { name: 'RSASSA-PKCS1-v1_5' }, 'sha256'],
    [rsa('RSASSA-PKCS1-v1_5', 'SHA-384'), { name: 'RSASSA-PKCS1-v1_5' }, 'sha384'],
    [rsa('RSASSA-PKCS1-v1_5', 'SHA-512'), { name: 'RSASSA-PKCS1-v1_5' }, 'sha512'],
    [rsa('RSA-PSS', 'SHA-384'), { name: 'RSA-PSS', saltLength: 48 }, 'sha384'],
    [ec, { name: 'ECDSA', hash: 'SHA-256' }, 'sha256'],
    [ec, { name: 'ECDSA', hash: 'SHA-512' }, 'sha512'],
  ];
  for (const [algorithm, signing, hash] of kinds) {
    const der = await certificate(algorithm, signing);
    assert.deepEqual(
      tlsServerEndPoint(der),
      createHash(hash).update(der).digest(),
      JSON.stringify(algorithm),
    );
  }
});

it('has nothing for a signature without one hash, and for what is no certificate', async () => {
  const ed25519 = { name: 'Ed25519' };
  assert.equal(tlsServerEndPoint(await certificate(ed25519, ed25519)), null);
  for (const bytes of [[], [0x30], [0x30, 0x82], [0x30, 0x84, 0xff, 0xff, 0xff, 0xff]]) {
    assert.equal(tlsServerEndPoint(Buffer.from(bytes)), null);
  }
});
