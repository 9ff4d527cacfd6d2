import type { Key } from './keys/key.ts';

/** Characters and keys that are kept for the next line. */
export const MAX_TYPE_AHEAD = 32_768;

/** Keys that came while no line was being edited, in their order; bounded. */
export class TypeAhead {
  #keys: Key[] = [];
  #length = 0;
  #isOver = false;

  /**
   * False when there are too many: then none is kept, nor any that comes before `take`, because the first half of what
   * was meant is something else.
   */
  keep(key: Key): boolean {
    this.#length += key.kind === 'text' || key.kind === 'paste' ? key.text.length : 1;
    this.#isOver ||= this.#length > MAX_TYPE_AHEAD;
    if (this.#isOver) this.#keys = [];
    else this.#keys.push(key);
    return !this.#isOver;
  }

  /** All of them, which are kept no longer. */
  take(): readonly Key[] {
    const keys = this.#keys;
    this.#keys = [];
    this.#length = 0;
    this.#isOver = false;
    return keys;
  }
}
