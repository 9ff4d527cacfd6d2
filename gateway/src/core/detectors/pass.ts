import type { DetectorSet } from './detector-set.ts';
import type { Counts } from './redact.ts';
import { replacementOf } from './replacement.ts';
import { type Found, Scan } from './scan.ts';
import { mayHide } from './unseen/may-hide.ts';
import { Visible } from './unseen/visible.ts';
import { LOOK_BEHIND, Window } from './window.ts';

/** Whether more of the text is waited for: it goes on, or it goes on some time, or never. */
export type Then = 'more' | 'pause' | 'end';

/** What can be let go: `bytes` in place of so many bytes of the text; they are good until the next piece. */
export type Passed = { bytes: () => Buffer; of: number; isAsItWas: boolean };

/** More than this is not held, however little of it is seen. */
const MAX_HELD_BYTES = 16 * 1024;

/** Goes through a text that comes in pieces once, and replaces what it finds as if nothing unseen stood in it. */
export class Pass {
  readonly #set: DetectorSet;
  readonly #counts: Counts;
  readonly #spaces: boolean;
  readonly #scan: Scan;
  readonly #window = new Window();
  readonly #visible: Visible;
  /** What was looked at shortly before, and then what was not yet; with room for what comes. */
  #buffer = Buffer.alloc(0);
  #held = 0;
  /** From here on nothing was looked at; what is kept before it begins with no part of a sequence. */
  #at = 0;
  #kept = 0;
  /** Something came that may stand between two things. */
  hasBetween = false;

  /** @param spaces stand in place of what may stand between two things @param behind what the text stands behind */
  constructor(set: DetectorSet, counts: Counts, spaces: boolean, behind: Uint8Array = NOTHING) {
    this.#set = set;
    this.#counts = counts;
    this.#spaces = spaces;
    this.#scan = new Scan(set);
    this.#visible = new Visible(cleanBy(set));
    this.#join(behind);
    this.#at = this.#held = behind.length;
  }

  /** Takes the next piece. */
  look(piece: Uint8Array, then: Then): Passed {
    const bytes = this.#join(piece);
    const isAll = then !== 'more' || bytes.length - this.#at > MAX_HELD_BYTES + piece.length;
    const passed = mayHide(bytes, 0, bytes.length)
      ? this.#lookAtSeen(bytes, isAll, then === 'end')
      : this.#lookAtAll(bytes, isAll);
    if (then === 'end') this.#scan.begin();
    return passed;
  }

  /** What is kept of the text before what is not let go yet; a copy. */
  get behind(): Buffer {
    return Buffer.from(this.#buffer.subarray(this.#kept, this.#at));
  }

  #lookAtAll(bytes: Buffer, isAll: boolean): Passed {
    const begun = this.#at;
    const out: Uint8Array[] = [];
    let from = begun;
    this.#window.set(bytes, 0, bytes.length);
    const settled = this.#scan.over(this.#window, from, isAll, (found) => {
      out.push(bytes.subarray(from, found.start), this.#replaced(found, bytes));
      from = found.end;
    });
    this.#kept = Math.max(0, settled - LOOK_BEHIND);
    return this.#passed(bytes, out, from, settled);
  }

  #lookAtSeen(bytes: Buffer, isAll: boolean, isLast: boolean): Passed {
    const visible = this.#visible;
    visible.read(bytes, 0, bytes.length, this.#spaces, isLast);
    if (visible.hasBetween) this.hasBetween = true;
    const out: Uint8Array[] = [];
    let from = this.#at;
    this.#window.set(visible.bytes, 0, visible.length);
    const settled = this.#scan.over(this.#window, visible.indexOf(from), isAll, (found) => {
      const { start, end } = found;
      out.push(bytes.subarray(from, visible.placeOf(start)), this.#replaced(found, visible.bytes));
      out.push(...visible.unseenWithin(start, end));
      from = Math.max(visible.placeOf(start), visible.endOf(end));
    });
    this.#kept = visible.readFrom(visible.placeOf(Math.max(0, settled - LOOK_BEHIND)));
    return this.#passed(bytes, out, from, Math.max(from, visible.placeOf(settled)));
  }

  #replaced(found: Found, bytes: Uint8Array): Buffer {
    if (!found.continues) this.#counts.set(found.by.name, (this.#counts.get(found.by.name) ?? 0) + 1);
    return Buffer.from(replacementOf(this.#set, found, bytes), 'latin1');
  }

  #passed(bytes: Buffer, out: Uint8Array[], from: number, settled: number): Passed {
    const begun = this.#at;
    const isAsItWas = out.length === 0;
    out.push(bytes.subarray(from, settled));
    this.#at = settled;
    return { bytes: () => Buffer.concat(out), of: settled - begun, isAsItWas };
  }

  /** What is still of use, and the piece behind it. */
  #join(piece: Uint8Array): Buffer {
    const kept = this.#kept;
    const held = this.#held - kept;
    const length = held + piece.length;
    const into = length > this.#buffer.length ? Buffer.allocUnsafeSlow(length) : this.#buffer;
    into.set(this.#buffer.subarray(kept, this.#held));
    into.set(piece, held);
    this.#buffer = into;
    this.#held = length;
    this.#at -= kept;
    this.#kept = 0;
    return into.subarray(0, length);
  }
}

const NOTHING = new Uint8Array(0);

/** Looks for something in the words of a title or a link by themselves. */
export function cleanBy(set: DetectorSet): (bytes: Uint8Array, from: number, to: number) => boolean {
  const scan = new Scan(set);
  const window = new Window();
  return (bytes, from, to) => {
    let isClean = true;
    window.set(bytes, from, to);
    scan.begin();
    scan.over(window, from, true, () => {
      isClean = false;
    });
    return isClean;
  };
}
