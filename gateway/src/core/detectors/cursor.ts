import type { Beginning, CoarseRun, Hallmark } from './hallmark.ts';
import { type ByteClass, DIGITS, isInsideWord, type Window } from './window.ts';

/** Where matches may begin: `at` is the next such place from where it was last sought, `Infinity` for none. */
export interface Cursor {
  readonly at: number;
  /** Seeks from `from` on, among the places before `to`. */
  seek(window: Window, from: number, to: number): void;
  /** Another text follows, or another piece of it. */
  reset(): void;
}

/**
 * A cursor for each beginning, in their order, and those that are to be sought: the others move with the coarse run that
 * they are in.
 */
export function cursorsFor(beginnings: readonly Beginning[]): { each: Cursor[]; sought: Cursor[] } {
  const coarse = new Map<CoarseRun, Runs[]>();
  const sought: Cursor[] = [];
  const each = beginnings.map(({ hallmark, starts }) => {
    if (hallmark?.kind === 'run') {
      const runs = new Runs(hallmark, starts);
      const beside = coarse.get(hallmark.inside) ?? [];
      coarse.set(hallmark.inside, [...beside, runs]);
      return runs;
    }
    const cursor = cursorFor(hallmark, starts);
    sought.push(cursor);
    return cursor;
  });
  for (const [run, inside] of coarse) sought.push(new CoarseRuns(run, inside));
  return { each, sought };
}

function cursorFor(hallmark: Exclude<Hallmark, { kind: 'run' }> | undefined, starts: ByteClass): Cursor {
  if (hallmark === undefined) return new Everywhere(starts);
  return hallmark.kind === 'text' ? new Beginnings(hallmark.text) : new Ahead(hallmark, starts);
}

const mayBegin = (window: Window, starts: ByteClass, at: number): boolean =>
  starts[window.bytes[at] ?? 0] === 1 && !isInsideWord(window, at);

class Everywhere implements Cursor {
  at = -1;
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

/** Places where a text stands. */
class Beginnings implements Cursor {
  at = -1;
  readonly #text: Buffer;

  constructor(text: Buffer) {
    this.#text = text;
  }

  seek({ bytes, end }: Window, from: number, to: number): void {
    const index = Buffer.from(bytes.buffer, bytes.byteOffset + from, end - from).indexOf(this.#text);
    this.at = index === -1 || from + index >= to ? Number.POSITIVE_INFINITY : from + index;
  }

  reset(): void {
    this.at = -1;
  }
}

/** Places where a byte stands ahead. */
class Ahead implements Cursor {
  at = -1;
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
  readonly offset: number;
  /** Without so many in the coarse run, there is none. */
  readonly digits: number;
  readonly #starts: ByteClass;
  readonly #of: ByteClass;
  readonly #length: number;
  /** Up to here all bytes are known to be of the class, from the last place on. */
  #known = 0;

  constructor({ offset, of, length, digits = 0 }: Extract<Hallmark, { kind: 'run' }>, starts: ByteClass) {
    this.offset = offset;
    this.digits = digits;
    this.#starts = starts;
    this.#of = of;
    this.#length = length;
  }

  seek(window: Window, from: number, to: number): void {
    const { end } = window;
    let place = from;
    let isFound = false;
    while (place < to && !isFound) {
      const first = place + this.offset;
      const last = first + this.#length - 1;
      if (last >= end) break;
      const other = lastOfOther(window, this.#of, Math.max(first, this.#known), last);
      if (other === -1) this.#known = last + 1;
      isFound = other === -1 && mayBegin(window, this.#starts, place);
      if (!isFound) place = other === -1 ? place + 1 : other - this.offset + 1;
    }
    this.at = isFound ? place : Number.POSITIVE_INFINITY;
  }

  reset(): void {
    this.at = -1;
    this.#known = 0;
  }
}

/** Runs of a wide class, in which others are sought. */
class CoarseRuns implements Cursor {
  at = -1;
  readonly #of: ByteClass;
  readonly #length: number;
  readonly #inside: readonly Runs[];
  readonly #maxOffset: number;
  /** A run with fewer digits holds nothing. */
  readonly #minDigits: number;
  #start = 0;
  #end = 0;
  /** Digits in the run. */
  #digits = 0;

  constructor({ of, length }: CoarseRun, inside: readonly Runs[]) {
    this.#of = of;
    this.#length = length;
    this.#inside = inside;
    this.#maxOffset = Math.max(...inside.map(({ offset }) => offset));
    this.#minDigits = Math.min(...inside.map(({ digits }) => digits));
  }

  seek(window: Window, from: number, to: number): void {
    let next = Number.POSITIVE_INFINITY;
    for (let place = from; place < to && next === Number.POSITIVE_INFINITY; place = this.#end) {
      if (place >= this.#end) this.#nextRun(window, place);
      const begin = Math.max(place, this.#start - this.#maxOffset);
      const end = Math.min(to, this.#end);
      for (const runs of this.#inside) {
        if (runs.at < begin) runs.seek(window, begin, this.#digits < runs.digits ? begin : end);
        if (runs.at < next) next = runs.at;
      }
    }
    this.at = next;
  }

  reset(): void {
    this.at = -1;
    this.#start = 0;
    this.#end = 0;
    for (const runs of this.#inside) runs.reset();
  }

  /** The first run that begins at `from` or later and may hold something; behind all bytes where there is none. */
  #nextRun(window: Window, from: number): void {
    this.#end = from;
    do this.#anyRun(window, this.#end);
    while (this.#digits < this.#minDigits && this.#end < window.end);
    for (const runs of this.#inside) runs.reset();
  }

  #anyRun(window: Window, from: number): void {
    const { bytes, end } = window;
    const of = this.#of;
    let first = from;
    let last = first + this.#length - 1;
    for (; last < end; last = first + this.#length - 1) {
      const other = lastOfOther(window, of, first, last);
      if (other === -1) break;
      first = other + 1;
    }
    let behind = Math.min(last + 1, end);
    if (last < end) while (behind < end && of[bytes[behind] ?? 0] === 1) behind += 1;
    this.#start = last < end ? first : end;
    this.#end = behind;
    this.#digits = this.#minDigits === 0 ? 0 : countDigits(bytes, this.#start, behind);
  }
}

function countDigits(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let index = from; index < to; index += 1) count += DIGITS[bytes[index] ?? 0] ?? 0;
  return count;
}

/** The last byte of `bytes[first, last]` that is not of the class; -1 when all are. */
function lastOfOther({ bytes }: Window, of: ByteClass, first: number, last: number): number {
  for (let index = last; index >= first; index -= 1) if (of[bytes[index] ?? 0] !== 1) return index;
  return -1;
}
