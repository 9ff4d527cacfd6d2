import { isText, type PlainType } from './plain-type.ts';
import { dots, redactedText } from './redact.ts';

const NUMBERS: ReadonlySet<string> = new Set(['int4', 'int8', 'numeric']);
/** A shorter value would be shown whole, or nearly. */
const MIN_LENGTH_FOR_LAST_4 = 8;

/** What a method keeps of a value, in SQL; null for types of which it keeps nothing. */
export function partOf(value: string, keep: 'last4' | 'domain', type: PlainType): string | null {
  const { name } = type;
  if (isText(type)) return (keep === 'last4' ? last4 : domain)(`${value}::pg_catalog.text`, type);
  if (name === null) return null;
  return keep === 'last4' && NUMBERS.has(name) ? lastDigits(value) : null;
}

function last4(value: string, type: PlainType): string {
  return `CASE WHEN pg_catalog.int4ge(pg_catalog.length(${value}), ${MIN_LENGTH_FOR_LAST_4}) THEN pg_catalog.textcat(${dots(4, type)}, pg_catalog."right"(${value}, 4)) ELSE ${redactedText(type)} END`;
}

function domain(value: string, type: PlainType): string {
  return `CASE WHEN pg_catalog.int4gt(pg_catalog.strpos(${value}, '@'), 0) THEN pg_catalog.textcat(${dots(5, type, '@')}, pg_catalog.split_part(${value}, '@', -1)) ELSE ${redactedText(type)} END`;
}

/** 4000001234567890 → 7890; numbers of fewer than eight digits give NULL, and so do NaN and the infinities. */
function lastDigits(value: string): string {
  const whole = `pg_catalog.trunc(pg_catalog.abs(${value}::pg_catalog."numeric"))`;
  const least = `'1e${MIN_LENGTH_FOR_LAST_4 - 1}'::pg_catalog."numeric"`;
  return `CASE WHEN pg_catalog.numeric_ge(${whole}, ${least}) AND pg_catalog.numeric_lt(${whole}, 'Infinity'::pg_catalog."numeric") THEN pg_catalog.mod(${whole}, '10000'::pg_catalog."numeric") END`;
}
