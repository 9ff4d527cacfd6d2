import type { JsonWebKey } from 'node:crypto';
import { bigintOf, magnitudeOf } from '../bytes/integers.ts';
import { malformed } from '../bytes/malformed.ts';
import type { Reader } from '../bytes/reader.ts';
import { CURVES, type CurveName, type KeyType, traitsOf } from './key-type.ts';

const SEED_BYTES = 32;

export type ReadPrivateKey = { jwk: JsonWebKey };

/** Reads the private key's own fields, which stand between its type and its comment (PROTOCOL.key section 3). */
export function readPrivateFields(reader: Reader, type: KeyType): ReadPrivateKey {
  const traits = traitsOf(type);
  switch (traits.signs) {
    case 'ed25519':
      return { jwk: readEd25519(reader) };
    case 'ecdsa':
      return { jwk: readEcdsa(reader, traits.curve) };
    case 'rsa':
      return { jwk: readRsa(reader) };
  }
}

/** The public key, then the seed with the public key behind it. */
function readEd25519(reader: Reader): JsonWebKey {
  const point = reader.string('the public key');
  const secret = reader.string('the seed');
  const isWhole = secret.length === 2 * SEED_BYTES && secret.subarray(SEED_BYTES).equals(point);
  if (!isWhole) malformed('its seed and public key do not stand as Ed25519 keys do');
  return { kty: 'OKP', crv: 'Ed25519', d: base64url(secret.subarray(0, SEED_BYTES)), x: base64url(point) };
}

function readEcdsa(reader: Reader, curve: CurveName): JsonWebKey {
  const { jwk, coordinateBytes } = CURVES[curve];
  if (reader.name('the curve') !== curve) malformed('it names another curve than its type');
  const point = reader.string('the point');
  if (point.length !== 1 + 2 * coordinateBytes) malformed('its point is not of its curve');
  const scalar = reader.magnitude('the private number');
  if (scalar.length > coordinateBytes) malformed('its private number is not of its curve');
  return {
    kty: 'EC',
    crv: jwk,
    x: base64url(point.subarray(1, 1 + coordinateBytes)),
    y: base64url(point.subarray(1 + coordinateBytes)),
    d: base64url(Buffer.concat([Buffer.alloc(coordinateBytes - scalar.length), scalar])),
  };
}

/** SSH keeps no exponents for the Chinese remainder theorem; a JWK wants them. */
function readRsa(reader: Reader): JsonWebKey {
  const [n, e, d] = [reader.magnitude('n'), reader.magnitude('e'), reader.magnitude('d')];
  const [qi, p, q] = [reader.magnitude('iqmp'), reader.magnitude('p'), reader.magnitude('q')];
  const remainder = (prime: Buffer) => {
    const order = bigintOf(prime) - 1n;
    if (order <= 0n) return malformed('a factor is no prime');
    return base64url(magnitudeOf(bigintOf(d) % order));
  };
  const [dp, dq] = [remainder(p), remainder(q)];
  return {
    kty: 'RSA',
    n: base64url(n),
    e: base64url(e),
    d: base64url(d),
    p: base64url(p),
    q: base64url(q),
    dp,
    dq,
    qi: base64url(qi),
  };
}

function base64url(bytes: Buffer): string {
  return bytes.toString('base64url');
}
