import { createPublicKey, type KeyObject } from 'node:crypto';
import { SluiceError } from '../../../../contract/error.ts';
import { decode, type Outcome } from '../bytes/decode.ts';
import { malformed } from '../bytes/malformed.ts';
import type { Reader } from '../bytes/reader.ts';
import { Writer } from '../bytes/writer.ts';
import { readEcdsaKey, readEd25519Key, readRsaKey } from './key-fields.ts';
import { CURVES, type CurveName, isKeyType, type KeyType, traitsOf } from './key-type.ts';

const MAX_KEY_BYTES = 16 * 1024;

export type PublicKey = {
  type: KeyType;
  key: KeyObject;
  /** What a security key signs for, usually `ssh:`; null for every other type. */
  application: string | null;
  /** As it stands on the wire and, in base64, in files. Two keys are the same when their blobs are. */
  blob: Buffer;
};

/** Reads a public key's blob (RFC 4253 section 6.6, RFC 5656, RFC 8709, PROTOCOL.u2f). */
export function parsePublicKey(blob: Uint8Array): Outcome<PublicKey> {
  return decode('A public key', blob, MAX_KEY_BYTES, (reader) => {
    const type = reader.name('its type');
    if (!isKeyType(type)) return malformed(`keys of type ${JSON.stringify(type)} are not supported`);
    return readPublicKeyFields(reader, type);
  });
}

/** Reads what follows a key's type, in a key's blob and in a certificate's alike. */
export function readPublicKeyFields(reader: Reader, type: KeyType): PublicKey {
  const start = reader.at;
  const traits = traitsOf(type);
  const key = readKey(reader, traits);
  const application = traits.onSecurityKey ? reader.text('the application') : null;
  const blob = new Writer().string(type).bytes(reader.since(start)).end();
  return { type, key, application, blob };
}

function readKey(reader: Reader, traits: ReturnType<typeof traitsOf>): KeyObject {
  switch (traits.signs) {
    case 'ed25519':
      return readEd25519Key(reader);
    case 'ecdsa':
      return readEcdsaKey(reader, traits.curve);
    case 'rsa':
      return readRsaKey(reader);
  }
}

/**
 * The public half of a key of node:crypto, as SSH writes it.
 * @throws SluiceError `wire.unsupported` for a key that is no Ed25519, NIST curve or RSA key of 2048 bits or more.
 */
export function publicKeyOf(key: KeyObject): PublicKey {
  const parsed = parsePublicKey(publicBlobOf(key.type === 'private' ? createPublicKey(key) : key));
  if (!parsed.ok) throw unsupported(parsed.why);
  return parsed.value;
}

function publicBlobOf(key: KeyObject): Buffer {
  if (!['ed25519', 'ec', 'rsa'].includes(key.asymmetricKeyType ?? '')) {
    throw unsupported(`SSH has no name for ${key.asymmetricKeyType ?? key.type} keys`);
  }
  const { crv, x = '', y = '', n = '', e = '' } = key.export({ format: 'jwk' });
  const bytes = (text: string) => Buffer.from(text, 'base64url');
  if (crv === 'Ed25519') return new Writer().string('ssh-ed25519').string(bytes(x)).end();
  if (crv === undefined) return new Writer().string('ssh-rsa').magnitude(bytes(e)).magnitude(bytes(n)).end();
  const curve = curveNames.find((name) => CURVES[name].jwk === crv);
  if (curve === undefined) throw unsupported(`the curve ${crv} has no name in SSH`);
  const point = Buffer.concat([Uint8Array.of(4), bytes(x), bytes(y)]);
  return new Writer().string(`ecdsa-sha2-${curve}`).string(curve).string(point).end();
}

const curveNames: readonly CurveName[] = ['nistp256', 'nistp384', 'nistp521'];

function unsupported(why: string): SluiceError {
  return new SluiceError(
    'wire.unsupported',
    `This key can not be used for SSH: ${why}.`,
    'Use an Ed25519 key, an ECDSA key of a NIST curve, or an RSA key of at least 2048 bits.',
  );
}
