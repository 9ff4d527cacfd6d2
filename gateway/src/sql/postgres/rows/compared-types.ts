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
