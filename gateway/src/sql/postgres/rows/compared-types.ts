import { type PlainType, typeText } from '../masks/plain-type.ts';

/** Of these a text means the same, and two compare alike, whatever TimeZone, DateStyle, search path and the like are. */
const SETTLED = new Set(
  `bool int2 int4 int8 numeric float4 float8 text varchar bpchar name char uuid inet cidr macaddr macaddr8 bytea bit
  varbit jsonb oid xid xid8 pg_lsn tsvector int4range int8range numrange int4multirange int8multirange nummultirange`
    .split(/\s+/)
    .flatMap((name) => [name, `_${name}`]),
);

const DAY = String.raw`\d{4}-\d\d-\d\d`;
const TIME = String.raw`\d\d:\d\d(:\d\d(\.\d{1,6})?)?`;
const ZONE = String.raw`(Z|[+-]\d\d(:?\d\d)?)`;

/** How constants of other types are written so that they mean the same in every session, and an example. */
const WRITTEN: Readonly<Record<string, { form: RegExp; example: string }>> = {
  date: { form: new RegExp(`^(${DAY}|-?infinity)$`), example: '2026-01-31' },
  time: { form: new RegExp(`^${TIME}$`), example: '12:30' },
  timetz: { form: new RegExp(`^${TIME}${ZONE}$`), example: '12:30+00' },
  timestamp: { form: new RegExp(`^(${DAY}([ T]${TIME})?|-?infinity)$`), example: '2026-01-31 12:30' },
  timestamptz: {
    form: new RegExp(`^(${DAY}[ T]${TIME}${ZONE}|-?infinity)$`),
    example: '2026-01-31 12:30+00',
  },
  interval: { form: /^\d+ (second|minute|hour|day|week|month|year)s?$/, example: '30 days' },
};

/** Types of one family compare without an error, whatever their values. */
const FAMILIES: ReadonlyArray<ReadonlySet<string>> = [
  new Set(['int2', 'int4', 'int8', 'numeric']),
  new Set(['float4', 'float8']),
  new Set(['text', 'varchar', 'bpchar', 'name']),
  new Set(['inet', 'cidr']),
];

/** Types of which two texts compare by a collation. */
export const isCollated = (type: string): boolean => FAMILIES[2]?.has(type) === true;

/** Why columns of these types can't be compared: a value of one may be none of the other, and the server says so. */
export function unlike(types: readonly string[]): string | null {
  const [first, other] = new Set(types);
  if (first === undefined || other === undefined) return null;
  const isOne = FAMILIES.some((family) => types.every((type) => family.has(type)));
  return isOne ? null : `a ${first} beside a ${other}`;
}

/** Whether a text of one of the server's own types means the same in every session. */
export function isReadAlike(type: string, text: string): boolean {
  if (READ_ALIKE.has(type)) return true;
  const written = type === 'interval' ? PRINTED_INTERVAL : WRITTEN[type]?.form;
  return written?.test(text) === true;
}

/** What `float4` and `float8` print depends on extra_float_digits. */
const READ_ALIKE: ReadonlySet<string> = new Set([
  ...[...SETTLED].filter((type) => !type.includes('float')),
  ...[
    'json',
    '_json',
    'xml',
    'jsonpath',
    'tsquery',
    'point',
    'line',
    'lseg',
    'box',
    'path',
    'polygon',
    'circle',
  ],
]);
const PRINTED_INTERVAL = /^(\d+ (year|mon|day)s? ?)*(\d\d+:\d\d:\d\d(\.\d+)?)?$/;

/** Why columns of a type can't be compared in a row filter, whatever with; null where they can. */
export function incomparable(type: PlainType): string | null {
  const name = type.name ?? '';
  if (SETTLED.has(name) || name in WRITTEN || (type.name === null && type.kind === 'e')) return null;
  const why =
    type.name === null
      ? 'may be compared in a way of its own'
      : 'is read by settings that each session has of its own';
  return `type ${typeText(type)} ${why}`;
}

/** Why operands of these types and texts can't be compared: each session would, by its settings, in its own way. */
export function unsettled(types: readonly string[], texts: readonly string[]): string | null {
  const own = types.find((type) => type in WRITTEN);
  const written = own === undefined ? undefined : WRITTEN[own];
  if (own === undefined || written === undefined) return null;
  const other = types.find((type) => type !== own);
  if (other !== undefined) return `a ${own} beside a ${other}, which depends on the session's TimeZone`;
  const text = texts.find((constant) => !written.form.test(constant));
  if (text === undefined) return null;
  return `'${text}', which settings of a session could make another ${own} (write it as '${written.example}')`;
}
