import { hmacSha256 } from './hmac.ts';
import { isCitext, type PlainType } from './plain-type.ts';

/** Types whose text form depends on no setting. */
const AS_TEXT: ReadonlySet<string> = new Set([
  'text',
  'varchar',
  'bpchar',
  'name',
  'int2',
  'int4',
  'int8',
  'uuid',
  'jsonb',
]);
/** The others' bytes on the wire, which depend on none either, by the function that makes them. */
const SENDERS: Readonly<Record<string, string>> = {
  date: 'date_send',
  time: 'time_send',
  timetz: 'timetz_send',
  timestamp: 'timestamp_send',
  timestamptz: 'timestamptz_send',
  interval: 'interval_send',
  inet: 'inet_send',
  cidr: 'cidr_send',
  macaddr: 'macaddr_send',
  macaddr8: 'macaddr8_send',
  bit: 'bit_send',
  varbit: 'varbit_send',
  money: 'cash_send',
};

/**
 * The keyed hash of a value as 64 hex digits, in SQL: equal values of one type have equal hashes, whatever the
 * session's settings are. Null for types that have none.
 */
export function hashOf(value: string, type: PlainType): string | null {
  // Its own equality: the column's collation counts for nothing.
  if (isCitext(type)) {
    const folded = `pg_catalog.lower(${value}::pg_catalog.text COLLATE pg_catalog."default")`;
    return hmacSha256(bytesOf(folded, type));
  }
  const { name } = type;
  if (name === null) return null;
  if (AS_TEXT.has(name)) return hmacSha256(bytesOf(`${value}::pg_catalog.text`, type));
  // 1.0 and 1.00 are equal, and so are 0 and -0.
  if (name === 'numeric')
    return hmacSha256(bytesOf(`pg_catalog.trim_scale(${value})::pg_catalog.text`, type));
  if (name === 'float4' || name === 'float8') {
    return hmacSha256(`pg_catalog.float8send(pg_catalog.float8pl(${value}::pg_catalog.float8, 0))`);
  }
  if (name === 'bytea') return hmacSha256(value);
  const sender = SENDERS[name];
  return sender === undefined ? null : hmacSha256(`pg_catalog.${sender}(${value})`);
}

/** Of a hash in hex, a whole number from 0 to 2^60 - 1. */
export function numberOf(hash: string): string {
  return `pg_catalog.textcat('x0', pg_catalog."left"(${hash}, 15))::pg_catalog."bit"(64)::pg_catalog.int8`;
}

/**
 * The bytes of a text, in SQL. Not every value of every encoding has an equivalent in UTF8, and an error would tell of
 * it: those stay as they are.
 */
export function bytesOf(text: string, { encoding }: PlainType): string {
  const into = encoding === 'LATIN1' ? 'UTF8' : encoding;
  return `pg_catalog.convert_to(${text}, '${into.replaceAll("'", "''")}')`;
}
