import type { DetectorSet } from './detector-set.ts';
import type { Counts } from './redact.ts';
import { replacementOf } from './replacement.ts';
import { Scan } from './scan.ts';
import { LOOK_BEHIND, Window } from './window.ts';

/**
 * Redacts a text that comes in pieces, cut anywhere: what comes out is what the whole would give. Holds back at most
 * the window, in which a match could still begin.
 */
export class Redactor {
  readonly #set: DetectorSet;
  readonly #counts: Counts;
  readonly #scan: Scan;
  readonly #window = new Window();
  /** What was looked at shortly before, and then what was not yet. */
  #held: Buffer = Buffer.alloc(0);
  #at = 0;

  constructor(set: DetectorSet, counts: Counts) {
    this.#set = set;
    this.#counts = counts;
    this.#scan = new Scan(set);
  }

  /** Takes the next piece; gives what can be let go. */
  push(piece: Uint8Array): Buffer {
    return this.step(piece, false).bytes;
  }

  /** The text has ended: gives the rest. */
  end(): Buffer {
    return this.step(Buffer.alloc(0), true).bytes;
  }

  /** The same, and how many bytes of the text that stands for; `isAsItWas` when they are these very bytes. */
  step(piece: Uint8Array, isLast: boolean): { bytes: Buffer; of: number; isAsItWas: boolean } {
    const bytes = piece.length === 0 ? this.#held : Buffer.concat([this.#held, piece]);
    const out: Uint8Array[] = [];
    const begun = this.#at;
    let from = begun;
    let isAsItWas = true;
    this.#window.set(bytes, 0, bytes.length);
    const settled = this.#scan.over(this.#window, from, isLast, (found) => {
      if (!found.continues) this.#counts.set(found.by.name, (this.#counts.get(found.by.name) ?? 0) + 1);
      isAsItWas = false;
      out.push(
        bytes.subarray(from, found.start),
        Buffer.from(replacementOf(this.#set, found, bytes), 'latin1'),
      );
      from = found.end;
    });
    out.push(bytes.subarray(from, settled));
    const kept = Math.max(0, settled - LOOK_BEHIND);
    this.#held = Buffer.from(bytes.subarray(kept));
    this.#at = settled - kept;
    return { bytes: Buffer.concat(out), of: settled - begun, isAsItWas };
  }
}
