import { assertNever } from '../../../contract/assert-never.ts';
import type { Beginning, Hallmark } from './hallmark.ts';
import { Prefilter } from './prefilter/prefilter.ts';
import type { Shape } from './prefilter/shape.ts';
import { ALL_KINDS, tablesOf } from './prefilter/tables.ts';
import { type ByteClass, isInsideWord, type Window } from './window.ts';

/** Where matches may begin: `at` is the next such place from where it was last sought, `Infinity` for none. */
export interface Cursor {
  readonly at: number;
  /** Of which kinds what begins there may be, a bit for each. */
  readonly kinds: number;
  /** Seeks from `from` on, among the places before `to`. */
  seek(window: Window, from: number, to: number): void;
  /** Another text follows, or another piece of it. */
  reset(): void;
}

export function cursorFor({ hallmark, starts }: Beginning): Cursor {
  if (hallmark === undefined) return new Everywhere(starts);
  switch (hallmark.kind) {
    case 'shapes':
      return new Shapes(hallmark.shapes, starts);
    case 'run':
      return new Runs(hallmark, starts);
    case 'ahead':
      return new Ahead(hallmark, starts);
    default:
      return assertNever(hallmark);
  }
}

const mayBegin = (window: Window, starts: ByteClass, at: number): boolean =>
  starts[window.bytes[at] ?? 0] === 1 && !isInsideWord(window, at);

class Everywhere implements Cursor {
  at = -1;
  readonly kinds = ALL_KINDS;
  readonly #starts: ByteClass;

  constructor(starts: ByteClass) {
    this.#starts = starts;
  }

  seek(window: Window, from: number, to: number): void {
    let place = from;
    while (place < to && !mayBegin(window, this.#starts, place)) place += 1;
    this.at = place < to ? place : Number.POSITIVE_INFINITY;
  }

  reset(): void {
    this.at = -1;
  }
}

const tables = new WeakMap<readonly Shape[], Uint8Array>();

/** Places where a shape may begin. */
class Shapes implements Cursor {
  at = -1;
  kinds = 0;
  readonly #starts: ByteClass;
  readonly #prefilter: Prefilter;

  constructor(shapes: readonly Shape[], starts: ByteClass) {
    const known = tables.get(shapes) ?? tablesOf(shapes);
    tables.set(shapes, known);
    this.#prefilter = new Prefilter(known);
    this.#starts = starts;
  }

  seek(window: Window, from: number, to: number): void {
    let place = this.#prefilter.next(window, from, to);
    while (place < to && !mayBegin(window, this.#starts, place))
      place = this.#prefilter.next(window, place + 1, to);
    this.kinds = this.#prefilter.kinds;
    this.at = place < to ? place : Number.POSITIVE_INFINITY;
  }

  reset(): void {
    this.at = -1;
    this.#prefilter.reset();
  }
}

/** Places where a byte stands ahead. */
class Ahead implements Cursor {
  at = -1;
  readonly kinds = ALL_KINDS;
  readonly #starts: ByteClass;
  readonly #byte: number;
  readonly #within: number;
  #seen = -1;

  constructor({ byte, within }: Extract<Hallmark, { kind: 'ahead' }>, starts: ByteClass) {
    this.#starts = starts;
    this.#byte = byte;
    this.#within = within;
  }

  seek(window: Window, from: number, to: number): void {
    let place = from;
    for (; place < to; place += 1) {
      if (this.#seen <= place) this.#look(window, place + 1);
      place = Math.max(place, this.#seen - this.#within);
      if (place < to && mayBegin(window, this.#starts, place)) break;
    }
    this.at = place < to ? place : Number.POSITIVE_INFINITY;
  }

  reset(): void {
    this.at = -1;
    this.#seen = -1;
  }

  #look({ bytes, end }: Window, from: number): void {
    // The bytes may be those of a whole frame, and only these few are the text.
    const index = bytes.subarray(from, end).indexOf(this.#byte);
    this.#seen = index === -1 ? Number.POSITIVE_INFINITY : from + index;
  }
}

/** Places where a run begins. */
class Runs implements Cursor {
  at = -1;
  readonly kinds = ALL_KINDS;
  readonly #starts: ByteClass;
  readonly #of: ByteClass;
  readonly #length: number;
  /** Up to here all bytes are known to be of the class, from the last place on. */
  #known = 0;

  constructor({ of, length }: Extract<Hallmark, { kind: 'run' }>, starts: ByteClass) {
    this.#starts = starts;
    this.#of = of;
    this.#length = length;
  }

  seek(window: Window, from: number, to: number): void {
    let place = from;
    let isFound = false;
    while (place < to && !isFound) {
      const last = place + this.#length - 1;
      if (last >= window.end) break;
      const other = this.#lastOfOther(window, Math.max(place, this.#known), last);
      if (other === -1) this.#known = last + 1;
      isFound = other === -1 && mayBegin(window, this.#starts, place);
      if (!isFound) place = other === -1 ? place + 1 : other + 1;
    }
    this.at = isFound ? place : Number.POSITIVE_INFINITY;
  }

  reset(): void {
    this.at = -1;
    this.#known = 0;
  }

  /** The last byte of `bytes[first, last]` that is not of the class; -1 when all are. */
  #lastOfOther({ bytes }: Window, first: number, last: number): number {
    const of = this.#of;
    for (let index = last; index >= first; index -= 1) if (of[bytes[index] ?? 0] !== 1) return index;
    return -1;
  }
}
