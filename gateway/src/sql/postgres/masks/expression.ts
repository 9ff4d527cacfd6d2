import { assertNever } from '../../../../contract/assert-never.ts';
import type { MaskMethod } from '../../../../contract/decision.ts';
import type { Column } from '../catalogue/catalogue.ts';
import { hmacSha256 } from './hmac.ts';
import { isText, quoted, typeName } from './type-name.ts';

const REDACTED = `'•••••'`;
/** A shorter value would be shown whole, or nearly. */
const minCharactersForLast4 = 8;

/**
 * The mask of a column as a SQL expression over the column itself, of the column's type and modifier. NULL stays
 * NULL. Nothing in it can raise an error on any value, and every name is qualified.
 */
export function maskExpression(column: Column, mask: MaskMethod): string {
  const masked = maskedText(column, mask);
  const type = typeName(column);
  if (masked === null) return `NULL::${type}`;
  return `(CASE WHEN ${quoted(column.name)} IS NULL THEN NULL ELSE ${masked} END)::${type}`;
}

/** The masked value of one that isn't NULL; null when the type only allows NULL. */
function maskedText(column: Column, mask: MaskMethod): string | null {
  const isUuid = column.baseType === 'uuid';
  if (mask.method === 'token' && isUuid) return uuidToken(column);
  if (!isText(column) || mask.method === 'null') return null;
  switch (mask.method) {
    case 'redact':
      return `${REDACTED}::pg_catalog.text`;
    case 'partial':
      return mask.keep === 'last4' ? last4(column) : domain(column);
    case 'token':
      return `pg_catalog."left"(${hmacSha256(asText(column))}, 16)`;
    default:
      return assertNever(mask);
  }
}

const asText = (column: Column) => `${quoted(column.name)}::pg_catalog.text`;

function last4(column: Column): string {
  const value = asText(column);
  return `CASE WHEN pg_catalog.int4ge(pg_catalog.length(${value}), ${minCharactersForLast4}) THEN pg_catalog.textcat('••••', pg_catalog."right"(${value}, 4)) ELSE ${REDACTED} END`;
}

function domain(column: Column): string {
  const value = asText(column);
  return `CASE WHEN pg_catalog.int4gt(pg_catalog.strpos(${value}, '@'), 0) THEN pg_catalog.textcat('•••••@', pg_catalog.split_part(${value}, '@', -1)) ELSE ${REDACTED} END`;
}

function uuidToken(column: Column): string {
  return `pg_catalog."left"(${hmacSha256(asText(column))}, 32)::pg_catalog.uuid`;
}
