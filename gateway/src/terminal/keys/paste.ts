import type { Key } from './key.ts';

/** Longest paste that is taken, in UTF-16 units. */
export const MAX_PASTE_LENGTH = 32_768;

const END = '\x1b[201~';

/** A bracketed paste that has begun. */
export class Paste {
  #text = '';
  #matched = 0;
  #tooLong = false;

  /** Takes the next character; gives the key when the paste has ended with it. */
  take(character: string): Key | null {
    if (character === END[this.#matched]) {
      this.#matched += 1;
      return this.#matched === END.length ? this.#key() : null;
    }
    const partOfEnd = END.slice(0, this.#matched);
    this.#matched = character === END[0] ? 1 : 0;
    this.#keep(this.#matched === 1 ? partOfEnd : partOfEnd + character);
    return null;
  }

  #keep(text: string): void {
    if (this.#tooLong) return;
    this.#text += text;
    if (this.#text.length <= MAX_PASTE_LENGTH) return;
    this.#tooLong = true;
    this.#text = '';
  }

  #key(): Key {
    if (this.#tooLong) return { kind: 'pasteTooLong' };
    return { kind: 'paste', text: this.#text.replace(/\r\n?/g, '\n') };
  }
}
