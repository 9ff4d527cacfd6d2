import { bytesOf } from './hash.ts';
import { hmacSha256 } from './hmac.ts';
import { isText, type PlainType } from './plain-type.ts';
import { numericModifier, tokenOf } from './token.ts';

/** What a number of the same digits may not exceed. */
const LARGEST: Readonly<Record<string, string>> = {
  int2: '32767',
  int4: '2147483647',
  int8: '9223372036854775807',
  float4: '1e37',
  float8: '1e307',
};
/** Characters that are looked at; a longer text ends there. */
const MAX_CHARACTERS = 4096;

/** A value of the same shape, in SQL; for types without a shape of their own the token. */
export function formatOf(value: string, type: PlainType): string | null {
  const { name } = type;
  if (isText(type)) return sameShape(`${value}::pg_catalog.text`, type);
  if (name === null || name === 'jsonb') return null;
  const largest = LARGEST[name];
  if (largest !== undefined) return sameDigits(value, type, (digits) => within(digits, largest));
  if (name === 'numeric') return sameDigits(value, type, (digits) => fitted(digits, type));
  return tokenOf(value, type);
}

/**
 * A for another letter, 0 for another digit, at every place. What stands there is chosen by the place and the keyed
 * hash of the whole value, never by what stood there. Letters beyond ASCII become x.
 */
function sameShape(text: string, type: PlainType): string {
  const character = 'pg_catalog.substr(s.t, g.i, 1)';
  // In other encodings of several bytes ascii() raises an error for what isn't ASCII.
  const code =
    type.encoding === 'UTF8'
      ? `pg_catalog.ascii(${character})`
      : `pg_catalog.get_byte(${bytesOf(character, type)}, 0)`;
  const between = (from: number, to: number) =>
    `pg_catalog.int4ge(${code}, ${from}) AND pg_catalog.int4le(${code}, ${to})`;
  const other = (from: number, count: number) =>
    `pg_catalog.chr(pg_catalog.int4pl(${from}, pg_catalog.int4mod(pg_catalog.get_byte(s.h, pg_catalog.int4mod(g.i, 32)), ${count})))`;
  const shaped = `CASE WHEN ${between(48, 57)} THEN ${other(48, 10)} WHEN ${between(97, 122)} THEN ${other(97, 26)} WHEN ${between(65, 90)} THEN ${other(65, 26)} WHEN pg_catalog.int4lt(${code}, 128) THEN ${character} ELSE 'x' END`;
  const hash = `pg_catalog.decode(${hmacSha256(bytesOf(text, type))}, 'hex')`;
  const source = `(SELECT pg_catalog."left"(${text}, ${MAX_CHARACTERS}) AS t, ${hash} AS h) AS s`;
  return `COALESCE((SELECT pg_catalog.string_agg(${shaped}, '' ORDER BY g.i) FROM ${source} CROSS JOIN LATERAL pg_catalog.generate_series(1, pg_catalog.length(s.t)) AS g(i)), '')`;
}

function within(digits: string, largest: string): string {
  const bound = (sign: string) => `'${sign}${largest}'::pg_catalog."numeric"`;
  return `GREATEST(LEAST(${digits}, ${bound('')}), ${bound('-')})`;
}

/** NaN and the infinities have no digits, and give NULL. */
function sameDigits(value: string, type: PlainType, bounded: (digits: string) => string): string {
  const text = `${value}::pg_catalog."numeric"::pg_catalog.text`;
  const digits = `${sameShape(text, type)}::pg_catalog."numeric"`;
  return `CASE WHEN pg_catalog.textregexeq(${text}, '^-?[0-9]+([.][0-9]+)?$') THEN ${bounded(digits)} END`;
}

/** A number that its modifier has room for: `numeric(2,2)` has none before the point. */
function fitted(digits: string, type: PlainType): string {
  if (!type.shown.includes('(')) return digits;
  const { precision, scale } = numericModifier(type);
  const cut = `pg_catalog.trunc(${digits}, ${scale})`;
  return `pg_catalog.mod(${cut}, '1e${precision - scale}'::pg_catalog."numeric")`;
}
