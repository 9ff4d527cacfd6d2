import { createPrivateKey, createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import { SluiceError } from '../../../../contract/error.ts';
import { decode, type Outcome } from '../bytes/decode.ts';
import { malformed } from '../bytes/malformed.ts';
import type { Reader } from '../bytes/reader.ts';
import { Writer } from '../bytes/writer.ts';
import { isKeyType, traitsOf } from './key-type.ts';
import { type ReadPrivateKey, readPrivateFields } from './private-key-fields.ts';
import { parsePublicKey, publicKeyOf } from './public-key.ts';
import { signData, verifySignature } from './signature.ts';

const MAGIC = Buffer.from('openssh-key-v1\0');
const MAX_FILE_BYTES = 64 * 1024;
const BLOCK_BYTES = 8;
const LINE_CHARACTERS = 70;
const BEGIN = '-----BEGIN OPENSSH PRIVATE KEY-----';
const END = '-----END OPENSSH PRIVATE KEY-----';

export type PrivateKeyFile = { key: KeyObject; comment: string };

/**
 * Reads the text of an `openssh-key-v1` file (PROTOCOL.key) that is not encrypted and holds one Ed25519, ECDSA or RSA
 * key. What it gives is checked: the private half signs what the public half verifies.
 */
export function readPrivateKeyFile(text: string): Outcome<PrivateKeyFile> {
  const body = bodyOf(text);
  if (!body.ok) return body;
  return decode('A private key file', body.value, MAX_FILE_BYTES, (reader) => {
    if (!reader.bytes('its magic', MAGIC.length).equals(MAGIC))
      malformed('it does not begin as openssh-key-v1 does');
    refuseEncrypted(reader);
    const keys = reader.uint32('the number of keys');
    if (keys !== 1) malformed(`it holds ${keys} keys, not one`);
    const publicBlob = reader.string('the public key');
    const secret = reader.string('the private key');
    const read = decode('its private part', secret, MAX_FILE_BYTES, readSecret);
    if (!read.ok) return malformed(read.why);
    const key = checkedPair(read.value, publicBlob);
    return { key, comment: read.value.comment };
  });
}

function bodyOf(text: string): Outcome<Buffer> {
  const lines = text.trim().split(/\r?\n/);
  if (lines.at(0) !== BEGIN || lines.at(-1) !== END) {
    return {
      ok: false,
      why: `A private key file of OpenSSH begins with ${BEGIN}; convert others with: ssh-keygen -p -N "" -f FILE`,
    };
  }
  const base64 = lines.slice(1, -1).join('');
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64') === base64) return { ok: true, value: bytes };
  return { ok: false, why: 'A private key file can not be read: what it holds is not base64' };
}

function refuseEncrypted(reader: Reader): void {
  const cipher = reader.name('the cipher');
  const kdf = reader.name('the key derivation');
  const options = reader.string('the options of the key derivation');
  if (cipher !== 'none' || kdf !== 'none') {
    malformed(
      `it is encrypted (${cipher}), and nobody is here to type its passphrase; decrypt a copy that only the gateway can read, with: ssh-keygen -p -N "" -f FILE`,
    );
  }
  if (options.length > 0) malformed('it is not encrypted, and has options for it');
}

function readSecret(reader: Reader): ReadPrivateKey & { comment: string } {
  const [check, again] = [reader.uint32('a check number'), reader.uint32('a check number')];
  if (check !== again) malformed('its check numbers differ');
  const type = reader.name('its type');
  if (!isKeyType(type) || traitsOf(type).onSecurityKey) {
    return malformed(`private keys of type ${JSON.stringify(type)} are not supported`);
  }
  const fields = readPrivateFields(reader, type);
  const comment = reader.text('the comment');
  const padding = reader.bytes('the padding', reader.remaining);
  if (padding.length >= BLOCK_BYTES || padding.some((byte, index) => byte !== index + 1)) {
    malformed('its padding is not 1, 2, 3 …');
  }
  return { ...fields, comment };
}

/** The key, when it and the public blob beside it are halves of one. */
function checkedPair({ jwk }: ReadPrivateKey, publicBlob: Buffer): KeyObject {
  const publicKey = parsePublicKey(publicBlob);
  if (!publicKey.ok) return malformed(publicKey.why);
  const data = Buffer.from('are these two halves of one key?');
  try {
    const key = createPrivateKey({ format: 'jwk', key: jwk });
    const isPair = verifySignature({ key: publicKey.value, data, signature: signData(key, data) }).ok;
    if (isPair && publicKeyOf(createPublicKey(key)).blob.equals(publicBlob)) return key;
  } catch {
    // node:crypto refuses numbers that are no key: not a pair either.
  }
  return malformed('its private half does not belong to its public one');
}

/**
 * Writes an Ed25519 private key as ssh-keygen does without a passphrase, for OpenSSH's own programs to read.
 * @throws SluiceError `wire.unsupported` for another type of key.
 */
export function writePrivateKeyFile(key: KeyObject, comment: string): string {
  const { d, x } = key.export({ format: 'jwk' });
  if (key.asymmetricKeyType !== 'ed25519' || d === undefined || x === undefined) {
    throw new SluiceError('wire.unsupported', 'Only private Ed25519 keys are written for OpenSSH.');
  }
  const [seed, point] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
  const check = randomBytes(4);
  const secret = new Writer()
    .bytes(check)
    .bytes(check)
    .string('ssh-ed25519')
    .string(point)
    .string(Buffer.concat([seed, point]))
    .string(comment.replace(/\p{Cc}/gu, ' '))
    .end();
  const body = new Writer()
    .bytes(MAGIC)
    .string('none')
    .string('none')
    .string('')
    .uint32(1)
    .string(publicKeyOf(key).blob)
    .string(padded(secret))
    .end();
  const lines = body.toString('base64').match(new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g')) ?? [];
  return `${[BEGIN, ...lines, END].join('\n')}\n`;
}

function padded(secret: Buffer): Buffer {
  const missing = (BLOCK_BYTES - (secret.length % BLOCK_BYTES)) % BLOCK_BYTES;
  return Buffer.concat([secret, Uint8Array.from({ length: missing }, (_, index) => index + 1)]);
}
