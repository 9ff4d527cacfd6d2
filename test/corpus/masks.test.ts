import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import pg from 'pg';
import type { MaskMethod } from '../../gateway/contract/decision.ts';
import { relationFrom } from '../../gateway/src/sql/postgres/catalogue/catalogue.ts';
import { loadCatalogue } from '../../gateway/src/sql/postgres/catalogue/load.ts';
import { maskExpression } from '../../gateway/src/sql/postgres/masks/expression.ts';
import { tokenKeySettings } from '../../gateway/src/sql/postgres/masks/hmac.ts';
import { bootPostgres, type RunningPostgres } from '../../sample/postgres/boot-postgres.ts';

const KEY = new Uint8Array(32).fill(9);
let postgres: RunningPostgres;
let client: pg.Client;

before(async () => {
  postgres = await bootPostgres();
  const options = [...tokenKeySettings(KEY)].map(([name, value]) => `-c ${name}=${value}`).join(' ');
  client = new pg.Client({ connectionString: postgres.url('postgres'), options });
  await client.connect();
});
after(async () => {
  await client.end();
  await postgres.stop();
});

const TYPES = [
  ...[
    'text',
    'varchar',
    'varchar(3)',
    'varchar(40)',
    'char(2)',
    'char(30)',
    'name',
    '"char"',
    'uuid',
    'int',
    'bigint',
  ],
  ...[
    'numeric(10,2)',
    'numeric',
    'date',
    'timestamp(3)',
    'timestamptz',
    'time(2) with time zone',
    'interval(3)',
  ],
  ...[
    'interval day to second(2)',
    'interval',
    'bool',
    'bytea',
    'json',
    'jsonb',
    'xml',
    'inet',
    'bit(3)',
    'varbit(5)',
  ],
  ...[
    'text[]',
    'numeric(6,1)[]',
    'varchar(4)[]',
    'int4range',
    'point',
    'tsvector',
    'mood',
    'mood[]',
    'pair',
    'code',
    'citext',
    'address',
    'citext[]',
  ],
];
const METHODS: readonly MaskMethod[] = [
  { method: 'redact' },
  { method: 'null' },
  { method: 'redact', fixed: true },
  { method: 'token' },
  { method: 'format' },
  { method: 'partial', keep: 'last4' },
  { method: 'partial', keep: 'domain' },
];

test('every method on every type keeps type and modifier, and NULL', async () => {
  await client.query("CREATE TYPE mood AS ENUM ('a'); CREATE TYPE pair AS (a int, b text)");
  await client.query(
    'CREATE DOMAIN code AS varchar(5); CREATE EXTENSION citext; CREATE DOMAIN address AS citext',
  );
  const columns = TYPES.map((type, index) => `c${index} ${type}`).join(', ');
  await client.query(`CREATE TABLE kinds (${columns}); INSERT INTO kinds (c0) VALUES (NULL)`);
  const { snapshot } = await loadCatalogue(async (sql) => (await client.query(sql)).rows);
  const row = snapshot.relations.find(({ name, schema }) => name === 'kinds' && schema === 'public');
  assert.ok(row);
  for (const mask of METHODS) {
    const list = relationFrom(row).columns.map((column) => maskExpression(column, mask, 'UTF8'));
    // A temporary type of the same name must not take a built-in's place.
    await client.query('SET search_path = public, pg_catalog');
    const plain = await client.query({ text: 'SELECT * FROM kinds', rowMode: 'array' });
    const masked = await client.query({ text: `SELECT ${list.join(', ')} FROM kinds`, rowMode: 'array' });
    masked.fields.forEach((field, index) => {
      const expected = plain.fields[index];
      assert.equal(field.dataTypeID, expected?.dataTypeID, `${TYPES[index]} ${JSON.stringify(mask)}`);
      assert.equal(
        field.dataTypeModifier,
        expected?.dataTypeModifier,
        `${TYPES[index]} ${JSON.stringify(mask)}`,
      );
    });
    assert.ok(masked.rows[0]?.every((value: unknown) => value === null));
  }
});

test('texts are masked as their method says', async () => {
  await client.query('CREATE TABLE texts (v text, short varchar(3), id uuid)');
  const { snapshot } = await loadCatalogue(async (sql) => (await client.query(sql)).rows);
  const row = snapshot.relations.find(({ name }) => name === 'texts');
  assert.ok(row);
  const [value, short, id] = relationFrom(row).columns;
  assert.ok(value && short && id);
  const masked = async (column: typeof value, mask: MaskMethod, input: string) => {
    await client.query('TRUNCATE texts');
    await client.query(`INSERT INTO texts (${column.name}) VALUES ($1)`, [input]);
    return (await client.query(`SELECT ${maskExpression(column, mask, 'UTF8')} AS m FROM texts`)).rows[0]?.m;
  };
  const last4: MaskMethod = { method: 'partial', keep: 'last4' };
  const domain: MaskMethod = { method: 'partial', keep: 'domain' };
  assert.equal(await masked(value, { method: 'redact' }, 'x'), '•••••');
  assert.equal(await masked(short, { method: 'redact' }, 'x'), '•••');
  assert.equal(await masked(value, last4, '4000001234567890'), '••••7890');
  assert.equal(await masked(value, last4, '1234'), '•••••');
  assert.equal(await masked(value, domain, 'ana@example.com'), '•••••@example.com');
  assert.equal(await masked(value, domain, 'no address'), '•••••');
  const hmac = createHmac('sha256', KEY).update('ünï').digest('hex');
  assert.equal(await masked(value, { method: 'token' }, 'ünï'), hmac.slice(0, 16));
  const uuid = await masked(id, { method: 'token' }, '00000000-0000-0000-0000-000000000001');
  assert.match(String(uuid), /^[0-9a-f]{8}-/);
});

test('without its key a token is an error', async () => {
  const other = new pg.Client(postgres.url('postgres'));
  await other.connect();
  const { snapshot } = await loadCatalogue(async (sql) => (await client.query(sql)).rows);
  const row = snapshot.relations.find(({ name }) => name === 'texts');
  assert.ok(row);
  const [value] = relationFrom(row).columns;
  assert.ok(value);
  await client.query("TRUNCATE texts; INSERT INTO texts (v) VALUES ('a')");
  const sql = `SELECT ${maskExpression(value, { method: 'token' }, 'UTF8')} FROM texts`;
  await assert.rejects(other.query(sql), /sluice.token_outer|sluice.token_inner/);
  await other.end();
  await client.query('DISCARD ALL');
  assert.match(String(Object.values((await client.query(sql)).rows[0] ?? {})[0]), /^[0-9a-f]{16}$/);
  const shown = await client.query('SHOW ALL');
  const listed = await client.query('SELECT name FROM pg_settings');
  assert.ok(![...shown.rows, ...listed.rows].some(({ name }) => String(name).startsWith('sluice')));
});
