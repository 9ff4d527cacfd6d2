import type { Detector } from '../detector.ts';
import { times } from '../prefilter/shape.ts';
import { begins, byteClass, DIGITS, isDigit, isIn, type Window, WORD } from '../window.ts';

/** How card numbers are written in groups. */
const GROUPINGS: ReadonlyArray<readonly number[]> = [
  [4, 4, 4, 4, 3],
  [4, 4, 4, 4],
  [4, 6, 5],
  [4, 6, 4],
];
const FIRST = byteClass('2-6');
const SEPARATORS = byteClass(' -');
const DOT = 0x2e;
const HYPHEN = 0x2d;

/** Payment card numbers (ISO/IEC 7812): a known issuer's prefix, its length, and Luhn's check digit. */
export const cards: Detector = {
  name: 'cards',
  label: 'card',
  starts: FIRST,
  hallmark: {
    kind: 'shapes',
    shapes: [
      [FIRST, ...times(13, DIGITS)],
      [FIRST, ...times(3, DIGITS), SEPARATORS, ...times(4, DIGITS)],
    ],
  },
  match: (window, at) => {
    if (!begins(window, at) || followsNumber(window, at)) return 0;
    const plainEnd = window.run(at, Math.min(window.limit(at), at + 20), DIGITS);
    if (plainEnd - at > 6)
      return isCard(window.latin1(at, plainEnd)) && ends(window, plainEnd) ? plainEnd - at : 0;
    return plainEnd - at === 4 ? grouped(window, at) : 0;
  },
};

function grouped(window: Window, at: number): number {
  const separator = window.at(at + 4);
  if (!isIn(SEPARATORS, separator)) return 0;
  for (const grouping of GROUPINGS) {
    const digits = inGroups(window, at, separator, grouping);
    const length = digits.length + grouping.length - 1;
    if (digits !== '' && isCard(digits) && ends(window, at + length)) return length;
  }
  return 0;
}

function inGroups(window: Window, at: number, separator: number, grouping: readonly number[]): string {
  let digits = '';
  let from = at;
  for (const [index, size] of grouping.entries()) {
    if (index > 0 && window.at(from++) !== separator) return '';
    if (window.run(from, Math.min(window.end, from + size), DIGITS) !== from + size) return '';
    digits += window.latin1(from, from + size);
    from += size;
  }
  return digits;
}

/** A piece of a longer number: 0.4111…, 12-4111…. */
function followsNumber(window: Window, at: number): boolean {
  const before = window.at(at - 1);
  return (before === DOT || before === HYPHEN) && isDigit(window.at(at - 2));
}

function ends(window: Window, at: number): boolean {
  const next = window.at(at);
  if (isIn(WORD, next)) return false;
  return !((next === DOT || next === HYPHEN) && isIn(WORD, window.at(at + 1)));
}

function isCard(digits: string): boolean {
  return isIssued(digits) && luhn(digits);
}

/** Luhn's check (ISO/IEC 7812-1, annex B). */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let index = digits.length - 1, double = false; index >= 0; index -= 1, double = !double) {
    const digit = digits.charCodeAt(index) - 0x30;
    sum += double ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return digits !== '' && sum % 10 === 0;
}

/** Prefixes and lengths of issuers in use; 13 digits are no longer issued, and article numbers have them. */
function isIssued(digits: string): boolean {
  const { length } = digits;
  const two = Number(digits.slice(0, 2));
  const four = Number(digits.slice(0, 4));
  if (digits.startsWith('4')) return length === 16 || length === 19;
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return length === 16;
  if (two === 34 || two === 37) return length === 15;
  if (two === 36 || two === 38 || two === 39 || (four >= 3000 && four <= 3059))
    return length >= 14 && length <= 19;
  if (four >= 3528 && four <= 3589) return length >= 16 && length <= 19;
  if (four === 6011 || two === 62 || two === 64 || two === 65) return length >= 16 && length <= 19;
  return (two === 50 || (two >= 56 && two <= 58) || two === 63 || two === 67) && length >= 16 && length <= 19;
}
