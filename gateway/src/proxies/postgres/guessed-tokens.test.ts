import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { type Lab, openLab, POLICY } from './testing/lab.ts';

/**
 * Who sees tokens puts a guess where it would come as one: then it would be compared with everybody's. Rules are about names
 * (`email`, `box.kept`), and whoever may define tables gives names.
 */
const RULES = `${POLICY}
  - id: tokens
    owner: data-protection@shop.example
    who: { groups: [developers] }
    on: { columns: [address, box.kept, number] }
    then: { mask: { method: token } }
    because: It is a test.
  - id: formats
    owner: data-protection@shop.example
    who: { groups: [developers] }
    on: { columns: [card] }
    then: { mask: { method: format } }
    because: It is a test.
  - id: developers-define
    owner: dba@shop.example
    who: { groups: [developers] }
    on: { targets: [shop] }
    doing: [insert, update, ddl]
    then: allow
    because: It is a test.
`;
const OBJECTS = `
  CREATE SCHEMA lab; GRANT ALL ON SCHEMA lab TO sluice_gateway; GRANT CREATE ON DATABASE shop TO sluice_gateway;
  CREATE TABLE lab.people (id int PRIMARY KEY, address text, card text, number int);
  INSERT INTO lab.people VALUES (1, 'theirs', '4000-1', 7), (2, 'others', '4000-2', 8);
  CREATE TABLE lab.notes (id int PRIMARY KEY, note text, card text);
  CREATE VIEW lab.contacts AS SELECT id, note AS address, note AS card FROM lab.notes;
  CREATE MATERIALIZED VIEW lab.kept_contacts AS SELECT id, note AS address FROM lab.notes;
  CREATE VIEW lab.addresses AS SELECT id, address, card FROM lab.people;
  CREATE TABLE lab.owned (id int, address text DEFAULT 'none', card text);
  GRANT ALL ON ALL TABLES IN SCHEMA lab TO sluice_gateway;
  ALTER TABLE lab.notes OWNER TO sluice_gateway; ALTER VIEW lab.contacts OWNER TO sluice_gateway;
  ALTER MATERIALIZED VIEW lab.kept_contacts OWNER TO sluice_gateway;`;

let lab: Lab;
let ana: Client;

before(async () => {
  lab = await openLab();
  const owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
  await owner.query(OBJECTS);
  await owner.end();
  lab.policy.activate(RULES.replace('schemas: [public,', 'schemas: [public, lab, pg_temp*,'));
  ana = new Client({ connectionString: lab.url('ana') });
  await ana.connect();
  await ana.query('SET search_path = lab');
});
after(async () => {
  await ana.end();
  await lab.close();
});

async function first(sql: string): Promise<unknown[]> {
  const { rows } = await ana.query({ text: sql, rowMode: 'array' });
  return rows[0] ?? [];
}

test('a guess under a masked name is neither made nor given one', async () => {
  const [token, card, number] = await first('SELECT address, card, number FROM people WHERE id = 1');
  assert.match(String(token), /^[0-9a-f]{16}$/);
  const told: string[] = [];
  for (const [steps, shown] of [
    [["CREATE TABLE m1 AS SELECT 'theirs'::text AS address"], 'SELECT address FROM m1'],
    [["CREATE TABLE m2 (id, address) AS SELECT 1, 'theirs'::text"], 'SELECT address FROM m2'],
    [["CREATE TEMP TABLE m3 AS SELECT 'theirs'::text AS address"], 'SELECT address FROM m3'],
    [["SELECT 'theirs'::text AS address INTO m4"], 'SELECT address FROM m4'],
    [["SELECT 'x'::text AS address INTO m5 UNION ALL SELECT 'theirs'"], 'SELECT address FROM m5 OFFSET 1'],
    [
      ["PREPARE p AS SELECT 'theirs'::text AS address", 'CREATE TABLE m6 AS EXECUTE p'],
      'SELECT address FROM m6',
    ],
    [["EXPLAIN ANALYZE CREATE TABLE m7 AS SELECT 'theirs'::text AS address"], 'SELECT address FROM m7'],
    [
      ["CREATE TABLE m8 (id int, address text DEFAULT 'theirs')", 'INSERT INTO m8 VALUES (1)'],
      'SELECT address FROM m8',
    ],
    [
      [
        "CREATE DOMAIN guess AS text DEFAULT 'theirs'",
        'CREATE TABLE m9 (id int, address guess)',
        'INSERT INTO m9 VALUES (1)',
      ],
      'SELECT address FROM m9',
    ],
    [
      [
        "CREATE TABLE m10 (id int, e text DEFAULT 'theirs')",
        'INSERT INTO m10 VALUES (1)',
        'ALTER TABLE m10 RENAME e TO address',
      ],
      'SELECT address FROM m10',
    ],
    [
      [
        "INSERT INTO notes VALUES (1, 'theirs')",
        "ALTER TABLE notes ADD COLUMN address text DEFAULT 'theirs'",
      ],
      'SELECT address FROM notes',
    ],
    [
      [
        'CREATE TABLE m11 (id int)',
        'INSERT INTO m11 SELECT generate_series(1, 9)',
        'ALTER TABLE m11 ADD number serial',
      ],
      'SELECT number FROM m11 WHERE id = 7',
    ],
    [
      [
        'CREATE TABLE m12 (id int, kept text)',
        "INSERT INTO m12 VALUES (1, 'theirs')",
        'ALTER TABLE m12 RENAME TO box',
      ],
      'SELECT kept FROM box',
    ],
    [["CREATE VIEW m13 AS SELECT 'theirs'::text AS address"], 'SELECT address FROM m13'],
    [
      ["CREATE VIEW m14 AS SELECT 'theirs'::text AS a", 'ALTER VIEW m14 RENAME a TO address'],
      'SELECT address FROM m14',
    ],
    [["CREATE MATERIALIZED VIEW m15 AS SELECT 'theirs'::text AS address"], 'SELECT address FROM m15'],
    [[], 'SELECT address FROM contacts'],
    [["UPDATE notes SET note = '4000-1'"], 'SELECT card FROM contacts'],
    [
      ["UPDATE notes SET note = 'theirs'", 'REFRESH MATERIALIZED VIEW kept_contacts'],
      'SELECT address FROM kept_contacts',
    ],
    [
      [
        'CREATE TABLE m16 (LIKE m10 INCLUDING DEFAULTS)',
        'ALTER TABLE m16 RENAME e TO address',
        'INSERT INTO m16 VALUES (1)',
      ],
      'SELECT address FROM m16',
    ],
  ] as const) {
    for (const step of steps) await ana.query(step).catch(() => null);
    const [seen] = await first(shown).catch(() => []);
    if ([token, card, number].includes(seen)) told.push(`${steps.join('; ')}; ${shown}`);
  }
  assert.deepEqual(told, []);
});

test('what is no guess runs as ever', async () => {
  for (const sql of [
    'CREATE TABLE o1 AS SELECT id, address, card FROM people',
    'CREATE TABLE o2 AS SELECT id, note FROM notes',
    'CREATE TABLE o3 (id serial PRIMARY KEY, name text DEFAULT $$a$$, address text, card text DEFAULT NULL)',
    'CREATE TABLE o4 (id int, created timestamptz DEFAULT now(), address text)',
    'CREATE TABLE o5 AS SELECT id, address FROM people WITH NO DATA',
    'ALTER TABLE o3 ADD COLUMN more text DEFAULT $$b$$',
    'ALTER TABLE o3 RENAME name TO title',
    'ALTER TABLE o2 RENAME TO o6',
    // The owner of the default chose what it fills.
    'INSERT INTO owned (id) VALUES (1)',
    'CREATE VIEW o7 AS SELECT id, note FROM notes',
  ])
    await ana.query(sql);
  const [token] = await first('SELECT address FROM people WHERE id = 1');
  assert.deepEqual(await first('SELECT address FROM addresses WHERE id = 1'), [token]);
});

test('a refusal says what, why and what next', async () => {
  await assert.rejects(
    ana.query("CREATE TABLE o8 AS SELECT 'x'::text AS address"),
    /equal values of columns called address look equal to you, and who makes lab\.o8\.address of values of their own/,
  );
});
