import { type Detector, tailOf } from '../detector.ts';
import { begins, byteClass, isIn, type Window } from '../window.ts';

const PART = byteClass('A-Za-z0-9+/_=-');
const UPPER = byteClass('A-Z');
const LOWER = byteClass('a-z');
const DIGIT = byteClass('0-9');
const MIN_BYTES = 24;
const MAX_JUDGED_BYTES = 128;
const MIN_BITS_PER_BYTE = 4;

/** Runs of characters that look drawn at random. It guesses, and so it is never on unless asked for by name. */
export const highEntropy: Detector = {
  name: 'highEntropy',
  label: 'secret',
  starts: byteClass('A-Za-z0-9+/'),
  hallmark: { kind: 'run', of: PART, length: MIN_BYTES },
  match: (window, at) => {
    if (!begins(window, at, PART)) return 0;
    const end = window.run(at, Math.min(window.end, at + MAX_JUDGED_BYTES), PART);
    return end - at >= MIN_BYTES &&
      isMixed(window, at, end) &&
      bitsPerByte(window, at, end) >= MIN_BITS_PER_BYTE
      ? end - at
      : 0;
  },
  tail: tailOf(PART),
};

/** Identifiers in hexadecimal, and words in camel case, have not all three. */
function isMixed(window: Window, from: number, to: number): boolean {
  const has = [UPPER, LOWER, DIGIT].map(() => false);
  for (let at = from; at < to; at += 1) {
    [UPPER, LOWER, DIGIT].forEach((set, index) => {
      if (isIn(set, window.at(at))) has[index] = true;
    });
  }
  return has.every(Boolean);
}

/** Shannon's entropy of the bytes' frequencies. */
function bitsPerByte(window: Window, from: number, to: number): number {
  const counts = new Map<number, number>();
  for (let at = from; at < to; at += 1) counts.set(window.at(at), (counts.get(window.at(at)) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / (to - from)) * Math.log2(count / (to - from));
  return bits;
}
