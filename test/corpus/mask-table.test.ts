import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import pg from 'pg';
import type { MaskMethod } from '../../gateway/contract/decision.ts';
import { type Column, relationFrom } from '../../gateway/src/sql/postgres/catalogue/catalogue.ts';
import { loadCatalogue } from '../../gateway/src/sql/postgres/catalogue/load.ts';
import { maskExpression } from '../../gateway/src/sql/postgres/masks/expression.ts';
import { tokenKeySettings } from '../../gateway/src/sql/postgres/masks/hmac.ts';
import { bootPostgres, type RunningPostgres } from '../../sample/postgres/boot-postgres.ts';

/** The table "type × method" of docs/POLICY.md against what the server gives, for values at the edges of each type. */

const COLUMNS: readonly MaskMethod[] = [
  { method: 'redact' },
  { method: 'redact', fixed: true },
  { method: 'partial', keep: 'last4' },
  { method: 'partial', keep: 'domain' },
  { method: 'format' },
  { method: 'token' },
];

/** For each type of the table values that exist in it; the first has digits enough for `last4`. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  text: ['ana.ruiz@shop.example', '', 'ünï-çode 4711', 'x'.repeat(5000), '@', '\\x00'],
  'varchar(80)': ['4000-0012-3456-7890', 'a@b'],
  'char(30)': ['4000001234567890', 'K-731'],
  name: ['somebody@else'],
  citext: ['Ana.Ruiz@shop.example', '', 'ünï-çode 4711'],
  int2: ['12345', '32767', '-32768', '0'],
  int4: ['1234567890', '2147483647', '-2147483648', '0', '7'],
  int8: ['1234567890', '9223372036854775807', '-9223372036854775808', '0'],
  numeric: ['12345678.90', 'NaN', 'Infinity', '-Infinity', '0', '1e-300', '1e300', '99999999.5'],
  'numeric(20,2)': ['999999999999999999.99', '-0.01', 'NaN'],
  'numeric(2,2)': ['0.99', '-0.99', '0'],
  'numeric(2,-3)': ['99000', '-1000'],
  'numeric(3,5)': ['0.00999', '0'],
  float4: ['3.4e38', '-3.4e38', '1.2e-38', 'NaN', 'Infinity', '-0'],
  float8: ['1.79e308', '-1.79e308', '5e-324', 'NaN', '-Infinity', '0.1'],
  money: ['92233720368547758.07', '-92233720368547758.08', '0'],
  bool: ['true', 'false'],
  date: ['2026-03-04', '4713-01-01 BC', '5874897-12-31', 'infinity', '-infinity'],
  'timestamp(3)': ['2026-03-04 10:00', '294276-12-31 23:59:59', '-infinity'],
  timestamptz: ['2026-03-04 10:00+02', '4713-01-01 00:00+00 BC', 'infinity'],
  time: ['24:00:00', '00:00', '12:34:56.789'],
  timetz: ['23:59:59+14', '00:00-12'],
  interval: ['1 year 2 mons 3 days', '-178000000 years', '178000000 years', '0'],
  uuid: ['ffffffff-ffff-ffff-ffff-ffffffffffff', '00000000-0000-0000-0000-000000000000'],
  inet: ['10.1.2.3/8', 'ffff::1', '0.0.0.0/0'],
  cidr: ['10.0.0.0/8', '::/0'],
  macaddr: ['08:00:2b:01:02:03'],
  macaddr8: ['08:00:2b:01:02:03:04:05'],
  jsonb: ['{"a": [1, "x"]}', 'null', '"text"'],
  json: ['{"a":1}', 'null'],
  bytea: ['\\x00ff', ''],
  'bit(8)': ['10101010'],
  'varbit(70)': ['1', ''],
  tsvector: ['fat cat', ''],
  'text[]': ['{a,b,NULL}', '{}'],
  'int4[]': ['{{1,2},{3,4}}'],
  'mood[]': ['{sad}'],
  int4range: ['[1,5)', 'empty', '(,)'],
  tstzrange: ['[2026-01-01,)'],
  int8multirange: ['{[1,2),[5,9)}'],
  mood: ['happy', 'sad'],
  xml: ['<a>b</a>'],
  point: ['(1,2)'],
  polygon: ['((0,0),(1,1),(2,0))'],
  pair: ['(1,x)'],
  '"char"': ['z'],
  oid: ['16384'],
  pg_lsn: ['0/FF'],
  tsquery: ['fat & cat'],
  // Domains are masked as what they are over; none of these would take a mask of any method.
  code: ['A1'],
  address: ['Ana.Ruiz@shop.example'],
  later: ['2026-03-04'],
  few: ['1'],
};
const ALIKE: Readonly<Record<string, string>> = {
  code: 'varchar(80)',
  address: 'citext',
  later: 'date',
  few: 'int2',
  'numeric(2,2)': 'float8',
  'numeric(2,-3)': 'float8',
  'numeric(3,5)': 'float8',
};

let postgres: RunningPostgres;
let client: pg.Client;
let columns: ReadonlyMap<string, Column>;

before(async () => {
  postgres = await bootPostgres();
  const settings = tokenKeySettings(new Uint8Array(32).fill(9));
  const options = [...settings].map(([name, value]) => `-c ${name}=${value}`).join(' ');
  client = new pg.Client({ connectionString: postgres.url('postgres'), options });
  await client.connect();
  await client.query(`
    CREATE TYPE mood AS ENUM ('sad', 'happy');
    CREATE TYPE pair AS (a int, b text);
    CREATE EXTENSION citext;
    CREATE DOMAIN address AS citext CHECK (VALUE LIKE '%@%.%');
    CREATE DOMAIN letters AS varchar(2);
    CREATE DOMAIN code AS letters NOT NULL CHECK (VALUE IN ('A1', 'B2'));
    CREATE DOMAIN later AS date CHECK (VALUE > '2026-01-01' AND VALUE IS NOT NULL);
    CREATE DOMAIN few AS int2 NOT NULL CHECK (VALUE = 1)`);
  const types = Object.keys(VALUES);
  for (const [at, type] of types.entries()) {
    await client.query(`CREATE TABLE t${at} (n int, v ${type})`);
    for (const [n, value] of (VALUES[type] ?? []).entries()) {
      await client.query(`INSERT INTO t${at} SELECT ${n}, '${value}'::${type}`);
    }
  }
  const { snapshot } = await loadCatalogue(async (sql) => (await client.query(sql)).rows);
  columns = new Map(
    types.map((type, at) => {
      const row = snapshot.relations.find(({ name, schema }) => name === `t${at}` && schema === 'public');
      const column = row === undefined ? undefined : relationFrom(row).columns[1];
      assert.ok(column);
      return [type, column];
    }),
  );
});
after(async () => {
  await client.end();
  await postgres.stop();
});

async function maskedValues(type: string, mask: MaskMethod): Promise<Array<string | null>> {
  const column = columns.get(type);
  assert.ok(column);
  const sql = `SELECT ${maskExpression(column, mask, 'UTF8')} AS m FROM public.${column.relation.name} ORDER BY n`;
  const { rows } = await client.query({ text: sql, types: { getTypeParser: () => String } });
  return rows.map((row) => (row.m === null ? null : String(row.m)));
}

/** Types of the first column, with the cells that follow. */
function table(): Array<{ types: string[]; cells: string[] }> {
  const text = readFileSync(new URL('../../docs/POLICY.md', import.meta.url), 'utf8');
  const lines = text.split('\n');
  const from = lines.findIndex((line) => /^\| type +\| `redact`/.test(line)) + 2;
  const rows = lines.slice(from, lines.indexOf('', from));
  return rows.map((line) => {
    const [first = '', ...cells] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim());
    return { types: [...first.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''), cells };
  });
}

test('every method on every type gives what the manual says, and never an error', async () => {
  const told = new Map(table().flatMap(({ types, cells }) => types.map((type) => [type, cells] as const)));
  for (const type of Object.keys(VALUES)) {
    const cells = told.get(ALIKE[type] ?? type);
    assert.ok(cells, `docs/POLICY.md says nothing of ${type}`);
    for (const [at, mask] of COLUMNS.entries()) {
      const [first, ...others] = await maskedValues(type, mask);
      const what = `${type} ${JSON.stringify(mask)}: ${first}`;
      if (cells[at] === 'NULL') assert.deepEqual([first, ...others.filter((v) => v !== null)], [null], what);
      else assert.notEqual(first, null, what);
      // A fixed value is nobody's, and one digit of ten is right by chance.
      const value = VALUES[type]?.[0] ?? '';
      if (mask.method !== 'redact' && value.length > 4) assert.notEqual(first, value, what);
    }
  }
});

test('settings of the session change no mask', async () => {
  const all = async () => {
    const seen: string[] = [];
    for (const type of Object.keys(VALUES)) {
      const column = columns.get(type);
      assert.ok(column);
      for (const mask of COLUMNS) {
        const sql = `SELECT pg_catalog.md5(pg_catalog.record_send(r)) AS m FROM (SELECT ${maskExpression(column, mask, 'UTF8')} AS v FROM public.${column.relation.name} ORDER BY n) r`;
        seen.push(`${type} ${mask.method} ${(await client.query(sql)).rows.map((row) => row.m).join()}`);
      }
    }
    return seen;
  };
  const plain = await all();
  await client.query(`
    SET DateStyle = 'SQL, DMY'; SET IntervalStyle = 'iso_8601'; SET TimeZone = 'Asia/Kathmandu';
    SET extra_float_digits = -15; SET bytea_output = 'escape'; SET xmloption = 'document'; SET search_path = ''`);
  assert.deepEqual(await all(), plain);
  await client.query('RESET ALL');
});

test('equal values have equal tokens, and others do not', async () => {
  const [a, b, c] = (
    await client.query(`SELECT ${maskExpression(named('numeric'), { method: 'token' }, 'UTF8')} AS m
      FROM (VALUES (1.0), (1.00), (1.01)) AS x(v)`)
  ).rows.map(({ m }) => m);
  assert.equal(a, b);
  assert.notEqual(a, c);
  const zeros =
    await client.query(`SELECT DISTINCT ${maskExpression(named('float8'), { method: 'token' }, 'UTF8')}
    FROM (VALUES (0::float8), ('-0'::float8)) AS x(v)`);
  assert.equal(zeros.rowCount, 1);
});

test('a citext has one token in whatever case, and each mask is one of its type', async () => {
  for (const type of ['citext', 'address']) {
    const { rows } = await client.query({
      text: `SELECT ${maskExpression(named(type), { method: 'token' }, 'UTF8')} AS m, pg_typeof(${maskExpression(named(type), { method: 'partial', keep: 'domain' }, 'UTF8')}) AS t
        FROM (VALUES ('Ana@a.example'::${type}), ('aNA@A.example'), ('bo@a.example')) AS x(v)`,
      types: { getTypeParser: () => String },
    });
    const [a, b, c] = rows.map(({ m }) => m);
    assert.equal(a, b);
    assert.notEqual(a, c);
    assert.equal(rows[0]?.t, 'citext');
  }
  const [partial] = await maskedValues('citext', { method: 'partial', keep: 'domain' });
  assert.equal(partial, '•••••@shop.example');
});

test('the same shape is kept, and nothing else', async () => {
  const shaped = async (type: string) => maskedValues(type, { method: 'format' });
  const [address, empty, letters, long] = await shaped('text');
  assert.match(String(address), /^[a-z]{3}\.[a-z]{4}@[a-z]{4}\.[a-z]{7}$/);
  assert.equal(empty, '');
  assert.match(String(letters), /^x[a-z]x-x[a-z]{3} \d{4}$/);
  assert.equal(long?.length, 4096);
  assert.match(String((await shaped('int4'))[4]), /^\d$/);
});

function named(type: string): Column {
  const column = columns.get(type);
  assert.ok(column);
  return column;
}
