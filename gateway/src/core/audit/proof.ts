import { z } from 'zod';
import { parseCheckpoint } from './checkpoint.ts';
import { commitmentTo, hashOfEntry } from './leaf.ts';
import { isSignedBy, parseVerifierKey, type VerifierKey } from './note.ts';
import { includes, inclusionProof, type SubtreeAt } from './proofs.ts';
import { HASH_BYTES, sameHash } from './tree-hash.ts';
import type { KeptLeaf } from './verify.ts';

const Base64 = z.base64();
const HashText = Base64.refine((text) => Buffer.from(text, 'base64').length === HASH_BYTES, 'is no hash');

/** That entries of one record stand in a log: what a file of `sluice audit prove` holds. */
export const Proof = z.object({
  format: z.literal('sluice.proof.v1'),
  record: z.string(),
  entries: z
    .array(
      z.object({
        /** From 1 on; its leaf is the one before. */
        seq: z.int().positive(),
        kind: z.enum(['opened', 'closed', 'kept', 'event']),
        /** Null, as the salt, once it was purged. */
        body: z.string().nullable(),
        salt: Base64.nullable(),
        commitment: HashText,
        /** RFC 6962 section 2.1.1. */
        path: z.array(HashText),
      }),
    )
    .min(1),
  /** The signed note whose root the paths lead to. */
  checkpoint: z.string(),
  /** The key that signed it, as the log says. */
  key: z.string(),
});
export type Proof = z.infer<typeof Proof>;

/**
 * Proves entries of a record that a checkpoint covers.
 * @param leaves of one record, none of them behind the checkpoint's size
 */
export function prove(
  leaves: readonly KeptLeaf[],
  signed: { note: string; size: number; key: string },
  subtreeAt: SubtreeAt,
): Proof {
  const { note, size, key } = signed;
  const entries = leaves.map(({ seq, kind, body, salt, commitment }) => ({
    seq,
    kind,
    body,
    salt: salt === null ? null : base64(salt),
    commitment: base64(commitment),
    path: inclusionProof(seq - 1, size, subtreeAt).map(base64),
  }));
  const record = leaves[0]?.record;
  return Proof.parse({ format: 'sluice.proof.v1', record, entries, checkpoint: note, key });
}

/**
 * What is wrong with a proof, a sentence; null when it proves its entries.
 * @param known a verifier key that is known to be right; null takes the proof's word for it
 */
export function wrongWith(proof: Proof, known: string | null): string | null {
  const parsed = parseCheckpoint(proof.checkpoint);
  if (parsed === null) return 'it holds no checkpoint';
  const key = keyOf(known ?? proof.key);
  if (key === null) return 'the key is none';
  const { checkpoint, note } = parsed;
  if (checkpoint.origin !== key.name || !isSignedBy(note, key))
    return `its checkpoint is not signed by ${key.text}`;
  for (const { seq, kind, body, salt, commitment: text, path } of proof.entries) {
    const commitment = Buffer.from(text, 'base64');
    const isOwn =
      body === null ||
      (salt !== null && sameHash(commitmentTo(Buffer.from(salt, 'base64'), body), commitment));
    if (!isOwn) return `the content of entry ${seq} does not have its hash`;
    const hash = hashOfEntry(kind, proof.record, commitment);
    const siblings = path.map((sibling) => Buffer.from(sibling, 'base64'));
    if (!includes(hash, seq - 1, checkpoint.size, siblings, checkpoint.root)) {
      return `entry ${seq} is not in the tree that the checkpoint has signed`;
    }
  }
  return null;
}

function keyOf(text: string): VerifierKey | null {
  try {
    return parseVerifierKey(text);
  } catch {
    return null;
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
