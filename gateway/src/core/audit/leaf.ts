import { hash } from 'node:crypto';
import { HASH_BYTES, type Hash, sha256 } from './tree-hash.ts';

/** An action's opening and its end are two entries, or one where both were known at once; `event`: no action. */
export type EntryKind = 'opened' | 'closed' | 'kept' | 'event';

export const SALT_BYTES = 16;

/**
 * What stands for a body in its leaf: SHA-256 of salt and body. It stays when they are purged, and without the salt
 * nobody can try bodies on it.
 */
export function commitmentTo(salt: Uint8Array, body: string): Hash {
  const bytes = Buffer.allocUnsafe(salt.length + Buffer.byteLength(body));
  bytes.set(salt);
  bytes.write(body, salt.length);
  return sha256(bytes);
}

/** The hash of the leaf `kind record commitment`: all of an entry but what a purge takes. */
export function hashOfEntry(kind: EntryKind, record: string, commitment: Hash): Hash {
  const header = `\0${kind} ${record} `;
  const length = Buffer.byteLength(header);
  const bytes = Buffer.allocUnsafe(length + HASH_BYTES);
  bytes.write(header);
  bytes.set(commitment, length);
  return hash('sha256', bytes, 'buffer');
}
