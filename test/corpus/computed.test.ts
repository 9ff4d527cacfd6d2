import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { MODES, type Modes, openModes } from './wire/modes.ts';

/** What the server computes from masked columns where no statement names them: in views, generated columns, partitions, plans. */

const POLICY = `
version: 1
reviewedFunctions:
  "*": [public.in_its_place]
rules:
  - { id: pay, owner: o@x.example, who: everyone, on: { columns: [people.email, people.age, guesses.age, pay.salary] },
      then: { mask: { method: redact } }, because: They are personal. }
  - { id: all, owner: o@x.example, who: everyone, on: everything, doing: anything, then: allow, because: It is a test. }
`;
const SCHEMA = `
  CREATE TABLE people (id int PRIMARY KEY, name text, email text, age int,
    is_old text GENERATED ALWAYS AS (CASE WHEN age > 60 THEN 'yes' END) STORED);
  INSERT INTO people VALUES (1, 'ana', 'a@x.example', 70), (2, 'bo', 'b@x.example', 50), (3, 'cy', NULL, 60);
  CREATE VIEW bands AS SELECT id, CASE WHEN age > 60 THEN 'old' END AS band FROM people;
  CREATE VIEW shares AS SELECT id, (100 / (age - 60))::text AS share FROM people;
  CREATE VIEW everybody AS SELECT id, email AS v FROM people UNION ALL SELECT id, name FROM people;
  CREATE VIEW over_everybody AS SELECT e.v FROM (SELECT * FROM everybody) e WHERE e.id = 3;
  CREATE VIEW mixed AS SELECT id, email AS v FROM people UNION ALL SELECT id, nullif(email, 'a@x.example') FROM people;
  CREATE VIEW firsts AS SELECT id, first_value(name) OVER (ORDER BY age) AS youngest FROM people;
  CREATE VIEW by_id AS SELECT id, lag(email) OVER (ORDER BY id) AS before FROM people;
  CREATE TABLE guesses (id int, age int, guess int);
  INSERT INTO guesses VALUES (1, 70, 0), (2, 50, 0);
  CREATE VIEW ratios AS SELECT id, 1 / (age - guess) AS ratio FROM guesses;
  CREATE VIEW united AS SELECT id, (1 / (age - guess))::text AS ratio FROM guesses UNION ALL SELECT id, name::varchar(9) FROM people;
  CREATE VIEW united_ratios AS SELECT id, ratio::text FROM ratios UNION ALL SELECT id, name::varchar(9) FROM people;
  CREATE VIEW taken AS WITH r AS MATERIALIZED (SELECT id, 1 / (age - guess) AS ratio FROM guesses) SELECT id, ratio FROM r;
  CREATE VIEW taken_twice AS WITH r AS (SELECT id, 1 / (age - guess) AS ratio FROM guesses) SELECT id FROM r UNION ALL SELECT id FROM r;
  CREATE VIEW inlined AS WITH r AS (SELECT id, 1 / (age - guess) AS ratio FROM guesses) SELECT id, ratio FROM r;
  CREATE VIEW unsure AS SELECT id, ratio FROM (SELECT id, (1 / (age - guess)) * random() AS ratio FROM guesses) r;
  CREATE VIEW shown AS WITH r AS MATERIALIZED (SELECT id, age, upper(guess::text) AS guess FROM guesses) SELECT * FROM r;
  CREATE MATERIALIZED VIEW kept_ratios AS SELECT * FROM ratios;
  CREATE MATERIALIZED VIEW averages AS SELECT round(avg(age), 1) AS age FROM guesses;
  CREATE MATERIALIZED VIEW ranks AS SELECT id, rank() OVER (ORDER BY age) AS place FROM people;
  CREATE VIEW rounds AS WITH RECURSIVE r AS (SELECT 1 AS n, 0 AS age UNION ALL
    SELECT n + 1, (SELECT p.age % 2 FROM people p WHERE p.id = n + 1) FROM r WHERE n < 3) CYCLE age SET again USING path SELECT n FROM r;
  CREATE VIEW open_rounds AS WITH RECURSIVE r AS (SELECT 1 AS n, 0 AS age UNION ALL
    SELECT n + 1, (SELECT p.age FROM people p WHERE p.id = n + 1) FROM r WHERE n < 3) CYCLE n SET again USING path SELECT n FROM r;
  CREATE TABLE open (id int);
  CREATE VIEW sampled AS SELECT id FROM open TABLESAMPLE bernoulli ((SELECT max(age) FROM people));
  CREATE FUNCTION in_its_place() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
  CREATE VIEW page AS SELECT id, name, email FROM people LIMIT 100;
  CREATE TRIGGER t INSTEAD OF UPDATE OR DELETE ON page FOR EACH ROW EXECUTE FUNCTION in_its_place();
  CREATE VIEW over_page AS SELECT id, name FROM page;
  CREATE TABLE pay (id int, region int, salary int) PARTITION BY LIST (region);
  CREATE TABLE pay_1 PARTITION OF pay FOR VALUES IN (1) PARTITION BY RANGE (salary);
  CREATE TABLE pay_1_low PARTITION OF pay_1 FOR VALUES FROM (0) TO (1000);
  CREATE TABLE pay_1_high PARTITION OF pay_1 FOR VALUES FROM (1000) TO (9000);
  INSERT INTO pay VALUES (1, 1, 2000), (2, 1, 200);
  ANALYZE`;

let modes: Modes;
before(async () => {
  modes = await openModes(SCHEMA, POLICY);
});
after(() => modes?.close());

for (const mode of MODES) {
  test(`what is computed from a masked column is not looked at, ${mode}`, async () => {
    const client = await modes.client(mode);
    for (const [sql, ...expected] of [
      ['SELECT band FROM bands ORDER BY id', null, null, null],
      ['SELECT share FROM shares ORDER BY id', null, null, null],
      ['SELECT is_old FROM people ORDER BY id', null, null, null],
      ['SELECT before FROM by_id ORDER BY id', null, null, null],
      ['SELECT v FROM mixed WHERE id = 2', null, null],
      // Of a column as it is the mask may tell whether there is a value.
      ['SELECT v FROM everybody WHERE id = 3 ORDER BY v', '•••••', null],
      ['SELECT v FROM over_everybody ORDER BY v', '•••••', null],
      ['SELECT ratio FROM ratios', null, null],
      ['SELECT ratio FROM inlined', null, null],
      ['SELECT age FROM shown', null, null],
      ['SELECT n FROM open_rounds ORDER BY n', 1, 2, 3],
    ] as const) {
      const { rows } = await client.query({ text: sql, rowMode: 'array' });
      assert.deepEqual(rows.flat(), expected, sql);
    }
    await client.end();
  });

  test(`rows that come, end or are taken by a masked column are not read, ${mode}`, async () => {
    const client = await modes.client(mode);
    for (const sql of [
      'SELECT id FROM firsts',
      'SELECT id FROM ranks',
      'SELECT count(*) FROM rounds',
      'SELECT count(*) FROM sampled',
      'SELECT id FROM united',
      'SELECT id FROM united_ratios',
      'SELECT id FROM taken',
      'SELECT id FROM taken_twice',
      'SELECT id FROM unsure',
      'SELECT id, tableoid::regclass FROM pay',
      'SELECT id, ctid FROM pay_1',
      'EXPLAIN SELECT id FROM pay',
      'EXPLAIN DELETE FROM pay',
      'EXPLAIN UPDATE pay SET id = 1',
      "EXPLAIN UPDATE page SET name = ''",
      'EXPLAIN DELETE FROM over_page',
    ]) {
      await assert.rejects(client.query(sql), /^error: Refused, because .* masked/, sql);
    }
    const { rows } = await client.query('SELECT id FROM pay ORDER BY id');
    assert.deepEqual(rows, [{ id: 1 }, { id: 2 }]);
    await client.end();
  });
}

test('a view that was made under masks keeps them as they are', async () => {
  const client = await modes.client('inlined');
  await client.query(
    'CREATE VIEW mine AS SELECT id, email FROM people UNION ALL SELECT id, email FROM people',
  );
  const { rows } = await client.query('SELECT email FROM mine WHERE id > 1 ORDER BY id, email');
  assert.deepEqual(
    rows.map(({ email }) => email),
    ['•••••', '•••••', null, null],
  );
  await client.end();
});

test('a materialised view is filled anew where that fails by no masked value', async () => {
  const client = await modes.client('inlined');
  await client.query('UPDATE guesses SET guess = 70');
  await assert.rejects(
    client.query('REFRESH MATERIALIZED VIEW kept_ratios'),
    /something is computed of public.ratios.ratio, which is masked for you, and whether that fails would tell of it/,
  );
  await client.query('REFRESH MATERIALIZED VIEW averages');
  await client.query('REFRESH MATERIALIZED VIEW ranks');
  const { rows } = await client.query('SELECT id, ratio FROM ratios ORDER BY id');
  assert.deepEqual(rows, [
    { id: 1, ratio: null },
    { id: 2, ratio: null },
  ]);
  await client.end();
});
