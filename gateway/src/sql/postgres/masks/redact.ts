import { isText, type PlainType, typeText } from './plain-type.ts';

/** So many dots as a literal. Other encodings than UTF8 may lack them: there the statement itself would be an error. */
export function dots(count: number, { encoding }: PlainType, after = ''): string {
  return `'${(encoding === 'UTF8' ? '•' : '*').repeat(count)}${after}'`;
}

export function redactedText(type: PlainType): string {
  return `${dots(5, type)}::pg_catalog.text`;
}

const EPOCH = '1970-01-01';
/** A literal that means nothing, for types of which a policy may ask for one. */
const FIXED: Readonly<Record<string, string>> = {
  int2: '0',
  int4: '0',
  int8: '0',
  numeric: '0',
  float4: '0',
  float8: '0',
  money: '0',
  bool: 'false',
  date: EPOCH,
  time: '00:00',
  timetz: '00:00+00',
  timestamp: `${EPOCH} 00:00`,
  timestamptz: `${EPOCH} 00:00+00`,
  interval: '0',
  uuid: '00000000-0000-0000-0000-000000000000',
  inet: '0.0.0.0',
  cidr: '0.0.0.0/32',
  macaddr: '00:00:00:00:00:00',
  macaddr8: '00:00:00:00:00:00:00:00',
  json: 'null',
  jsonb: 'null',
  bytea: '',
  bit: '0',
  varbit: '0',
  tsvector: '',
};

/**
 * What stands in place of every value, in SQL; null for NULL. A number or a date that isn't there misleads, so that
 * only texts are replaced unless the policy asks for more.
 */
export function redactionOf(type: PlainType, fixed: boolean): string | null {
  const { name, kind, shown } = type;
  if (isText(type)) return redactedText(type);
  if (!fixed) return null;
  if (shown.endsWith('[]') || kind === 'm') return `'{}'`;
  if (kind === 'r') return `'empty'`;
  if (kind === 'e') return `pg_catalog.enum_first(NULL::${typeText(type)})`;
  const literal = name === null ? undefined : FIXED[name];
  if (literal === undefined) return null;
  // An explicit cast between bit strings pads, a literal of the wrong length is an error.
  return name === 'bit' ? `'${literal}'::pg_catalog."bit"` : `'${literal}'`;
}
