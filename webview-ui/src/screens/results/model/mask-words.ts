import { assertNever } from '../../../../../gateway/contract/assert-never.ts';
import type { MaskMethod } from '../../../../../gateway/contract/decision.ts';
import type { ColumnRef } from '../../../../../gateway/contract/facts.ts';

/** What was done to the value, for people. */
export function methodInWords(mask: MaskMethod): string {
  switch (mask.method) {
    case 'redact':
      return 'Replaced by a fixed value. Nothing of the value is left.';
    case 'format':
      return 'Letters and digits are others. The length and the shape are kept, and equal values look equal.';
    case 'partial':
      return mask.keep === 'last4'
        ? 'Only the last 4 characters are kept.'
        : 'Only the e-mail’s domain is kept.';
    case 'token':
      return 'Replaced by a keyed token. Equal values give equal tokens, so joins and grouping still work.';
    case 'null':
      return 'Replaced by NULL.';
    default:
      return assertNever(mask);
  }
}

/** `public.customers.email` */
export function columnName({ schema, relation, column }: ColumnRef): string {
  return `${schema}.${relation}.${column}`;
}
