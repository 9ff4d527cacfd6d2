import { hashOf, numberOf } from './hash.ts';
import { isCitext, type PlainType } from './plain-type.ts';

/** How a hash in hex becomes a value of a type; the cast to the column's type and modifier comes after. */
const VALUES: Readonly<Record<string, (hash: string, type: PlainType) => string>> = {
  text: characters,
  varchar: characters,
  bpchar: characters,
  name: characters,
  int2: (hash) => modulo(hash, 2 ** 15),
  int4: (hash) => modulo(hash, 2 ** 31),
  int8: numberOf,
  numeric: digits,
  float4: (hash) => modulo(hash, 2 ** 24),
  float8: (hash) => modulo(hash, 2 ** 53),
  date: (hash) =>
    `pg_catalog.date_pli('1900-01-01'::pg_catalog.date, ${modulo(hash, 73_049)}::pg_catalog.int4)`,
  time: (hash) => `(${instant(modulo(hash, 86_400))})::pg_catalog."time"`,
  timetz: (hash) =>
    `pg_catalog.textcat((${instant(modulo(hash, 86_400))})::pg_catalog."time"::pg_catalog.text, '+00')::pg_catalog.timetz`,
  timestamp: (hash) => instant(centuries(hash)),
  timestamptz: (hash) => `pg_catalog.to_timestamp((${centuries(hash)})::pg_catalog.float8)`,
  interval: (hash) =>
    `pg_catalog.make_interval(0, 0, 0, 0, 0, 0, (${modulo(hash, 31_536_000)})::pg_catalog.float8)`,
  uuid: (hash) => `pg_catalog."left"(${hash}, 32)`,
  inet: (hash) => `pg_catalog.inetpl('fd00::'::pg_catalog.inet, ${numberOf(hash)})`,
  cidr: (hash) => `pg_catalog.inetpl('fd00::'::pg_catalog.inet, ${numberOf(hash)})`,
  // 02 begins addresses that no maker of cards was given.
  macaddr: (hash) => `pg_catalog.textcat('02', pg_catalog."left"(${hash}, 10))`,
  macaddr8: (hash) => `pg_catalog.textcat('02', pg_catalog."left"(${hash}, 14))`,
  jsonb: (hash) => `pg_catalog.to_jsonb(${characters(hash)})`,
  bytea: (hash) => `pg_catalog.decode(${hash}, 'hex')`,
  bit: (hash) => `pg_catalog.textcat('x', ${hash})::pg_catalog."bit"(256)`,
  varbit: (hash) => `pg_catalog.textcat('x', pg_catalog."left"(${hash}, 16))::pg_catalog."bit"(64)`,
  money: (hash) => modulo(hash, 1_000_000_000),
};

/** A value of the type that equal values share, in SQL; null for types where that would tell all, or nothing. */
export function tokenOf(value: string, type: PlainType): string | null {
  const hash = hashOf(value, type);
  if (hash === null) return null;
  return VALUES[isCitext(type) ? 'text' : (type.name ?? '')]?.(hash, type) ?? null;
}

function characters(hash: string): string {
  return `pg_catalog."left"(${hash}, 16)`;
}

function modulo(hash: string, count: number): string {
  return `pg_catalog.int8mod(${numberOf(hash)}, ${count})`;
}

/** Seconds since 1970 of a moment in the years 1900 to 2099. */
function centuries(hash: string): string {
  return `pg_catalog.int8mi(${modulo(hash, 6_311_433_600)}, 2208988800)`;
}

function instant(seconds: string): string {
  return `pg_catalog.timezone('UTC'::pg_catalog.text, pg_catalog.to_timestamp((${seconds})::pg_catalog.float8))`;
}

/** As many digits as the modifier has room for, at most 18. */
function digits(hash: string, type: PlainType): string {
  const { precision, scale } = numericModifier(type);
  const whole = `(${modulo(hash, 10 ** Math.min(precision, 18))})::pg_catalog."numeric"`;
  return scale === 0 ? whole : `pg_catalog.numeric_mul(${whole}, '1e${-scale}'::pg_catalog."numeric")`;
}

/** Digits in all, and those of them behind the point; without a modifier 15 and none. */
export function numericModifier({ shown }: PlainType): { precision: number; scale: number } {
  const [, precision = '15', scale = '0'] = /\((\d+),?(-?\d+)?\)/.exec(shown) ?? [];
  return { precision: Number(precision), scale: Number(scale) };
}
