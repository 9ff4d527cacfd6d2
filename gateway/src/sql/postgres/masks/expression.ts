import { assertNever } from '../../../../contract/assert-never.ts';
import type { MaskMethod } from '../../../../contract/decision.ts';
import type { Column } from '../catalogue/catalogue.ts';
import { formatOf } from './format.ts';
import { partOf } from './partial.ts';
import { type PlainType, plainType, typeText } from './plain-type.ts';
import { redactionOf } from './redact.ts';
import { tokenOf } from './token.ts';
import { quoted } from './type-name.ts';

/**
 * The mask of a column as a SQL expression over the column itself, of the column's type and modifier (of a domain's
 * base). NULL stays NULL. Nothing in it can raise an error on any value or depends on a setting that a session may
 * change, and every name is qualified; `encoding` is that of the database, `value` how the column is named where it stands. What each method gives for each type: docs/POLICY.md.
 */
export function maskExpression(
  column: Column,
  mask: MaskMethod,
  encoding: string,
  value = quoted(column.name),
): string {
  const plain = plainType(column, encoding);
  const type = typeText(plain);
  const masked = maskedValue(value, mask, plain);
  if (masked === null) return `NULL::${type}`;
  return `(CASE WHEN ${value} IS NULL THEN NULL ELSE (${masked}) END)::${type}`;
}

/** A mask that does not look at the column, for who can't read it: a fixed text for text types, else NULL. */
export function blindMask(column: Column, mask: MaskMethod, encoding: string): string {
  const plain = plainType(column, encoding);
  const masked =
    mask.method === 'null' ? null : redactionOf(plain, mask.method === 'redact' && mask.fixed === true);
  return masked === null ? `NULL::${typeText(plain)}` : `(${masked})::${typeText(plain)}`;
}

/** The masked value of one that isn't NULL; null when the type only allows NULL. */
function maskedValue(value: string, mask: MaskMethod, plain: PlainType): string | null {
  switch (mask.method) {
    case 'redact':
      return redactionOf(plain, mask.fixed === true);
    case 'partial':
      return partOf(value, mask.keep, plain);
    case 'token':
      return tokenOf(value, plain);
    case 'format':
      return formatOf(value, plain);
    case 'null':
      return null;
    default:
      return assertNever(mask);
  }
}
