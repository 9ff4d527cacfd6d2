import type { Key } from './keys/key.ts';

/** Characters and keys that are kept for the next line. */
export const MAX_TYPE_AHEAD = 4096;

/** Keys that came while no line was being edited, in their order; bounded. */
export class TypeAhead {
  #keys: Key[] = [];
  #length = 0;

  get isEmpty(): boolean {
    return this.#keys.length === 0;
  }

  /** False when there is no room and the key is lost. */
  keep(key: Key): boolean {
    const length = key.kind === 'text' || key.kind === 'paste' ? key.text.length : 1;
    if (this.#length + length > MAX_TYPE_AHEAD) return false;
    this.#length += length;
    this.#keys.push(key);
    return true;
  }

  /** All of them, which are kept no longer. */
  take(): readonly Key[] {
    const keys = this.#keys;
    this.#keys = [];
    this.#length = 0;
    return keys;
  }
}
