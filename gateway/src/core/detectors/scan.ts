import { type Cursor, cursorFor } from './cursor.ts';
import type { Detector, Finder, Tail } from './detector.ts';
import type { Candidate, DetectorSet } from './detector-set.ts';
import { ALL_KINDS } from './prefilter/tables.ts';
import { WINDOW, type Window } from './window.ts';

const NONE: readonly Candidate[] = [];

/** Something that was found: `bytes[start, end)`. */
export type Found = {
  start: number;
  end: number;
  by: Detector | Finder;
  /** It began in a piece before. */
  continues: boolean;
};

/**
 * Finds what a set of detectors finds in a stream of bytes, a piece at a time. A position is decided only when the
 * whole window behind it is there, or the text has ended, so that pieces cut anywhere give the same matches.
 */
export class Scan {
  readonly #set: DetectorSet;
  /** One for each of the set's beginnings. */
  readonly #cursors: readonly Cursor[];
  readonly #own: readonly NextMatch[];
  readonly #sought: readonly Cursor[];
  #tail: Tail | null = null;
  #by: Found['by'] | null = null;

  constructor(set: DetectorSet) {
    this.#set = set;
    this.#cursors = set.beginnings.map(cursorFor);
    this.#own = set.finders.map((finder) => new NextMatch(finder));
    this.#sought = [...this.#cursors, ...this.#own];
  }

  /**
   * Looks at `window` from `from` on, and tells of each match, left to right. Gives the position that the next piece
   * goes on from; `LOOK_BEHIND` bytes before it must still be there then. `isAll` when what follows the window is not waited
   * for; a match that has no end there still goes on in the next piece.
   */
  over(window: Window, from: number, isAll: boolean, onFound: (found: Found) => void): number {
    const settled = isAll ? window.end : Math.max(from, window.end - WINDOW + 1);
    let at = from;
    if (this.#tail !== null && this.#by !== null) at = this.#follow(window, at, at, this.#by, true, onFound);
    for (const cursor of this.#sought) cursor.reset();
    for (at = this.#next(window, at, settled); at < settled; at = this.#next(window, at, settled)) {
      const { length, by } = this.#longest(window, at);
      if (by === null) {
        at += 1;
      } else if ('tail' in by && by.tail !== undefined) {
        this.#tail = by.tail();
        at = this.#follow(window, at, at + length, by, false, onFound);
      } else {
        onFound({ start: at, end: at + length, by, continues: false });
        at += length;
      }
    }
    return at;
  }

  /** Another text follows. */
  begin(): void {
    this.#tail = null;
    this.#by = null;
  }

  /** The next place from `at` on where a match may begin; `to` when there is none before it. */
  #next(window: Window, at: number, to: number): number {
    if (at >= to) return at;
    let next = to;
    for (const cursor of this.#sought) {
      if (cursor.at < at) cursor.seek(window, at, to);
      if (cursor.at < next) next = cursor.at;
    }
    return next;
  }

  #longest(window: Window, at: number): { length: number; by: Detector | Finder | null } {
    let length = 0;
    let by: Detector | Finder | null = null;
    const candidates = this.#set.byFirst[window.bytes[at] ?? 0] ?? NONE;
    for (const { detector, beginning, kinds } of candidates) {
      const cursor = this.#cursors[beginning];
      if (cursor?.at !== at || (cursor.kinds & kinds) === 0) continue;
      const found = detector.match(window, at);
      if (found > length) [length, by] = [found, detector];
    }
    for (const own of this.#own) {
      const found = own.at === at ? own.length : 0;
      if (found > length) [length, by] = [found, own.finder];
    }
    return { length, by };
  }

  /** Goes on with a match from `at` until its tail or the window ends. */
  #follow(
    window: Window,
    start: number,
    from: number,
    by: Found['by'],
    continues: boolean,
    onFound: (found: Found) => void,
  ): number {
    const { bytes, end } = window;
    let at = from;
    for (; at < end && this.#tail !== null; at += 1) {
      const said = this.#tail(bytes[at] ?? 0);
      if (said !== 'in') this.#tail = null;
      if (said === 'out') break;
    }
    this.#by = this.#tail === null ? null : by;
    onFound({ start, end: at, by, continues });
    return at;
  }
}

/** The next match of a pattern, looked for again only when it was passed. */
class NextMatch implements Cursor {
  readonly finder: Finder;
  at = -1;
  readonly kinds = ALL_KINDS;
  length = 0;

  constructor(finder: Finder) {
    this.finder = finder;
  }

  seek(window: Window, from: number): void {
    const next = this.finder.next(window, from);
    this.at = next?.start ?? Number.POSITIVE_INFINITY;
    this.length = next === null ? 0 : next.end - next.start;
  }

  reset(): void {
    this.at = -1;
  }
}
