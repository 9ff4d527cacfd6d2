/** The kinds of values that expressions are made of. */
export const TYPES = [
  'text',
  'int',
  'numeric',
  'bool',
  'date',
  'timestamptz',
  'interval',
  'jsonb',
  'bytea',
  'uuid',
  'texts',
  'range',
  'xml',
  'inet',
  'mood',
] as const;
export type Type = (typeof TYPES)[number];

/** As SQL writes them. */
export const SQL_NAME: Readonly<Record<Type, string>> = {
  text: 'text',
  int: 'int',
  numeric: 'numeric',
  bool: 'bool',
  date: 'date',
  timestamptz: 'timestamptz',
  interval: 'interval',
  jsonb: 'jsonb',
  bytea: 'bytea',
  uuid: 'uuid',
  texts: 'text[]',
  range: 'int4range',
  xml: 'xml',
  inet: 'inet',
  mood: 'public.mood',
};

/** pg_type.typname to the kind that it is dealt with as. */
const KIND_OF: Readonly<Record<string, Type>> = {
  text: 'text',
  varchar: 'text',
  bpchar: 'text',
  name: 'text',
  email_address: 'text',
  int2: 'int',
  int4: 'int',
  int8: 'int',
  numeric: 'numeric',
  bool: 'bool',
  date: 'date',
  timestamptz: 'timestamptz',
  interval: 'interval',
  jsonb: 'jsonb',
  bytea: 'bytea',
  uuid: 'uuid',
  _text: 'texts',
  int4range: 'range',
  xml: 'xml',
  inet: 'inet',
  mood: 'mood',
};

export function kindOf(typeName: string): Type | null {
  return KIND_OF[typeName] ?? null;
}

/** Types with equality and order: what GROUP BY, DISTINCT, set operations and ORDER BY take. */
export const COMPARABLE: readonly Type[] = TYPES.filter((type) => type !== 'xml');

/**
 * Constants. Some of them are masked values of one side, so that a condition which looked behind a mask would answer
 * differently.
 */
export const LITERALS: Readonly<Record<Type, readonly string[]>> = {
  text: [
    "'a'",
    "''",
    "'S1'",
    "'anna1@two.example'",
    "'bartholomew.99@two.example'",
    "'one.example'",
    "'•••••'",
    "'long-secret-17xxx'",
    "'name 3'",
    "'n'",
    "'coupon1'",
    "'pin3'",
    "'g1'",
    "'%a%'",
    "'0'",
    "'k'",
    "'{1,2}'",
    "'memo0003'",
    "'hidden 13'",
    "'veiled'",
    "'unsaid 9'",
  ],
  int: ['0', '1', '2', '3', '7', '20', '-3', '100', '6001', '40', '2147483647'],
  numeric: ['0', '1.5', '100.5', '-0.01', '301.50', '1e3', '402.0'],
  bool: ['true', 'false'],
  date: ["date '1951-02-05'", "date '2001-12-30'", "date '2024-01-03'"],
  timestamptz: ["timestamptz '2024-05-01 11:00Z'", "timestamptz '2022-12-31 00:00Z'"],
  interval: ["interval '3 minutes'", "interval '1 day'", "interval '36 minutes'"],
  jsonb: [
    `'{"k": "v1"}'::jsonb`,
    `'[1, 2]'::jsonb`,
    `'{"k": 3, "deep": {"a": "x1"}}'::jsonb`,
    `'null'::jsonb`,
  ],
  bytea: ["'photo1'::bytea", "'\\x00ff'::bytea", "'bits'::bytea"],
  uuid: ["'00000001-0000-4000-8000-000000000001'::uuid", "'00000001-0000-4000-8000-000000000096'::uuid"],
  texts: ["'{al1,z}'::text[]", "'{beta1}'::text[]", "'{}'::text[]"],
  range: ["'[1,8)'::int4range", "'[4,13)'::int4range", "'empty'::int4range"],
  xml: ["'<a><b>one1</b></a>'::xml", "'<r/>'::xml"],
  inet: ["'10.0.0.1'::inet", "'192.168.0.0/16'::inet"],
  mood: ["'calm'::public.mood", "'glad'::public.mood"],
};
