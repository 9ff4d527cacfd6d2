import { hash } from 'node:crypto';

/** A node of the tree: SHA-256, 32 bytes. */
export type Hash = Uint8Array;

export const HASH_BYTES = 32;

const LEAF = 0;
const NODE = 1;

/** The root of a tree without leaves (RFC 6962 section 2.1). */
export const EMPTY_ROOT: Hash = sha256(new Uint8Array());

export function sha256(bytes: Uint8Array): Hash {
  return hash('sha256', bytes, 'buffer');
}

/** The hash of a leaf (RFC 6962 section 2.1). */
export function leafHash(leaf: Uint8Array): Hash {
  const bytes = Buffer.allocUnsafe(leaf.length + 1);
  bytes[0] = LEAF;
  bytes.set(leaf, 1);
  return sha256(bytes);
}

const pair = Buffer.alloc(1 + 2 * HASH_BYTES);
pair[0] = NODE;

/** The hash of an inner node (RFC 6962 section 2.1). */
export function nodeHash(left: Hash, right: Hash): Hash {
  pair.set(left, 1);
  pair.set(right, 1 + HASH_BYTES);
  return sha256(pair);
}

export function sameHash(one: Hash, other: Hash): boolean {
  return Buffer.compare(one, other) === 0;
}
