import { type Note, parseNote, type Signer, signNote } from './note.ts';
import type { TreeHead } from './proofs.ts';
import { HASH_BYTES } from './tree-hash.ts';

/** https://c2sp.org/tlog-checkpoint: whose log, how many leaves, and the root over them. */
export type Checkpoint = TreeHead & { origin: string };

/** Signs a checkpoint. Its origin is the name of the keys. */
export function signCheckpoint({ size, root }: TreeHead, signers: readonly [Signer, ...Signer[]]): string {
  const text = `${signers[0].verifier.name}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
  return signNote(text, signers);
}

/** A checkpoint with its note, or null when it is none. Who has signed it is not looked at. */
export function parseCheckpoint(text: string): { checkpoint: Checkpoint; note: Note } | null {
  const note = parseNote(text);
  const [origin = '', size = '', root = ''] = note?.text.split('\n') ?? [];
  const bytes = Buffer.from(root, 'base64');
  if (note === null || origin === '' || !/^(0|[1-9]\d{0,15})$/.test(size)) return null;
  if (!Number.isSafeInteger(Number(size))) return null;
  if (bytes.length !== HASH_BYTES || bytes.toString('base64') !== root) return null;
  return { checkpoint: { origin, size: Number(size), root: bytes }, note };
}
