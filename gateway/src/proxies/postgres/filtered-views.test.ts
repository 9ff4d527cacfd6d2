import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { nothing } from '../../sql/postgres/catalogue/a-relation.fixture.ts';
import { Catalogue } from '../../sql/postgres/catalogue/catalogue.ts';
import { ready } from '../../sql/postgres/parse/parser.ts';
import { qualifiedQuery } from '../../sql/postgres/rewrite/view-text.ts';
import { type Lab, openLab, POLICY } from './testing/lab.ts';

/** Views over tables of which only some rows are there: they read and show what they would, and no more. Ana is of region EU. */

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
    on: { tables: [people, members, stays] }
    then: { rows: "region = claims.region" }
    because: Everybody looks after their own region.
  - id: nothing-private
    owner: sales@shop.example
    who: everyone
    except: { groups: [dba] }
    on: { tables: [notes] }
    then: { rows: "kind NOT IN ('private') AND kind <> 'secret' AND coalesce(kind, 'hidden') NOT LIKE 'HID%'" }
    because: What is private is nobody else's.
  - id: this-year
    owner: sales@shop.example
    who: everyone
    except: { groups: [dba] }
    on: { tables: [visits] }
    then: { rows: "at >= '2026-01-02'" }
    because: It says no zone.
  - id: since-new-year
    owner: sales@shop.example
    who: everyone
    except: { groups: [dba] }
    on: { tables: [logins] }
    then: { rows: "at >= '2026-01-02 00:00+00'" }
    because: It says its zone.
  - id: made-type
    owner: sales@shop.example
    who: everyone
    except: { groups: [dba] }
    on: { tables: [parcels] }
    then: { rows: "codes <> 'US'" }
    because: It has an operator of its own.
  - id: no-names
    owner: privacy@shop.example
    who: everyone
    except: { groups: [dba] }
    on: { columns: [people.name] }
    then: { mask: { method: redact } }
    because: Names are personal.
reviewedFunctions: { shop: [public.shown] }
`;

const STAYS = `
    CREATE TABLE stays (id int, region text, at date);
    INSERT INTO stays VALUES (1, 'EU', '2026-02-15'), (2, 'EU', '2026-05-01'), (3, 'US', '2026-05-01');
    CREATE VIEW since_march AS SELECT id FROM stays WHERE at >= '2026-03-02'::date`;

let lab: Lab;
let client: Client;
let owner: Client;

before(async () => {
  lab = await openLab();
  lab.policy.activate(FILTERS);
  owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
  await owner.query(`
    CREATE ROLE limited;
    CREATE TABLE people (id int PRIMARY KEY, region text, tenant text, name varchar(20), worth int, open boolean);
    INSERT INTO people VALUES (1, 'EU', 'a', 'Zoe', 10, true), (2, 'EU', 'b', 'Bea', 0, false), (3, 'US', 'a', 'Cy', 5, true);
    CREATE VIEW loud AS SELECT id, upper(name::text) AS name FROM people;
    CREATE VIEW joined AS SELECT id, CASE region WHEN 'EU' THEN 'here' ELSE 'there' END AS place
      FROM people JOIN people other USING (id, region);
    CREATE VIEW open_people WITH (security_barrier) AS SELECT id, worth FROM people WHERE open OR lower(tenant) = 'none';
    CREATE VIEW behind_barrier AS SELECT * FROM open_people;
    CREATE VIEW unread AS SELECT id FROM people;
    ALTER VIEW unread OWNER TO limited;
    CREATE TABLE members (id int, region text, tenant text);
    INSERT INTO members VALUES (1, 'EU', 'a'), (2, 'EU', 'b'), (3, 'US', 'a');
    ALTER TABLE members ENABLE ROW LEVEL SECURITY;
    CREATE POLICY tenants ON members USING (tenant = 'a');
    GRANT SELECT ON members TO limited;
    CREATE VIEW member_ids AS SELECT id FROM members;
    ALTER VIEW member_ids OWNER TO limited;
    CREATE FUNCTION public.shown(anyelement) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT 'any' $$;
    CREATE VIEW shown_people AS SELECT id, public.shown(region) AS how FROM people;
    CREATE TABLE visits (id int, at timestamptz);
    INSERT INTO visits VALUES (1, '2026-01-02 00:00+00'), (2, '2026-01-01 23:00+00');
    CREATE TABLE logins (id int, at timestamptz);
    INSERT INTO logins VALUES (1, '2026-01-02 00:00+00'), (2, '2026-01-01 23:00+00');
    CREATE TABLE shared (id int);
    INSERT INTO shared VALUES (1), (3);
    ALTER TABLE shared ENABLE ROW LEVEL SECURITY;
    CREATE POLICY known ON shared USING (id < (SELECT count(*) FROM people));
    CREATE VIEW shared_ids AS SELECT id FROM shared;
    CREATE VIEW counted AS SELECT people.id, people.tenant, count(*) AS n FROM people JOIN logins ON logins.id IS NOT NULL GROUP BY people.id;
    CREATE VIEW named AS SELECT id, name, count(*) AS n FROM people GROUP BY id;
    ${STAYS};
    CREATE VIEW without_null AS SELECT id, '{1,NULL}'::int[] AS ids FROM stays;
    GRANT ALL ON ALL TABLES IN SCHEMA public TO sluice_gateway;
    GRANT CREATE ON SCHEMA public TO sluice_gateway;
    GRANT CREATE ON DATABASE shop TO sluice_gateway`);
  client = await lab.client();
});
after(async () => {
  await client.end();
  await owner.end();
  await lab.close();
});

const rows = async (sql: string) => (await client.query({ text: sql, rowMode: 'array' })).rows;
const refused = (sql: string, why: RegExp) => assert.rejects(client.query(sql), why, sql);

test('their groups come in no order of masked values', async () => {
  assert.deepEqual(await rows('SELECT id, tenant FROM counted ORDER BY id'), [
    [1, 'a'],
    [2, 'b'],
  ]);
  await refused(
    'SELECT id FROM named',
    /view public\.named shows public\.people\.name, which is masked for you/,
  );
});

test('their names mean what they meant when the view was made', async () => {
  await client.query(`CREATE SCHEMA own;
    CREATE DOMAIN own.text AS pg_catalog.text CHECK (value < 'm');
    CREATE DOMAIN pg_temp.text AS pg_catalog.text CHECK (value < 'm');
    SET search_path = own, pg_catalog, public`);
  await owner.query(`CREATE FUNCTION own.upper(pg_catalog.text) RETURNS pg_catalog.text STABLE LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION '%', $1; END $$`);
  assert.deepEqual(await rows('SELECT id, name FROM public.loud ORDER BY id'), [
    [1, '•••••'],
    [2, '•••••'],
  ]);
  await client.query('RESET search_path');
  await client.query('DROP DOMAIN pg_temp.text');
  assert.deepEqual(await rows('SELECT id, place FROM joined ORDER BY id'), [
    [1, 'here'],
    [2, 'here'],
  ]);
});

test('a query whose names are qualified is the same to the server', async () => {
  await ready;
  const catalogue = new Catalogue(nothing);
  const { rows: views } = await owner
    .query<{ oid: number; name: string; shown: string }>(
      `SET search_path = pg_catalog, pg_temp;
    SELECT oid::int4, relname AS name, pg_get_viewdef(oid) AS shown FROM pg_class WHERE relkind = 'v' AND oid < 16384
      AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = pg_class.oid AND atttypid = 'anyarray'::regtype)`,
    )
    .then((results) => (Array.isArray(results) ? results[1] : results));
  const made = async (path: string, query: string) => {
    await owner.query(`SET search_path = ${path}; CREATE TEMP VIEW again AS ${query}`);
    await owner.query('SET search_path = pg_catalog, pg_temp');
    const printed = await owner.query(`SELECT pg_get_viewdef('pg_temp.again'::regclass) AS shown`);
    await owner.query('DROP VIEW pg_temp.again');
    return printed.rows[0].shown;
  };
  let qualified = 0;
  for (const { name, shown } of views) {
    const query = qualifiedQuery(shown, catalogue);
    if (query === null) continue;
    qualified += 1;
    assert.equal(await made('own, pg_catalog', query.text), await made('pg_catalog, pg_temp', shown), name);
  }
  await owner.query('RESET search_path; DROP SCHEMA own CASCADE');
  assert.ok(qualified > 0.85 * views.length, `${qualified} of ${views.length}`);
});

test('a security barrier stays one', async () => {
  const asked = (view: string) => `SELECT id FROM ${view} WHERE 100 / worth > 0`;
  for (const view of ['open_people', 'behind_barrier'])
    assert.deepEqual(await rows(asked(view)), [[1]], view);
});

test('a view whose owner may read less than the gateway is not read as its query', async () => {
  for (const view of ['unread', 'member_ids'])
    await refused(`SELECT * FROM ${view}`, /they can't be picked inside of it/);
});

test('row policies of other tables tell nothing of them', async () => {
  for (const sql of [
    'SELECT * FROM shared',
    'SELECT * FROM shared_ids',
    'EXPLAIN SELECT * FROM shared',
    'INSERT INTO shared VALUES (2)',
    'DELETE FROM shared',
    'COPY shared TO STDOUT',
  ])
    await refused(sql, /a row policy of public.shared reads all of its rows/);
});

test('who replaces a view leaves nobody with their own rows only', async () => {
  await refused(
    'CREATE OR REPLACE VIEW loud AS SELECT id FROM people',
    /everybody would see no more in view/,
  );
  await client.query('CREATE VIEW mine AS SELECT id FROM people');
  assert.deepEqual(await rows('SELECT id FROM mine ORDER BY 1'), [[1], [2]]);
});

test('a function of somebody’s own is not chosen again', async () => {
  assert.deepEqual(await rows('SELECT * FROM shown_people ORDER BY 1'), [
    [1, 'any'],
    [2, 'any'],
  ]);
  await owner.query(
    `CREATE FUNCTION public.shown(text) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT 'text' $$`,
  );
  // Who asks for what has become another thing just then loses the session, before any row.
  assert.deepEqual(await rows('SELECT id FROM logins'), [[1]]);
  await refused('SELECT * FROM shown_people', /they can't be picked inside of it/);
});

test('no setting of a session makes a filter another', async () => {
  for (const zone of ['UTC', 'Etc/GMT-14', 'Etc/GMT+12']) {
    await client.query(`SET TimeZone = '${zone}'`);
    assert.deepEqual(await rows('SELECT id FROM logins'), [[1]], zone);
    await refused('SELECT id FROM visits', /write it as '2026-01-31 12:30\+00'/);
  }
  await client.query('RESET TimeZone');
});

test('statistics of expressions are made by nobody who sees only some rows', async () => {
  await owner.query('CREATE STATISTICS rates ON (100 / (worth + 1)) FROM people');
  for (const sql of ['ANALYZE people', 'ANALYZE', 'VACUUM ANALYZE', 'VACUUM (ANALYZE) members, people (id)'])
    await refused(sql, /its statistics are of expressions, which may fail by rows that you don’t see/);
  await owner.query('DROP STATISTICS rates');
});

test('no setting of a session makes a view’s constants others', async () => {
  await refused('SELECT * FROM without_null', /they can't be picked inside of it/);
  assert.deepEqual(await rows('SELECT * FROM since_march'), [[2]]);
  const elsewhere = new Client({ connectionString: lab.sample.superuserUrl('scratch') });
  await elsewhere.connect();
  await elsewhere.query(`${STAYS}; GRANT SELECT ON stays, since_march TO sluice_gateway`);
  await elsewhere.query(`ALTER DATABASE scratch SET DateStyle = 'sql, dmy'`);
  await elsewhere.end();
  const other = await lab.client('ana', 'scratch');
  assert.equal((await other.query('SELECT id FROM stays')).rowCount, 2);
  for (const style of ['mdy', 'dmy', 'iso']) {
    await other.query(`SET DateStyle = '${style}'`);
    await assert.rejects(
      other.query('SELECT * FROM since_march'),
      /they can't be picked inside of it/,
      style,
    );
  }
  await other.end();
});

test('a filter on citext is asked in whatever case, and none by operators that somebody made', async () => {
  await owner.query(`
    CREATE EXTENSION citext;
    CREATE DOMAIN folded AS citext;
    CREATE TABLE notes (id int, kind folded);
    INSERT INTO notes VALUES (1, 'open'), (2, 'PRIVATE'), (3, 'private'), (4, 'Secret'), (5, 'hidden');
    CREATE TABLE parcels (id int, codes citext[]);
    INSERT INTO parcels VALUES (1, '{us}');
    GRANT SELECT ON notes, parcels TO sluice_gateway`);
  assert.deepEqual(await rows('SELECT id, kind FROM notes'), [[1, 'open']]);
  await refused('SELECT * FROM parcels', /can't be enforced: its condition uses column codes, whose type/);
  // Its operator = is one of those that a view's JOIN … USING could mean.
  await refused('SELECT * FROM joined', /they can't be picked inside of it/);
});
