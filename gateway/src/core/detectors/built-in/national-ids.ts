import type { Detector } from '../detector.ts';
import type { Shape } from '../prefilter/shape.ts';
import {
  ALNUM,
  type ByteClass,
  begins,
  byteClass,
  DIGITS,
  isIn,
  isNamed,
  type Window,
  WORD,
} from '../window.ts';

const PART = byteClass('A-Za-z0-9_.-');

/**
 * A number of the form `shape` (9 for a digit, A for a letter, all else for itself) that stands by itself at `at`; its
 * letters and digits, or '' when it doesn't.
 */
function written(window: Window, at: number, shape: string): string {
  for (let index = 0; index < shape.length; index += 1)
    if (!isAs(shape.charCodeAt(index), window.at(at + index))) return '';
  const next = window.at(at + shape.length);
  const continues =
    isIn(WORD, next) || ((next === 0x2e || next === 0x2d) && isIn(ALNUM, window.at(at + shape.length + 1)));
  return continues ? '' : window.latin1(at, at + shape.length).replace(/[^A-Za-z0-9]/g, '');
}

function isAs(wanted: number, byte: number): boolean {
  if (wanted === NINE) return isIn(DIGITS, byte);
  return wanted === CAPITAL_A ? isIn(LETTERS, byte) : byte === wanted;
}

const LETTERS = byteClass('A-Za-z');
const NINE = 0x39;
const CAPITAL_A = 0x41;

function shapeOf(written: string, starts: ByteClass): Shape {
  return Array.from(written, (character, index) => {
    const sign = character.charCodeAt(0);
    const all = byteClass('').map((_, byte) => (isAs(sign, byte) ? 1 : 0));
    return index === 0 ? all.map((isPart, byte) => isPart & (starts[byte] ?? 0)) : all;
  });
}

type NationalId = {
  starts: string;
  /** How it is written so that it can be told from any other number. */
  shapes: readonly string[];
  /** Digits alone: such a number counts where one of the names stands before it. */
  plain?: { shape: string; names: readonly string[] };
  isValid: (value: string) => boolean;
};

const IDS: readonly NationalId[] = [
  // Burgerservicenummer (NL): the eleven test.
  {
    starts: '0-9',
    shapes: ['9999.99.999'],
    plain: { shape: '999999999', names: ['bsn', 'burgerservice', 'sofi'] },
    isValid: (value) => value !== '000000000' && weighted(value, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0,
  },
  // Social Security number (US): no check digit, but areas and groups that are never given out.
  {
    starts: '0-8',
    shapes: ['999-99-9999'],
    plain: { shape: '999999999', names: ['ssn', 'social'] },
    isValid: (value) => /^(?!000|666|9)...(?!00)..(?!0000)....$/.test(value),
  },
  // National Insurance number (GB).
  {
    starts: 'A-Za-z',
    shapes: ['AA999999A', 'AA 99 99 99 A', 'AA 999999 A'],
    isValid: (value) =>
      /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]$/i.test(value),
  },
  // Steueridentifikationsnummer (DE): ISO 7064 mod 11,10.
  {
    starts: '1-9',
    shapes: ['99 999 999 999'],
    plain: { shape: '99999999999', names: ['steuer', 'idnr', 'tax_id', 'tax id', 'taxid'] },
    isValid: (value) => repeatsOneDigit(value.slice(0, 10)) && checkedBy11And10(value),
  },
  // Numéro de sécurité sociale (FR): mod 97.
  {
    starts: '12',
    shapes: ['9 99 99 99 999 999 99', '9 99 99 9A 999 999 99', '999999999999999', '999999A99999999'],
    isValid: isNir,
  },
  // DNI and NIE (ES): mod 23.
  {
    starts: '0-9XYZxyz',
    shapes: ['99999999A', '99999999-A', 'A9999999A', 'A-9999999-A'],
    isValid: (value) => {
      const digits = value
        .slice(0, 8)
        .toUpperCase()
        .replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter)));
      return (
        /^[0-9]{8}$/.test(digits) &&
        'TRWAGMYFPDXBNJZSQVHLCKE'[Number(digits) % 23] === value[8]?.toUpperCase()
      );
    },
  },
];

/** National ids of NL, US, GB, DE, FR and ES: by form and, where there is one, by check digit. */
export const nationalIds: readonly Detector[] = IDS.map(({ starts, shapes, plain, isValid }) => ({
  name: 'nationalIds',
  label: 'national-id',
  starts: byteClass(starts),
  hallmark: {
    kind: 'shapes',
    shapes: [...shapes, ...(plain === undefined ? [] : [plain.shape])].map((written) =>
      shapeOf(written, byteClass(starts)),
    ),
  },
  match: (window, at) => {
    if (!begins(window, at, PART)) return 0;
    for (const shape of shapes) {
      const value = written(window, at, shape);
      if (value !== '' && isValid(value)) return shape.length;
    }
    if (plain === undefined) return 0;
    const value = written(window, at, plain.shape);
    return value !== '' && isValid(value) && isNamed(window, at, plain.names) ? plain.shape.length : 0;
  },
}));

function weighted(value: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * Number(value[index]), 0);
}

/** Of the first ten digits one stands there twice or three times, and no other more than once. */
function repeatsOneDigit(digits: string): boolean {
  const counts = Array.from({ length: 10 }, (_, digit) => digits.split(String(digit)).length - 1);
  const repeated = counts.filter((count) => count > 1);
  return repeated.length === 1 && (repeated[0] ?? 0) <= 3;
}

function checkedBy11And10(value: string): boolean {
  let product = 10;
  for (const digit of value.slice(0, 10)) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === Number(value[10]);
}

function isNir(value: string): boolean {
  const match = /^[12][0-9]{2}([0-9]{2})([0-9]{2}|2[AB])([0-9]{6})([0-9]{2})$/i.exec(value);
  const month = Number(match?.[1]);
  if (match === null || !(month <= 12 || (month >= 20 && month <= 42) || month >= 50) || month === 0)
    return false;
  const number = value.slice(0, 13).toUpperCase().replace('2A', '19').replace('2B', '18');
  return 97 - Number(BigInt(number) % 97n) === Number(match[4]);
}
