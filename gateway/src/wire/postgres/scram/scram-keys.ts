import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { saslprep } from './saslprep.ts';

/** What a server keeps of a password (RFC 5802 section 3). */
export type ScramVerifier = {
  iterations: number;
  salt: Uint8Array;
  storedKey: Uint8Array;
  serverKey: Uint8Array;
};

/** What a client computes of a password; may be kept for as long as salt and iterations stay the same. */
export type ScramClientKeys = { clientKey: Uint8Array; serverKey: Uint8Array };

export const SCRAM_HASH_BYTES = 32;
const deriveKey = promisify(pbkdf2);

/** ClientKey and ServerKey of RFC 5802 section 3. The expensive part; runs off the main thread. */
export async function clientKeys(
  password: string,
  salt: Uint8Array,
  iterations: number,
): Promise<ScramClientKeys> {
  const salted = await deriveKey(saslprep(password), salt, iterations, SCRAM_HASH_BYTES, 'sha256');
  return { clientKey: hmac(salted, 'Client Key'), serverKey: hmac(salted, 'Server Key') };
}

/** The verifier of a password, for a server to keep. `salt`: 16 random bytes. */
export async function scramVerifier(
  password: string,
  salt: Uint8Array,
  iterations = 4096,
): Promise<ScramVerifier> {
  const { clientKey, serverKey } = await clientKeys(password, salt, iterations);
  return { iterations, salt, storedKey: sha256(clientKey), serverKey };
}

/**
 * The verifier for a login that doesn't exist: always the same for the same name, so that nobody learns from
 * the exchange which names exist. No password matches it. `secret` must stay the same between starts.
 */
export function madeUpVerifier(login: string, secret: Uint8Array, iterations = 4096): ScramVerifier {
  const derive = (purpose: string) => hmac(secret, JSON.stringify([purpose, login]));
  return {
    iterations,
    salt: derive('salt').subarray(0, 16),
    storedKey: derive('stored key'),
    serverKey: derive('server key'),
  };
}

export function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** Both must be `SCRAM_HASH_BYTES` long. */
export function xor(left: Uint8Array, right: Uint8Array): Buffer {
  return Buffer.from(left.map((byte, index) => byte ^ (right[index] ?? 0)));
}

/** In constant time. */
export function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
