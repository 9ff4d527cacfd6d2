import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { type Lab, openLab, POLICY } from './testing/lab.ts';

/** Ways in which rows that a filter hides told of themselves, or were changed. Ana is of region EU; only US has secrets. */

const TABLES =
  'sums, moments, trees, branches, only_one, unlike, firsts, dated, living, sized, kinds, inner_sums';
const FILTERS = `${POLICY}
  - id: anything-goes
    owner: dba@shop.example
    who: everyone
    on: everything
    doing: anything
    then: allow
    because: The filters alone are tried.
  - id: own-region
    owner: sales@shop.example
    who: everyone
    except: { groups: [dba] }
    on: { tables: [${TABLES}] }
    then: { rows: "region IN ('FR', 'DE', 'IT', 'NL') OR region = claims.region" }
    because: Everybody looks after their own region.
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
    CREATE TABLE sums (id int, region text, worth int, share int GENERATED ALWAYS AS (100 / worth) VIRTUAL);
    INSERT INTO sums VALUES (1, 'EU', 10), (2, 'US', 0);
    CREATE TABLE below (id int, region text, worth int);
    INSERT INTO below VALUES (1, 'EU', 10), (2, 'US', 0);
    CREATE VIEW inner_sums AS SELECT id, region, 100 / worth AS share FROM below;
    CREATE TABLE moments (id int, region text, name text, at timestamptz, number int);
    INSERT INTO moments VALUES (7, 'US', 'hidden', now(), 7);
    CREATE TABLE trees (id int PRIMARY KEY, region text, above int REFERENCES trees ON DELETE CASCADE);
    INSERT INTO trees VALUES (1, 'EU', NULL), (2, 'US', 1);
    CREATE TABLE branches (id int, region text) PARTITION BY LIST (id);
    CREATE TABLE branches_1 PARTITION OF branches DEFAULT;
    INSERT INTO branches VALUES (1, 'EU'), (2, 'US');
    CREATE TABLE only_one (id serial, region text);
    CREATE UNIQUE INDEX ON only_one ((true));
    INSERT INTO only_one (region) VALUES ('US');
    CREATE TABLE unlike (region text, code text, UNIQUE NULLS NOT DISTINCT (code));
    INSERT INTO unlike VALUES ('US', NULL);
    CREATE TABLE firsts (region text, a int, b int GENERATED ALWAYS AS (coalesce(a, 1)) STORED UNIQUE);
    INSERT INTO firsts VALUES ('US', 1);
    CREATE TABLE dated (region text, day date DEFAULT '2026-01-01', note text, UNIQUE (day) INCLUDE (note));
    INSERT INTO dated VALUES ('US');
    CREATE TABLE living (region text, day date DEFAULT '2026-01-01', gone timestamptz);
    CREATE UNIQUE INDEX ON living (day) WHERE gone IS NULL;
    INSERT INTO living VALUES ('US');
    CREATE TABLE sized (id serial PRIMARY KEY, region text, code text UNIQUE);
    CREATE TYPE area AS ENUM ('EU', 'US', 'FR', 'DE', 'IT', 'NL');
    CREATE DOMAIN remark AS text;
    CREATE TABLE kinds (region area, note remark);
    INSERT INTO kinds VALUES ('EU', 'seen'), ('US', 'hidden');
    CREATE SCHEMA store;
    CREATE TABLE store.sized (id int, region text);
    GRANT ALL ON ALL TABLES IN SCHEMA public, store TO sluice_gateway;
    GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO sluice_gateway`);
  client = await lab.client();
});
after(async () => {
  await client.end();
  await owner.end();
  await lab.close();
});

const rows = async (sql: string) => (await client.query({ text: sql, rowMode: 'array' })).rows;
const count = async (sql: string) => (await client.query(sql)).rowCount;
const refused = (sql: string, why: RegExp) => assert.rejects(client.query(sql), why, sql);

test('what is computed as a row is read is not compared for a hidden one', async () => {
  assert.deepEqual(await rows('SELECT id FROM sums WHERE share = 10'), [[1]]);
  assert.deepEqual(await rows('SELECT id FROM inner_sums WHERE share = 10'), [[1]]);
  assert.equal(await count('UPDATE sums SET worth = worth WHERE share = 10'), 1);
  assert.equal(await count('DELETE FROM sums WHERE share = 11'), 0);
});

test('a parameter that becomes no value of the column fails whatever rows are hidden', async () => {
  await client.query('SET plan_cache_mode = force_generic_plan');
  for (const name of ['hidden', 'nobody']) {
    for (const [type, condition] of [
      ['text', 'at = $1::timestamptz'],
      ['bigint', 'number = $1'],
      ['text', 'number IN (7, $1::int4)'],
    ]) {
      for (const doing of [
        'SELECT id FROM moments',
        'DELETE FROM moments',
        'UPDATE moments SET name = name',
      ]) {
        await client.query(`PREPARE told (${type}) AS ${doing} WHERE name = '${name}' AND ${condition}`);
        await refused("EXECUTE told ('99999999999')", /invalid|out of range|overflow/);
        assert.equal(await count('EXECUTE told (NULL)'), 0);
        await client.query('DEALLOCATE told');
      }
    }
  }
  await client.query('RESET plan_cache_mode');
});

test('rows that refer to others of their own table are not taken along', async () => {
  await refused('DELETE FROM trees WHERE id = 1', /public.trees may refer to what it deletes/);
  assert.equal(await count('DELETE FROM branches'), 1);
  assert.deepEqual((await owner.query('SELECT id FROM trees UNION ALL SELECT id FROM branches')).rowCount, 3);
});

test('a unique key is not asked by what an INSERT leaves out', async () => {
  await refused('INSERT INTO only_one DEFAULT VALUES', /whether there is a row/);
  for (const table of ['unlike', 'firsts', 'dated', 'living']) {
    await refused(`INSERT INTO ${table} (region) VALUES ('EU')`, /a unique key would tell/);
    await refused(`COPY ${table} (region) FROM STDIN`, /a unique key would tell/);
  }
  assert.equal(await count("INSERT INTO sized (region) VALUES ('EU')"), 1);
});

test('rows of tables that nobody names keep their values', async () => {
  await refused("ALTER TYPE area RENAME VALUE 'EU' TO 'FR'", /another value in every row/);
  for (const what of ['TYPE area', 'DOMAIN remark'])
    await refused(`DROP ${what} CASCADE`, /take columns along/);
  await refused('DROP SCHEMA store CASCADE', /would remove rows/);
});
