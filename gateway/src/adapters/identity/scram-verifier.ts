import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { ScramVerifier } from '../../core/access/principals.ts';
import type { Secret } from '../../core/access/secret.ts';

/** PostgreSQL's own default, and the least that RFC 7677 allows. Keys here are random, not chosen words. */
const ITERATIONS = 4096;
const SALT_BYTES = 16;
const SHA256_BYTES = 32;

/** What a SCRAM-SHA-256 server keeps of a password (RFC 5802 section 3). */
export async function scramVerifier(password: Secret): Promise<ScramVerifier> {
  const salt = randomBytes(SALT_BYTES);
  // SASLprep (RFC 4013) comes down to NFKC for every character that may stand in a password.
  const prepared = password.reveal().normalize('NFKC');
  const salted = await promisify(pbkdf2)(prepared, salt, ITERATIONS, SHA256_BYTES, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  return {
    iterations: ITERATIONS,
    salt,
    storedKey: createHash('sha256').update(clientKey).digest(),
    serverKey: createHmac('sha256', salted).update('Server Key').digest(),
  };
}
