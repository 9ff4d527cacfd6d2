import { LEADS, sequenceLength, standsBetween, stringWithin, UNFINISHED } from './sequence.ts';

const SPACE = 0x20;

/** Whether a string (a title, a link) may be passed over: one in which something is found is text. */
export type IsClean = (bytes: Uint8Array, from: number, to: number) => boolean;

/** A text without what nobody sees in it; `bytes[0, length)`, good until the next one is read. */
export class Visible {
  bytes = Buffer.alloc(0);
  length = 0;
  /** Where in the whole a sequence stands that is not finished, or the whole ends. */
  end = 0;
  /** Something stands between two things that may not belong together. */
  hasBetween = false;
  /** Where each byte stands in the whole. */
  #places = new Int32Array(0);
  #whole: Uint8Array = this.bytes;
  /** Strings that are text, with their introducers. */
  readonly #texts: Array<{ from: number; to: number }> = [];
  readonly #isClean: IsClean;

  constructor(isClean: IsClean) {
    this.#isClean = isClean;
  }

  /**
   * Reads `whole[start, end)`. @param spaces stand in place of what may stand between two things @param isLast nothing
   * follows: what is not finished is text
   */
  read(whole: Uint8Array, start: number, end: number, spaces: boolean, isLast: boolean): void {
    this.#begin(whole, end - start);
    const { bytes } = this;
    const places = this.#places;
    let length = 0;
    let at = start;
    while (at < end) {
      for (let byte = whole[at] ?? 0; at < end && LEADS[byte] !== 1; byte = whole[at] ?? 0) {
        bytes[length] = byte;
        places[length] = at;
        length += 1;
        at += 1;
      }
      if (at === end) break;
      const unseen = this.#unseen(at, end, isLast);
      if (unseen === UNFINISHED) break;
      const isSpace = unseen > 0 && this.#isSpace(at, unseen, spaces);
      if (unseen === 0 || isSpace) {
        bytes[length] = isSpace ? SPACE : (whole[at] ?? 0);
        places[length] = at;
        length += 1;
      }
      at += unseen === 0 ? 1 : unseen;
    }
    this.length = length;
    this.end = at;
  }

  #begin(whole: Uint8Array, most: number): void {
    this.#whole = whole;
    this.hasBetween = false;
    this.#texts.length = 0;
    if (most <= this.bytes.length) return;
    this.bytes = Buffer.allocUnsafeSlow(most);
    this.#places = new Int32Array(most);
  }

  #unseen(at: number, end: number, isLast: boolean): number {
    const whole = this.#whole;
    const length = sequenceLength(whole, at, end);
    if (length === UNFINISHED) return isLast ? introducerLength(whole, at) : UNFINISHED;
    const words = length > 3 ? stringWithin(whole, at, length) : null;
    if (words === null || this.#isClean(whole, ...words)) return length;
    this.#texts.push({ from: at, to: words[1] });
    return words[0] - at;
  }

  /** Whether a space stands in its place. A string that is text stands by itself in any case. */
  #isSpace(at: number, length: number, spaces: boolean): boolean {
    const text = this.#texts.at(-1);
    if (text !== undefined && (text.from === at || text.to === at)) return true;
    const isBetween = standsBetween(this.#whole, at, length);
    if (isBetween) this.hasBetween = true;
    return isBetween && spaces;
  }

  /** From where on `whole` has to be read so that what stands at `place` is read in the same way. */
  readFrom(place: number): number {
    return this.#texts.find(({ from, to }) => from < place && place <= to)?.from ?? place;
  }

  /** The first byte that stands at `place` of the whole or behind it; `length` when there is none. */
  indexOf(place: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#places[middle] ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Where the byte stands in the whole; at the end, where that ends. */
  placeOf(index: number): number {
    return index < this.length ? (this.#places[index] ?? 0) : this.end;
  }

  /** Where in the whole the byte before `index` ends, or the sequence that it stands for. */
  endOf(index: number): number {
    if (index === 0) return this.placeOf(0);
    const place = this.#places[index - 1] ?? 0;
    return place + (this.#isItself(index - 1) ? 1 : this.#unseen(place, this.end, true));
  }

  /** What nobody sees of the bytes `[from, to)`. */
  unseenWithin(from: number, to: number): Uint8Array[] {
    const unseen: Uint8Array[] = [];
    const end = this.endOf(to);
    for (let index = from; index < to; index += 1) {
      const place = this.#places[index] ?? 0;
      const begin = this.#isItself(index) ? place + 1 : place;
      const next = index + 1 < to ? (this.#places[index + 1] ?? 0) : end;
      if (next > begin) unseen.push(this.#whole.subarray(begin, next));
    }
    return unseen;
  }

  /** No space in place of another. */
  #isItself(index: number): boolean {
    return this.#whole[this.#places[index] ?? 0] === this.bytes[index];
  }
}

/** Of what breaks off: ESC, with what makes it one of these. */
function introducerLength(whole: Uint8Array, at: number): number {
  return (whole[at] ?? 0) < 0x80 ? 1 : 0;
}
