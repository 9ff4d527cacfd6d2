import type { LookupValue } from '../facts/lookup.ts';
import { quoted } from '../masks/type-name.ts';
import { literal } from './condition.ts';

/** A constant as it was written; a parameter as one of its cast's type, or else of `type`. */
export function writtenValue(value: LookupValue, type: string): string {
  if (value.kind === 'parameter') {
    return `$${value.number}::pg_catalog.${quoted(value.cast ?? type)}`;
  }
  const text = value.quoted ? literal(value.text) : `(${value.text})`;
  return value.cast === null ? text : `${text}::pg_catalog.${quoted(value.cast)}`;
}
