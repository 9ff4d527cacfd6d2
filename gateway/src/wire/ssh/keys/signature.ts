import { type KeyObject, sign, verify } from 'node:crypto';
import { decode, type Outcome } from '../bytes/decode.ts';
import { malformed } from '../bytes/malformed.ts';
import type { Reader } from '../bytes/reader.ts';
import { Writer } from '../bytes/writer.ts';
import { CURVES, type CurveName, type KeyType, traitsOf } from './key-type.ts';
import { type PublicKey, publicKeyOf } from './public-key.ts';
import {
  DEMAND_TOUCH,
  type Demands,
  readAssertion,
  signedBySecurityKey,
  unmetDemand,
} from './security-key.ts';

const MAX_SIGNATURE_BYTES = 16 * 1024;
const ED25519_SIGNATURE_BYTES = 64;
const RSA_HASHES: Readonly<Record<string, string>> = { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512' };

export type ToVerify = {
  key: PublicKey;
  /** What was signed. */
  data: Uint8Array;
  /** The algorithm's name and the signature, as SSH carries them (RFC 4253 section 6.6). */
  signature: Uint8Array;
  /** The only algorithm that may have been used, where one was agreed on; without it, any that fits the key. */
  algorithm?: string;
  /** What a security key must have made sure of; a touch when nothing else is said. */
  demands?: Demands;
};

/** Whether `signature` is of `key` over `data`: the algorithm that was used, or in words why it isn't. */
export function verifySignature(asked: ToVerify): Outcome<string> {
  return decode('A signature', asked.signature, MAX_SIGNATURE_BYTES, (reader) => {
    const algorithm = reader.name('its algorithm');
    const unfit = misfit(asked, algorithm);
    if (unfit !== null) return malformed(unfit);
    const isGood = readAndVerify(reader, asked, algorithm);
    if (!isGood) malformed('it is not of this key over this data');
    return algorithm;
  });
}

/** The algorithm of signatures that goes with an algorithm of public keys, certificates' included (RFC 8332). */
export function signatureAlgorithmOf(publicKeyAlgorithm: string): string {
  const [, bare, vendor = ''] = /^(.+?)(?:-cert-v\d+)?(@openssh\.com)?$/.exec(publicKeyAlgorithm) ?? [];
  return bare?.startsWith('sk-') ? `${bare}${vendor}` : (bare ?? publicKeyAlgorithm);
}

/** Why signatures of an algorithm can not be of a type of key, in words; null when they can. */
export function algorithmMisfit(type: KeyType, algorithm: string): string | null {
  if (type === 'ssh-rsa' && algorithm === 'ssh-rsa') {
    return 'ssh-rsa signs with SHA-1, which can be forged; use rsa-sha2-256 or rsa-sha2-512';
  }
  const fits = type === 'ssh-rsa' ? Object.hasOwn(RSA_HASHES, algorithm) : algorithm === type;
  return fits ? null : `its algorithm ${JSON.stringify(algorithm)} does not fit a key of type ${type}`;
}

function misfit({ key, algorithm: agreed }: ToVerify, algorithm: string): string | null {
  const isAgreed = agreed === undefined || algorithm === agreed;
  return (
    algorithmMisfit(key.type, algorithm) ??
    (isAgreed ? null : `it uses ${algorithm} where ${agreed} was agreed on`)
  );
}

function readAndVerify(reader: Reader, asked: ToVerify, algorithm: string): boolean {
  const { key, demands = DEMAND_TOUCH } = asked;
  const signature = reader.string('the signature');
  const traits = traitsOf(key.type);
  const assertion = traits.onSecurityKey ? readAssertion(reader) : null;
  const unmet = assertion && unmetDemand(assertion, demands);
  if (unmet !== null) return malformed(unmet);
  const data =
    assertion === null
      ? asked.data
      : signedBySecurityKey({ application: key.application ?? '', assertion, message: asked.data });
  switch (traits.signs) {
    case 'ed25519':
      if (signature.length !== ED25519_SIGNATURE_BYTES) return malformed('an Ed25519 signature has 64 bytes');
      return verify(null, data, key.key, signature);
    case 'ecdsa':
      return verifyEcdsa(key.key, traits.curve, data, signature);
    case 'rsa':
      return verify(RSA_HASHES[algorithm], data, key.key, filledUp(key.key, signature));
  }
}

/** RFC 5656 section 3.1.2: r and s. */
function verifyEcdsa(key: KeyObject, curve: CurveName, data: Uint8Array, signature: Buffer): boolean {
  const { coordinateBytes, hash } = CURVES[curve];
  const read = decode('Its pair of numbers', signature, MAX_SIGNATURE_BYTES, (reader) => [
    reader.magnitude('r'),
    reader.magnitude('s'),
  ]);
  if (!read.ok) return malformed(read.why);
  if (read.value.some((number) => number.length > coordinateBytes)) return malformed(`a number is too large`);
  const padded = read.value.map((number) => leftPadded(number, coordinateBytes));
  return verify(hash, data, { key, dsaEncoding: 'ieee-p1363' }, Buffer.concat(padded));
}

/** Some clients leave an RSA signature's leading zeros away (RFC 8332 section 3 has them sent). */
function filledUp(key: KeyObject, signature: Buffer): Buffer {
  const length = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
  if (signature.length > length) return malformed('it is longer than its key');
  return leftPadded(signature, length);
}

function leftPadded(bytes: Buffer, length: number): Buffer {
  return Buffer.concat([Buffer.alloc(length - bytes.length), bytes]);
}

/** Signs as SSH does: Ed25519, ECDSA with its curve's hash, RSA as rsa-sha2-512. The signature's whole blob. */
export function signData(privateKey: KeyObject, data: Uint8Array): Buffer {
  const { type } = publicKeyOf(privateKey);
  const traits = traitsOf(type);
  switch (traits.signs) {
    case 'ed25519':
      return new Writer()
        .string(type)
        .string(sign(null, data, privateKey))
        .end();
    case 'rsa':
      return new Writer()
        .string('rsa-sha2-512')
        .string(sign('sha512', data, privateKey))
        .end();
    case 'ecdsa': {
      const { coordinateBytes, hash } = CURVES[traits.curve];
      const pair = sign(hash, data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
      const [r, s] = [pair.subarray(0, coordinateBytes), pair.subarray(coordinateBytes)];
      const numbers = new Writer().magnitude(r).magnitude(s).end();
      return new Writer().string(type).string(numbers).end();
    }
  }
}
