import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { malformed } from '../bytes/malformed.ts';
import type { Reader } from '../bytes/reader.ts';
import { CURVES, type CurveName } from './key-type.ts';

const ED25519_BYTES = 32;
const MIN_RSA_BITS = 2048;
const MAX_RSA_BITS = 16384;
const MAX_EXPONENT_BYTES = 8;
const UNCOMPRESSED = 4;

/** RFC 8709 section 4. */
export function readEd25519Key(reader: Reader): KeyObject {
  const point = reader.string('the public key');
  if (point.length !== ED25519_BYTES) malformed(`an Ed25519 key has 32 bytes, not ${point.length}`);
  return imported({ kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') });
}

/** RFC 5656 section 3.1; the curve that the blob names must be the one of its type. */
export function readEcdsaKey(reader: Reader, curve: CurveName): KeyObject {
  const named = reader.name('the curve');
  if (named !== curve) malformed(`its type is of curve ${curve}, and it names ${JSON.stringify(named)}`);
  const { jwk, coordinateBytes } = CURVES[curve];
  const point = reader.string('the point');
  if (point.length !== 1 + 2 * coordinateBytes || point[0] !== UNCOMPRESSED) {
    malformed(`its point is not an uncompressed one of ${curve}`);
  }
  return imported({
    kty: 'EC',
    crv: jwk,
    x: point.subarray(1, 1 + coordinateBytes).toString('base64url'),
    y: point.subarray(1 + coordinateBytes).toString('base64url'),
  });
}

/** RFC 4253 section 6.6: exponent, then modulus. */
export function readRsaKey(reader: Reader): KeyObject {
  const exponent = reader.magnitude('the exponent');
  const modulus = reader.magnitude('the modulus');
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
    malformed(
      `RSA keys have ${MIN_RSA_BITS} to ${MAX_RSA_BITS} bits, not ${modulus.length === 0 ? 0 : bits}`,
    );
  }
  if (isEven(modulus) || isEven(exponent)) malformed('an RSA key has an odd modulus and exponent');
  const isOne = exponent.length === 1 && exponent[0] === 1;
  if (isOne || exponent.length > MAX_EXPONENT_BYTES)
    malformed('its RSA exponent is 1, or of more than 64 bits');
  return imported({ kty: 'RSA', e: exponent.toString('base64url'), n: modulus.toString('base64url') });
}

function isEven(magnitude: Buffer): boolean {
  return ((magnitude.at(-1) ?? 0) & 1) === 0;
}

function imported(key: JsonWebKey): KeyObject {
  try {
    return createPublicKey({ format: 'jwk', key });
  } catch {
    return malformed('it is no point of its curve');
  }
}
