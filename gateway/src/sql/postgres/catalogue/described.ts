import { BUILT_INS } from '../facts/allowed/built-ins.ts';
import { Snapshot } from './snapshot.ts';

/** pg_type.oid of types that a description may give columns, and how `format_type` prints them. */
const TYPES: Readonly<Record<string, readonly [oid: number, shown: string]>> = {
  text: [25, 'text'],
  varchar: [1043, 'character varying'],
  int2: [21, 'smallint'],
  int4: [23, 'integer'],
  int8: [20, 'bigint'],
  numeric: [1700, 'numeric'],
  float8: [701, 'double precision'],
  bool: [16, 'boolean'],
  uuid: [2950, 'uuid'],
  date: [1082, 'date'],
  timestamp: [1114, 'timestamp without time zone'],
  timestamptz: [1184, 'timestamp with time zone'],
  json: [114, 'json'],
  jsonb: [3802, 'jsonb'],
  bytea: [17, 'bytea'],
  inet: [869, 'inet'],
};
const FIRST_OID = 16_384;
/** Of PostgreSQL's own functions these change something, or give another value each time. */
const VOLATILE: ReadonlySet<string> = new Set(
  'nextval setval currval lastval random gen_random_uuid clock_timestamp timeofday set_config pg_notify pg_sleep'.split(
    ' ',
  ),
);

export type DescribedTable = {
  schema: string;
  name: string;
  /** Names with their types; `text` where nothing is said. */
  columns: ReadonlyArray<readonly [name: string, type: string]>;
};

/**
 * A catalogue of plain tables and of PostgreSQL's own functions, where there is no server to ask. It has no views, keys,
 * triggers or functions of the database's own: what depends on them is decided as if there were none.
 */
export function describedCatalogue(
  tables: readonly DescribedTable[],
  functions: Iterable<string>,
  searchPath: readonly string[],
): Snapshot {
  const none = Object.fromEntries(Object.keys(Snapshot.shape).map((name) => [name, []]));
  const schemas = new Set(['public', 'pg_catalog', ...searchPath, ...tables.map(({ schema }) => schema)]);
  return Snapshot.parse({
    ...none,
    schemas: [...schemas].map((name) => ({ name, usable: true })),
    relations: tables.map((table, at) => ({
      oid: FIRST_OID + 2 * at,
      type: FIRST_OID + 2 * at + 1,
      kind: 'r',
      definition: null,
      schema: table.schema,
      name: table.name,
      columns: table.columns.map(([name, type], number) => columnRow(number + 1, name, type)),
    })),
    functions: [
      ...[...BUILT_INS, 'set_config'].map((name) => functionRow('pg_catalog', name)),
      ...[...functions].map((qualified) => functionRow(...splitQualified(qualified))),
    ],
    types: Object.entries(TYPES).map(([name, [oid]]) => ({
      oid,
      schema: 'pg_catalog',
      name,
      kind: 'b',
      extension: null,
      base: 0,
      element: 0,
      parts: [],
    })),
    defaultPath: ['pg_catalog', ...searchPath],
  });
}

function columnRow(number: number, name: string, type: string): unknown[] {
  const [oid, shown] = TYPES[type] ?? [0, type];
  return [number, name, shown, type, 'b', '', null, false, oid, null, null];
}

function functionRow(schema: string, name: string): unknown {
  return {
    schema,
    name,
    kind: 'f',
    volatility: VOLATILE.has(name) ? 'v' : 's',
    language: 'internal',
    extension: null,
    definer: false,
    outputs: null,
    returnType: 0,
    returnKind: 'b',
    returnsSet: false,
    types: [],
    pinned: true,
  };
}

function splitQualified(name: string): [schema: string, name: string] {
  const dot = name.indexOf('.');
  return [name.slice(0, dot), name.slice(dot + 1)];
}
