import type { DetectorSet } from './detector-set.ts';
import { Pass, type Passed, type Then } from './pass.ts';
import type { Counts } from './redact.ts';

/**
 * Redacts a text that comes in pieces, cut anywhere: what comes out is what the whole would give. Holds back at most
 * the window, in which a match could still begin, and the escape sequences within it; twice as much where a text moves a
 * cursor.
 */
export class Redactor {
  readonly #set: DetectorSet;
  readonly #counts: Counts;
  readonly #first: Pass;
  /** Looks again with spaces in place of what may stand between two things, from where such came on. */
  #second: Pass | null = null;

  constructor(set: DetectorSet, counts: Counts) {
    this.#set = set;
    this.#counts = counts;
    this.#first = new Pass(set, counts, false);
  }

  /** Takes the next piece; gives what can be let go. */
  push(piece: Uint8Array): Buffer {
    return this.#look(piece, 'more').bytes();
  }

  /**
   * Nothing comes for a while: gives the rest. What has begun to match and is replaced without its end being there goes
   * on behind the pause; what had not begun is not found there. A sequence that is not finished is no rest.
   */
  release(): Buffer {
    return this.#look(NOTHING, 'pause').bytes();
  }

  /** The text has ended: gives the rest. */
  end(): Buffer {
    return this.#look(NOTHING, 'end').bytes();
  }

  /** The same, and how many bytes of the text that stands for; null when it is these very bytes. */
  step(piece: Uint8Array, isLast: boolean): { bytes: Buffer | null; of: number } {
    const { bytes, of, isAsItWas } = this.#look(piece, isLast ? 'end' : 'more');
    return { bytes: isAsItWas ? null : bytes(), of };
  }

  #look(piece: Uint8Array, then: Then): Passed {
    const behind = this.#second === null ? this.#first.behind : NOTHING;
    const first = this.#first.look(piece, then);
    if (this.#second === null && !this.#first.hasBetween) return first;
    this.#second ??= new Pass(this.#set, this.#counts, true, behind);
    const { bytes } = this.#second.look(first.bytes(), then);
    return { bytes, of: first.of, isAsItWas: false };
  }
}

const NOTHING = new Uint8Array(0);
