import type { Detector } from '../detector.ts';
import { times } from '../prefilter/shape.ts';
import { ALNUM, begins, byteClass, DIGITS, isDigit, isIn, UPPER_CASE } from '../window.ts';

/** Lengths by country (ISO 13616, SWIFT's IBAN registry). */
const LENGTHS: Readonly<Record<string, number>> = {
  AD: 24,
  AE: 23,
  AL: 28,
  AT: 20,
  AZ: 28,
  BA: 20,
  BE: 16,
  BG: 22,
  BH: 22,
  BR: 29,
  BY: 28,
  CH: 21,
  CR: 22,
  CY: 28,
  CZ: 24,
  DE: 22,
  DK: 18,
  DO: 28,
  EE: 20,
  EG: 29,
  ES: 24,
  FI: 18,
  FO: 18,
  FR: 27,
  GB: 22,
  GE: 22,
  GI: 23,
  GL: 18,
  GR: 27,
  GT: 28,
  HR: 21,
  HU: 28,
  IE: 22,
  IL: 23,
  IQ: 23,
  IS: 26,
  IT: 27,
  JO: 30,
  KW: 30,
  KZ: 20,
  LB: 28,
  LC: 32,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  LY: 25,
  MC: 27,
  MD: 24,
  ME: 22,
  MK: 19,
  MR: 27,
  MT: 31,
  MU: 30,
  NL: 18,
  NO: 15,
  PK: 24,
  PL: 28,
  PS: 29,
  PT: 25,
  QA: 29,
  RO: 24,
  RS: 22,
  SA: 24,
  SC: 31,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  ST: 25,
  SV: 28,
  TL: 23,
  TN: 24,
  TR: 26,
  UA: 29,
  VA: 22,
  VG: 24,
  XK: 20,
};
const SPACE = 0x20;

/** As long as the shortest is. */
const SHAPE = [UPPER_CASE, UPPER_CASE, DIGITS, DIGITS, ...times(11, byteClass('A-Za-z0-9 '))];

/** International bank account numbers (ISO 13616), together or in groups of four, by country, length and check digits. */
export const ibans: Detector = {
  name: 'ibans',
  label: 'iban',
  starts: UPPER_CASE,
  hallmark: { kind: 'shapes', shapes: [SHAPE] },
  match: (window, at) => {
    if (!isDigit(window.at(at + 2)) || !isDigit(window.at(at + 3)) || !begins(window, at)) return 0;
    const length = LENGTHS[window.latin1(at, Math.min(at + 2, window.end))];
    if (length === undefined) return 0;
    let text = '';
    let index = at;
    while (text.length < length) {
      if (text.length % 4 === 0 && text.length > 0 && window.at(index) === SPACE) index += 1;
      const byte = window.at(index);
      if (!isIn(ALNUM, byte)) return 0;
      text += String.fromCharCode(byte);
      index += 1;
    }
    return !isIn(ALNUM, window.at(index)) && remainder97(text.toUpperCase()) === 1 ? index - at : 0;
  },
};

/** ISO 7064 mod 97-10 with the first four characters moved to the end. */
function remainder97(iban: string): number {
  let remainder = 0;
  for (const char of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(char, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder;
}
