import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { answerBytes } from './testing/answer-bytes.ts';
import { type Lab, openLab, POLICY } from './testing/lab.ts';

/** `then: { rows: … }`: other rows are not there. Ana is of region EU, level 3; rows of US must tell her nothing. */

const FILTERS = `${POLICY.replace('doing: [select, copyTo]', 'doing: [select, copyTo, insert, update, delete, merge, truncate, copyFrom, lock, ddl, maintenance]')}
  - id: own-region
    owner: sales@shop.example
    who: everyone
    except: { groups: [dba] }
    on: { tables: [Numbered, clients, measures, secrets, halves, folded, places, buds, days, turns] }
    then: { rows: "region = claims.region" }
    because: Everybody looks after their own region.
  - id: own-level
    owner: sales@shop.example
    who: everyone
    except: { groups: [dba] }
    on: { tables: [clients] }
    then: { rows: "level <= claims.level OR level IS NULL" }
    because: Some are for others.
`;

let lab: Lab;
let client: Client;
let owner: Client;

before(async () => {
  lab = await openLab();
  lab.policy.activate(FILTERS);
  owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
  await owner.query(`
    CREATE TABLE clients (id int PRIMARY KEY, region text, level int, name text, worth int);
    INSERT INTO clients VALUES (1, 'EU', 1, 'Ana', 10), (2, 'US', 1, 'Bob', 0), (3, 'EU', 9, 'Cy', 30),
      (4, 'EU', NULL, 'Di', 40), (5, NULL, 1, 'Ed', 50);
    CREATE TABLE visits (id int, client int REFERENCES clients ON DELETE CASCADE, note text);
    INSERT INTO visits VALUES (1, 1, 'a'), (2, 2, 'b'), (3, 3, 'c');
    CREATE TABLE measures (region text, at date, value int) PARTITION BY LIST (region);
    CREATE TABLE measures_eu PARTITION OF measures FOR VALUES IN ('EU');
    CREATE TABLE measures_us PARTITION OF measures FOR VALUES IN ('US');
    INSERT INTO measures VALUES ('EU', '2026-01-01', 1), ('US', '2026-01-01', 2);
    CREATE VIEW client_names AS SELECT c.id, upper(c.name) AS name FROM clients c WHERE c.worth >= 0;
    CREATE VIEW client_counts AS SELECT count(*)::int AS n, sum(worth)::int AS worth FROM clients;
    CREATE VIEW nested AS SELECT n.id FROM client_names n;
    CREATE VIEW sizes AS SELECT relname, reltuples FROM pg_class;
    CREATE VIEW sums AS SELECT region, count(*)::int AS n FROM clients GROUP BY region
      UNION ALL SELECT region, value FROM measures;
    CREATE TABLE parents (id int, region text);
    CREATE TABLE secrets () INHERITS (parents);
    INSERT INTO secrets VALUES (1, 'US'), (2, 'EU');
    CREATE MATERIALIZED VIEW kept AS SELECT name FROM clients;
    CREATE UNIQUE INDEX ON kept (name);
    CREATE MATERIALIZED VIEW shares AS SELECT c.id / (c.worth + v.id) AS share FROM clients c, visits v;
    CREATE MATERIALIZED VIEW amount AS SELECT count(*) AS n FROM clients;
    CREATE INDEX ON amount ((1 / (n - 9)));
    CREATE STATISTICS rates ON (100 / (level + 1)) FROM clients;
    CREATE SEQUENCE numbers;
    CREATE TABLE "Numbered" (id serial PRIMARY KEY, other int UNIQUE DEFAULT nextval('numbers'), region text);
    CREATE TABLE halves (region text, half int, code text) PARTITION BY LIST (half);
    CREATE TABLE halves_1 PARTITION OF halves FOR VALUES IN (1);
    CREATE TABLE halves_2 PARTITION OF halves FOR VALUES IN (2);
    ALTER TABLE halves_2 ADD UNIQUE (code);
    INSERT INTO halves VALUES ('EU', 1, 'a'), ('US', 2, 'a');
    CREATE TABLE folded (region text, code text, low text GENERATED ALWAYS AS (lower(code)) STORED UNIQUE);
    INSERT INTO folded VALUES ('EU', 'A'), ('US', 'B');
    CREATE TABLE places (code text, region text GENERATED ALWAYS AS (left(code, 2)) STORED);
    INSERT INTO places VALUES ('EU1'), ('US1');
    CREATE TABLE roots (id int PRIMARY KEY, note text);
    CREATE TABLE twigs (root int PRIMARY KEY REFERENCES roots ON UPDATE CASCADE);
    CREATE TABLE buds (region text, id int UNIQUE, twig int REFERENCES twigs);
    CREATE TABLE stems (id int PRIMARY KEY);
    CREATE TABLE grafts (stem int REFERENCES stems ON UPDATE CASCADE, FOREIGN KEY (stem) REFERENCES buds (id));
    INSERT INTO roots VALUES (1), (2), (3);
    INSERT INTO twigs VALUES (1), (2);
    INSERT INTO buds VALUES ('EU', 1, 1), ('US', 2, 2);
    CREATE TABLE days (region text, day date DEFAULT CURRENT_DATE UNIQUE);
    CREATE TABLE turns (region text, day date DEFAULT CURRENT_DATE, id serial, UNIQUE (day, id));
    INSERT INTO days VALUES ('US');
    GRANT ALL ON ALL TABLES IN SCHEMA public TO sluice_gateway;
    GRANT ALL ON SEQUENCE turns_id_seq TO sluice_gateway;
    ANALYZE clients`);
  client = await lab.client();
});
after(async () => {
  await client.end();
  await owner.end();
  await lab.close();
});

const rows = async (sql: string, values: unknown[] = []) =>
  (await client.query({ text: sql, values, rowMode: 'array' })).rows;
const whole = async (sql: string) => (await owner.query({ text: sql, rowMode: 'array' })).rows;
const refused = (sql: string, why: RegExp) => assert.rejects(client.query(sql), why, sql);

test('only rows that pass every filter are there, however they are asked for', async () => {
  for (const sql of [
    'SELECT id FROM clients ORDER BY id',
    'SELECT id FROM ONLY clients ORDER BY 1',
    'TABLE clients',
    'SELECT c.id FROM clients c LEFT JOIN visits v ON v.client = c.id ORDER BY 1',
    'SELECT public.clients.id FROM public.clients ORDER BY 1',
    'WITH x AS (SELECT * FROM clients) SELECT id FROM x ORDER BY 1',
    'SELECT id FROM clients WHERE id IN (SELECT id FROM clients) ORDER BY 1',
    'SELECT id FROM client_names ORDER BY 1',
    'SELECT id FROM nested ORDER BY 1',
    'SELECT id FROM clients ORDER BY id FOR UPDATE',
  ]) {
    assert.deepEqual(
      (await rows(sql)).map(([id]) => id),
      [1, 4],
      sql,
    );
  }
  assert.deepEqual(await rows('SELECT n, worth FROM client_counts'), [[2, 50]]);
  assert.deepEqual(await rows('SELECT count(*)::int FROM clients'), [[2]]);
  assert.deepEqual(await rows('SELECT count(*)::int FROM clients WHERE id = $1', [2]), [[0]]);
  assert.deepEqual(await rows('SELECT value FROM measures'), [[1]]);
  assert.deepEqual(await rows('SELECT value FROM measures_us'), []);
  assert.deepEqual(await rows('SELECT value FROM measures_eu'), [[1]]);
  const { decision } = lab.recorder.last() ?? {};
  assert.match(decision?.sentence ?? '', /only rows of measures_eu where|Allowed/);
});

test('the decision says which rows, by which rule', async () => {
  await rows('SELECT id FROM clients');
  const decision = lab.recorder.last()?.decision;
  assert.deepEqual(
    decision?.rows?.map(({ rule, condition }) => [rule, condition]),
    [
      ['own-level', "level <= '3' OR level IS NULL"],
      ['own-region', "region = 'EU'"],
    ],
  );
  assert.match(decision?.sentence ?? '', /only rows of clients where region = 'EU' \(rule own-region/);
  const said = async (sql: string) => {
    const [verdict] = await lab.target.verdicts(lab.people.ana.current() ?? assert.fail(), sql);
    return verdict?.decision;
  };
  assert.equal((await said('select id from clients'))?.outcome, 'mask');
  const regions = /only rows of ([a-z ]+) where region = 'EU' \(rule own-region/;
  for (const [sql, tables] of [
    ['select id from nested', 'clients'],
    ['select n from sums', 'clients and measures'],
    ['select value from measures', 'measures'],
  ] as const)
    assert.equal(regions.exec((await said(sql))?.sentence ?? '')?.[1], tables, sql);
});

test('conditions of the person are never asked of hidden rows', async () => {
  assert.deepEqual(await rows('SELECT id FROM clients WHERE 10 / worth > 0 ORDER BY 1'), [[1]]);
  assert.deepEqual(await rows('SELECT id FROM clients WHERE name::int IS NULL AND id = 2'), []);
  const update = await client.query('UPDATE clients SET worth = worth WHERE 10 / worth > 100 AND id < 100');
  assert.equal(update.rowCount, 0);
  const removed = await client.query('DELETE FROM visits WHERE false');
  assert.equal(removed.rowCount, 0);
  const joined = await client.query(
    'UPDATE clients c SET name = c.name FROM visits v WHERE v.client = c.id AND 10 / c.worth > 100',
  );
  assert.equal(joined.rowCount, 0);
});

test('hidden rows are neither changed nor told of', async () => {
  assert.equal((await client.query("UPDATE clients SET name = 'x' WHERE id IN (2, 3, 5)")).rowCount, 0);
  assert.equal((await client.query('UPDATE clients SET worth = 41 WHERE id = $1', [4])).rowCount, 1);
  assert.equal(
    (await client.query('UPDATE clients AS "C" SET worth = 40 WHERE "C".id = 4 RETURNING worth')).rowCount,
    1,
  );
  assert.equal(
    (await client.query('WITH u AS (UPDATE clients SET name = name RETURNING id) SELECT * FROM u')).rowCount,
    2,
  );
  assert.equal((await client.query('UPDATE measures SET value = 3 -- all\n')).rowCount, 1);
  assert.deepEqual(await whole('SELECT value FROM measures_us'), [[2]]);
  assert.deepEqual(await whole('SELECT name FROM clients WHERE id IN (2, 3, 5) ORDER BY id'), [
    ['Bob'],
    ['Cy'],
    ['Ed'],
  ]);
});

test('what would change or tell of hidden rows is refused in words', async () => {
  await refused('TRUNCATE clients CASCADE', /remove rows/);
  await refused('DROP TABLE clients CASCADE', /remove rows/);
  await refused("INSERT INTO clients VALUES (2, 'EU', 1, 'x', 1)", /unique key/);
  await refused(
    "INSERT INTO clients (id, name) VALUES (2, 'x') ON CONFLICT DO NOTHING",
    /ON CONFLICT|unique/,
  );
  await refused('INSERT INTO visits (client) VALUES (2)', /foreign key/);
  await refused('UPDATE visits SET client = 2', /foreign key/);
  await refused('UPDATE clients SET id = 2 WHERE id = 1', /unique key/);
  await refused("UPDATE clients SET region = 'US' WHERE id = 1", /picked by region/);
  await refused(
    'MERGE INTO clients USING visits v ON v.client = clients.id WHEN MATCHED THEN DO NOTHING',
    /MERGE|Refused/,
  );
  await refused('EXPLAIN SELECT * FROM clients', /estimates/);
  await refused('EXPLAIN ANALYZE SELECT * FROM client_names', /estimates/);
  await refused('SELECT * FROM clients TABLESAMPLE system (100)', /TABLESAMPLE/);
  await refused('SELECT ctid FROM clients', /ctid/);
  await refused('SELECT xmin, id FROM clients', /xmin/);
  await refused("SELECT pg_relation_size('clients')", /how many rows/);
  await refused('CREATE UNIQUE INDEX ON clients (name)', /index|key/);
  await refused('ALTER TABLE clients ADD CHECK (worth > 0)', /works on all/);
  await refused('SELECT * FROM kept', /was filled/);
  await refused('REFRESH MATERIALIZED VIEW kept', /two rows are alike/);
  await refused('REFRESH MATERIALIZED VIEW shares', /may fail by rows/);
  await refused('REFRESH MATERIALIZED VIEW amount', /may fail by rows/);
  for (const sql of ['ANALYZE clients', 'ANALYZE visits, clients (id)', 'VACUUM (ANALYZE) clients'])
    await refused(sql, /its statistics are of expressions, which may fail by rows that you don’t see/);
  await client.query('ANALYZE visits');
  await refused('UPDATE halves SET half = 2', /unique key/);
  await refused("INSERT INTO folded VALUES ('EU', 'B')", /unique key/);
  await refused("UPDATE folded SET code = 'B'", /unique key/);
  await refused("UPDATE places SET code = 'US2'", /picked by region/);
  await refused('UPDATE roots SET id = 9 WHERE id = 2', /public.buds may refer to what it changes/);
  await refused('UPDATE stems SET id = 9', /foreign key of public.grafts/);
  assert.equal((await client.query("UPDATE roots SET note = 'n'")).rowCount, 3);
  await refused("INSERT INTO days (region) VALUES ('EU')", /unique key/);
  assert.equal((await client.query("INSERT INTO turns (region) VALUES ('EU')")).rowCount, 1);
  for (const sequence of ['numbers', '"Numbered_id_seq"']) {
    await refused(`SELECT setval('${sequence}', 2, false)`, /next number/);
    await refused(`ALTER SEQUENCE ${sequence} RESTART WITH 2`, /next number/);
  }
  await refused('COPY clients FROM STDIN', /unique key|Refused/);
  await refused('UPDATE client_names SET id = 1', /view|Refused|unknown|Blocked/);
  await refused('SET enable_seqscan = off', /Refused/);
  await refused(
    'BEGIN; DECLARE c CURSOR FOR SELECT * FROM clients; UPDATE clients SET worth = 1 WHERE CURRENT OF c',
    /CURRENT OF/,
  );
  await client.query('ROLLBACK');
});

test('the server counts nothing of them either', async () => {
  for (const sql of [
    "SELECT reltuples FROM pg_class WHERE relname = 'clients'",
    "SELECT c.relpages FROM pg_catalog.pg_class c WHERE c.relname = 'clients'",
    "SELECT n_live_tup FROM pg_stat_user_tables WHERE relname = 'clients'",
    "SELECT reltuples FROM sizes WHERE relname = 'clients'",
    "SELECT seq_tup_read FROM pg_stat_all_tables WHERE relname = 'clients'",
  ]) {
    assert.deepEqual(await rows(sql), [[null]], sql);
  }
  assert.equal((await rows("SELECT c.* FROM pg_class c WHERE relname = 'clients'")).length, 1);
});

test('views, sets and children are filtered inside, or refused', async () => {
  assert.deepEqual(await rows('SELECT * FROM sums ORDER BY n'), [
    ['EU', 2],
    ['EU', 3],
  ]);
  assert.deepEqual(await rows('SELECT id FROM secrets'), [[2]]);
  await refused('SELECT id FROM parents', /also has the rows of public.secrets/);
  await refused('UPDATE parents SET id = 3', /also has the rows of public.secrets/);
  assert.deepEqual(await rows('SELECT id FROM ONLY parents').catch(() => []), []);
  assert.deepEqual(await rows('SELECT clients FROM clients WHERE id = 2'), []);
  assert.deepEqual(await rows('SELECT to_jsonb(c) FROM clients c WHERE c.id = 3'), []);
  assert.deepEqual(
    await rows('SELECT (SELECT count(*)::int FROM clients b WHERE b.id > a.id) FROM clients a ORDER BY 1'),
    [[0], [1]],
  );
  assert.deepEqual(
    await rows('SELECT n FROM (SELECT row_number() OVER ()::int AS n FROM clients) x ORDER BY 1'),
    [[1], [2]],
  );
});

test('COPY, equality and parameters see the same rows', async () => {
  const copied = await answerBytes(lab.url('ana'), 'COPY clients (id, name) TO STDOUT');
  assert.match(copied.toString('latin1'), /Ana/);
  assert.doesNotMatch(copied.toString('latin1'), /Bob|Cy|Ed/);
  for (const [id, count] of [
    [1, 1],
    [2, 0],
    [3, 0],
    [4, 1],
  ]) {
    assert.equal(
      (await rows('SELECT name FROM clients c WHERE c.id = $1 AND worth > 0', [id])).length,
      count,
    );
    assert.equal((await rows(`SELECT name FROM clients WHERE id IN (${id}, 99) OR false`)).length, count);
    const left = await rows(
      'SELECT v.id, c.name FROM visits v LEFT JOIN clients c ON c.id = v.client AND c.id = $1',
      [id],
    );
    assert.equal(left.length, 3);
    assert.equal(left.filter(([, name]) => name !== null).length, id === 1 ? 1 : 0);
    const where = await rows('SELECT v.id FROM visits v JOIN clients c ON c.id = v.client WHERE c.id = $1', [
      id,
    ]);
    assert.equal(where.length, id === 1 ? 1 : 0);
  }
});

test('what the server tells on the side is withheld', async () => {
  const notices: string[] = [];
  const own = await lab.client();
  own.on('notice', (notice) => notices.push(notice.message ?? ''));
  await own.query('ANALYZE VERBOSE clients').catch(() => undefined);
  await own.query('VACUUM VERBOSE clients').catch(() => undefined);
  await own.end();
  for (const notice of notices)
    assert.doesNotMatch(notice, /\d+ (live|dead|removable|nonremovable|remain)/, notice);
});

test('errors of statements on them say nothing of values', async () => {
  await assert.rejects(
    client.query('SELECT name::int FROM clients'),
    (error: Error) => !/Ana|Bob/.test(error.message),
  );
});

test('without the claim nothing is there, and a list of values has each', async () => {
  const told = async (claims: Record<string, unknown>, relation = 'clients') => {
    const ana = lab.people.ana.current() ?? assert.fail();
    const [verdict] = await lab.target.verdicts(
      { ...ana, claims: claims as typeof ana.claims, epoch: 9 + Object.keys(claims).length },
      `select id from ${relation}`,
    );
    return verdict?.decision;
  };
  for (const relation of ['clients', 'client_names', 'nested', '(select 1 as id from client_counts) c']) {
    const without = await told({ level: 1 }, relation);
    assert.equal(without?.outcome, 'block', relation);
    assert.match(without?.sentence ?? '', /the rows of public.clients .*you have no claim "region"/);
  }
  assert.equal((await told({ level: 1 }, 'visits'))?.outcome, 'allow');
  const list = await told({ level: 1, region: ["EU's", 'US'] });
  assert.ok(list?.rows?.some(({ condition }) => condition === "region IN ('EU''s', 'US')"));
  const none = await told({ level: 1, region: [], more: 1 });
  assert.ok(none?.rows?.some(({ condition }) => condition === 'FALSE'));
});

test('a rule about a table without the column blocks it, and no other', async () => {
  lab.policy.activate(
    FILTERS.replace(
      '[Numbered, clients, measures, secrets, halves, folded, places, buds, days, turns]',
      '[clients, measures, visits]',
    ),
  );
  await refused('SELECT * FROM visits', /it has no column region/);
  assert.equal((await rows('SELECT * FROM clients')).length, 2);
  lab.policy.activate(FILTERS);
});

test('prepared statements and COPY see the same rows', async () => {
  const prepared = { name: 'mine', text: 'SELECT id FROM clients WHERE worth > $1', values: [0] };
  assert.equal((await client.query(prepared)).rowCount, 2);
  assert.equal((await client.query(prepared)).rowCount, 2);
  await client.query('BEGIN; DECLARE c CURSOR FOR SELECT id FROM clients');
  assert.equal((await client.query('FETCH ALL FROM c')).rowCount, 2);
  await client.query('COMMIT');
});
