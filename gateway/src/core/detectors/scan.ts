import type { Detector, Finder, Tail } from './detector.ts';
import type { DetectorSet } from './detector-set.ts';
import { isInsideWord, WINDOW, type Window } from './window.ts';

const NONE: readonly Detector[] = [];

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
  #tail: Tail | null = null;
  #by: Found['by'] | null = null;

  constructor(set: DetectorSet) {
    this.#set = set;
  }

  /**
   * Looks at `window` from `from` on, and tells of each match, left to right. Gives the position that the next piece
   * goes on from; `LOOK_BEHIND` bytes before it must still be there then. `isLast` when the text ends with the window.
   */
  over(window: Window, from: number, isLast: boolean, onFound: (found: Found) => void): number {
    const settled = isLast ? window.end : Math.max(from, window.end - WINDOW + 1);
    let at = from;
    if (this.#tail !== null && this.#by !== null) at = this.#follow(window, at, at, this.#by, true, onFound);
    const own = this.#set.finders.map((finder) => new NextMatch(finder));
    const { byFirst } = this.#set;
    const { bytes } = window;
    while (at < settled) {
      const candidates = isInsideWord(window, at) ? NONE : (byFirst[bytes[at] ?? 0] ?? NONE);
      if (own.length === 0 && candidates.length === 0) {
        at += 1;
        continue;
      }
      let length = 0;
      let by: Detector | Finder | null = null;
      for (const detector of candidates) {
        const found = detector.match(window, at);
        if (found > length) [length, by] = [found, detector];
      }
      for (const next of own) {
        const found = next.at(window, at);
        if (found > length) [length, by] = [found, next.finder];
      }
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
    if (isLast) {
      this.#tail = null;
      this.#by = null;
    }
    return at;
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
class NextMatch {
  readonly finder: Finder;
  #start = -1;
  #end = -1;

  constructor(finder: Finder) {
    this.finder = finder;
  }

  /** Length of the match that begins at `at`, 0 for none. */
  at(window: Window, at: number): number {
    if (this.#start < at) {
      const next = this.finder.next(window, at);
      this.#start = next?.start ?? Number.POSITIVE_INFINITY;
      this.#end = next?.end ?? Number.POSITIVE_INFINITY;
    }
    return this.#start === at ? this.#end - at : 0;
  }
}
