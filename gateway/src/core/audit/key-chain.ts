import type { Note, VerifierKey } from './note.ts';
import { isSignedBy, parseVerifierKey } from './note.ts';

/** What an `auditKey` event says. */
export type KeyChange = { key: string; before: string | null };

/** Follows the keys that sign a log, from the first on: each is vouched for by the one before. */
export class KeyChain {
  readonly #keys: VerifierKey[] = [];
  /** The tree that the last change was told in; it is signed by both keys. */
  #changedAt = 0;
  #isConfirmed = true;

  /** Verifier keys, the first one first. */
  get keys(): readonly string[] {
    return this.#keys.map(({ text }) => text);
  }

  /** A change in the leaf that made the tree this size. Says what is wrong with it, or null. */
  take({ key: text, before }: KeyChange, size: number): string | null {
    const last = this.#keys.at(-1);
    if (before !== (last?.text ?? null)) return 'it changes a key that is not the one in force';
    const unconfirmed = this.unconfirmed();
    const key = keyOf(text);
    if (key === null) return 'it names no key';
    if (last !== undefined && last.name !== key.name) return 'its key is that of another log';
    this.#keys.push(key);
    this.#changedAt = size;
    this.#isConfirmed = last === undefined;
    return unconfirmed;
  }

  /** Says what is wrong with the signatures and the origin of a checkpoint of a tree of this size, or null. */
  check(note: Note, origin: string, size: number): string | null {
    const [key, before] = [this.#keys.at(-1), this.#keys.at(-2)];
    if (key === undefined) return 'it was signed before the log names a key';
    if (origin !== key.name) return `it is of another log, ${origin}`;
    if (!isSignedBy(note, key)) return `it is not signed by the key in force, ${key.text}`;
    if (size !== this.#changedAt || before === undefined) return this.unconfirmed();
    if (!isSignedBy(note, before)) return `it changes to a key that ${before.text} has not signed for`;
    this.#isConfirmed = true;
    return null;
  }

  /** What is wrong when the log goes on, or ends, here; null when nothing is. */
  unconfirmed(): string | null {
    return this.#isConfirmed ? null : 'the key was changed without a checkpoint that both keys signed';
  }
}

function keyOf(text: string): VerifierKey | null {
  try {
    return parseVerifierKey(text);
  } catch {
    return null;
  }
}
