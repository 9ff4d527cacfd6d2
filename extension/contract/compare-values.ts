import type { ValueKind } from './value-kind.ts';

/** What a value is compared by. Keys of one kind are all numbers or all strings. */
export type CompareKey = number | string;

/** Reads a value's text form once, so that sorting compares cheap keys. */
export function compareKey(kind: ValueKind, text: string): CompareKey {
  switch (kind) {
    case 'integer':
    case 'decimal':
    case 'float':
      return numberKey(text);
    case 'money':
      return moneyAsNumber(text);
    case 'interval':
      return intervalAsSeconds(text);
    case 'date':
    case 'timestamp':
      return momentKey(text);
    default:
      return text.toLowerCase();
  }
}

/**
 * Orders two values as PostgreSQL would (NaN is the greatest number). Keys decide; where they are equal,
 * numbers beyond a double's precision are compared digit by digit, and texts by code unit.
 */
export function compareValues(
  kind: ValueKind,
  a: string,
  b: string,
  keyA: CompareKey,
  keyB: CompareKey,
): number {
  if (keyA < keyB) return -1;
  if (keyA > keyB) return 1;
  if (a === b) return 0;
  if (kind === 'integer' || kind === 'decimal') return compareDecimals(a, b);
  if (kind === 'float' || kind === 'interval' || kind === 'money') return 0;
  return a < b ? -1 : 1;
}

/** Compares decimal texts of any length exactly: "-1.50", "12", "NaN", "Infinity". */
export function compareDecimals(a: string, b: string): number {
  const left = readDecimal(a);
  const right = readDecimal(b);
  if (!left || !right) return rankSpecial(a) - rankSpecial(b);
  if (left.negative !== right.negative) return left.negative ? -1 : 1;
  const magnitude =
    left.whole.length - right.whole.length ||
    compareText(left.whole, right.whole) ||
    compareText(left.fraction, right.fraction);
  if (magnitude === 0) return 0;
  return Math.sign(left.negative ? -magnitude : magnitude);
}

type Decimal = { negative: boolean; whole: string; fraction: string };

function readDecimal(text: string): Decimal | null {
  const match = /^([+-]?)0*(\d*)(?:\.(\d*?)0*)?$/.exec(text);
  if (!match) return null;
  const whole = match[2] ?? '';
  const fraction = match[3] ?? '';
  const isZero = whole === '' && fraction === '';
  return { negative: match[1] === '-' && !isZero, whole, fraction };
}

function rankSpecial(text: string): number {
  if (text === 'NaN') return 3;
  if (text === 'Infinity') return 2;
  return text === '-Infinity' ? 0 : 1;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** What doesn't read as a number, as a mask's text, sorts before all that do. */
function numberKey(text: string): number {
  if (text === 'NaN') return Number.POSITIVE_INFINITY;
  const number = Number(text);
  return Number.isNaN(number) ? Number.NEGATIVE_INFINITY : number;
}

function moneyAsNumber(text: string): number {
  const amount = Number(text.replaceAll(/[^\d.]/g, ''));
  return /^[-(]/.test(text) ? -amount : amount;
}

/** The `postgres` interval style. A month counts 30 days, as PostgreSQL compares them. */
function intervalAsSeconds(text: string): number {
  const part = (unit: RegExp) => Number(unit.exec(text)?.[1] ?? 0);
  const days = part(/(-?\d+) years?/) * 360 + part(/(-?\d+) mons?/) * 30 + part(/(-?\d+) days?/);
  const clock = /([+-]?)(\d+):(\d+):(\d+(?:\.\d+)?)/.exec(text);
  const seconds = clock ? Number(clock[2]) * 3600 + Number(clock[3]) * 60 + Number(clock[4]) : 0;
  return days * 86_400 + (clock?.[1] === '-' ? -seconds : seconds);
}

/** ISO dates sort as text once the ends of time, the years BC and those past 9999 are put where they belong. */
function momentKey(text: string): string {
  if (text === '-infinity') return '';
  if (text === 'infinity') return '~';
  const digitsOfYear = text.indexOf('-');
  return text.endsWith('BC') ? `!${text}` : `${digitsOfYear}${text}`;
}
