import { expression } from './expressions.ts';
import { EMPTY_SCOPE, type Maker, type Scope } from './maker.ts';
import { query } from './queries.ts';
import { type Column, nameOf, type Relation } from './schema.ts';

type Target = { table: string; column: string; open: string; relation: Relation; hidden: string };

/**
 * What does not come of a grammar of expressions: the server's own catalogues and functions, definitions that compute
 * on values, writes that succeed or fail by them, settings. `{t}` is a table with masked columns, `{c}` one of them,
 * `{o}` a column of it that is not masked, `{q}` a query, `{b}` a condition on `{t}`, `{h}` a table with hidden
 * rows, `{x}` a number.
 */
const DOORS: ReadonlyArray<readonly [weight: number, script: string]> = [
  // Statistics, sizes of parts, values that catalogues keep.
  [2, "SELECT relname, reltuples FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY relname"],
  [
    1,
    "SELECT relname, reltuples::int FROM pg_class WHERE relkind = 'i' AND relname LIKE 'customers%' ORDER BY 1",
  ],
  [1, "SELECT attname, n_distinct, most_common_vals::text FROM pg_stats WHERE tablename = '{n}' ORDER BY 1"],
  [
    1,
    "SELECT staattnum, stavalues1::text FROM pg_statistic WHERE starelid = 'public.{n}'::regclass ORDER BY 1",
  ],
  [1, 'SELECT * FROM histograms ORDER BY 1, 2'],
  [
    1,
    "SELECT attname, attmissingval FROM pg_attribute WHERE attrelid = 'public.hidden_default'::regclass AND attnum > 0 ORDER BY attnum",
  ],
  [1, 'SELECT count(attmissingval), max(attmissingval::text) FROM pg_attribute WHERE attrelid > 16383'],
  [1, 'SELECT stxname, stxkeys::text FROM pg_statistic_ext ORDER BY 1'],
  [1, 'SELECT stxdmcv IS NULL, stxdndistinct::text FROM pg_statistic_ext_data'],
  [
    1,
    "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '{n}' ORDER BY ordinal_position",
  ],
  [
    1,
    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'public.{n}'::regclass ORDER BY 1",
  ],
  [
    1,
    'SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid > 16383 ORDER BY 1',
  ],
  [
    1,
    'SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN {t} t ON t.{o}::text = a.attname',
  ],
  [1, 'SELECT loid, data FROM pg_largeobject'],
  [1, 'SELECT lo_get(424242)'],
  // Functions that read what a text names.
  [2, "SELECT query_to_xml('SELECT {c} FROM {t}', true, false, '')"],
  [1, "SELECT table_to_xml('{t}'::regclass, true, false, '')"],
  [
    1,
    "SELECT t.{o}, query_to_xml('SELECT count(*) FROM {t} WHERE {c} IS NOT NULL AND {c}::text > ''m''', true, false, '')::text FROM {t} t",
  ],
  [1, "SELECT schema_to_xml('public', true, false, '')"],
  [1, "SELECT ts_stat('SELECT to_tsvector({c}::text) FROM {t}')"],
  [2, 'SELECT peek({x})'],
  [1, 'SELECT ssn FROM peek_all()'],
  [1, "SELECT guessed('S1'), guessed('long-secret-17xxx')"],
  [1, "SELECT {o} FROM {t} WHERE guessed({o}::text) OR peek(1) LIKE 'S%'"],
  [1, 'CALL spill()'],
  [1, 'SELECT name ~!~ 2 FROM regions JOIN customers ON code = region'],
  [1, "SELECT 'S1'::lucky"],
  [1, 'SELECT * FROM spying'],
  [1, "DO $$BEGIN RAISE NOTICE '%', (SELECT string_agg({c}::text, ',') FROM {t});END$$"],
  [1, "SELECT pg_read_file('PG_VERSION')"],
  [1, "SELECT currval('counter'), nextval('counter')"],
  [1, "SELECT dblink('dbname=postgres', 'SELECT 1')"],
  // What tells of how a statement runs.
  [2, 'EXPLAIN SELECT {o} FROM {t} WHERE {c} IS NOT NULL'],
  [2, 'EXPLAIN SELECT * FROM {t}'],
  [2, 'EXPLAIN (COSTS ON) {q}'],
  [2, 'EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, BUFFERS OFF) SELECT count(*) FROM {t} WHERE {b}'],
  [1, 'EXPLAIN (VERBOSE, COSTS OFF) {q}'],
  [1, 'EXPLAIN (FORMAT JSON, COSTS OFF) {q}'],
  [1, 'EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, BUFFERS OFF, FORMAT JSON) {q}'],
  [1, 'EXPLAIN (GENERIC_PLAN) SELECT {o} FROM {t} WHERE {o}::text = $1'],
  [1, 'EXPLAIN UPDATE {t} SET {o} = {o} WHERE {b}'],
  // Where rows lie, and which relation they are in.
  [1, 'SELECT ctid, {o} FROM {t} ORDER BY 1'],
  [1, 'SELECT tableoid::regclass, {o} FROM {t}'],
  [1, 'SELECT * FROM buckets_0'],
  [1, 'SELECT count(*) FROM ONLY buckets_1'],
  [1, 'SELECT tableoid, id FROM buckets ORDER BY id'],
  [1, 'SELECT id, tableoid::regclass::text FROM people ORDER BY 1'],
  [1, 'SELECT what FROM watched ORDER BY id'],
  [1, 'SELECT count(*) FROM watching'],
  [1, 'SELECT id FROM rich ORDER BY id'],
  [1, 'SELECT * FROM ranked ORDER BY id'],
  [1, 'SELECT region, all_ssn, best FROM grouped ORDER BY 1'],
  [1, 'SELECT id FROM ledger WHERE account = {x}'],
  [1, 'SELECT id, account FROM ledger'],
  [1, 'SELECT id FROM customers WHERE active LIMIT 3'],
  [1, "SELECT id FROM customers WHERE region = 'n'"],
  [1, 'SELECT pg_column_size({c}), pg_column_compression({c}) FROM {t}'],
  [1, 'SET LOCAL enable_seqscan = off; SELECT name FROM customers WHERE active'],
  [1, 'SET enable_seqscan = off; SELECT id, name FROM customers; RESET enable_seqscan'],
  [1, "SELECT set_config('enable_seqscan', 'off', true); SELECT id, region FROM customers LIMIT 5"],
  [1, 'SET random_page_cost = 0.1; SELECT id FROM customers WHERE active; RESET random_page_cost'],
  // Writes that succeed or fail by what is there.
  [
    1,
    "INSERT INTO customers (id, name, active, email) VALUES (99, 'x', true, 'anna1@two.example') ON CONFLICT DO NOTHING RETURNING id",
  ],
  [1, "INSERT INTO customers (id, name, active, email) VALUES (99, 'x', true, 'bartholomew.99@two.example')"],
  [1, "INSERT INTO mailing VALUES ('anna1@two.example', 'probe')"],
  [1, "INSERT INTO mailing (address) VALUES ('bartholomew.99@two.example') ON CONFLICT DO NOTHING"],
  [1, "UPDATE customers SET email = 'anna3@two.example' WHERE id = 1"],
  [1, "DELETE FROM customers WHERE email LIKE 'anna1%'"],
  [1, 'DELETE FROM customers WHERE id = {x} RETURNING id'],
  [1, 'UPDATE pay SET bonus = 2147483647 RETURNING id'],
  [1, 'UPDATE pay SET bonus = {x} RETURNING total'],
  [1, 'UPDATE ratio SET part = {x} * 10 WHERE id = 2'],
  [1, 'UPDATE ratio SET part = 40'],
  [1, 'UPDATE {t} SET {c} = NULL WHERE {b} RETURNING {o}'],
  [1, "UPDATE {t} SET {o} = {o} WHERE {c} IS NOT NULL AND {c}::text < 'g'"],
  [1, "DELETE FROM {t} WHERE {c}::text LIKE '%1%' RETURNING {o}"],
  [1, 'WITH d AS (DELETE FROM {t} RETURNING *) SELECT {c} FROM d'],
  [1, 'WITH u AS (UPDATE {t} SET {o} = {o} RETURNING {c} AS v) SELECT count(*), max(v::text) FROM u'],
  [1, 'INSERT INTO archive SELECT id, {c}::text, {o}::text FROM {t} AS t; SELECT * FROM archive'],
  [1, 'INSERT INTO archive (what) SELECT {o}::text FROM {t} WHERE {b}; SELECT count(*) FROM archive'],
  [1, "INSERT INTO audited VALUES (3, 'c')"],
  [1, "UPDATE audited SET v = 'd'"],
  [1, "INSERT INTO ruled VALUES (1, 'x')"],
  [1, "UPDATE directory SET name = upper(name) WHERE who LIKE '%9%'"],
  [1, "INSERT INTO buckets VALUES (50, 'new', 'g1')"],
  [1, 'UPDATE buckets SET label = label WHERE id = {x} RETURNING tableoid::regclass'],
  [
    1,
    'MERGE INTO orders o USING customers c ON o.customer_id = c.id AND c.score > 3 WHEN MATCHED THEN DELETE',
  ],
  // What is computed anew for each row, in the order of partitions.
  [
    2,
    "UPDATE buckets SET label = label || nextval('counter') WHERE id <> {x}; SELECT id, label FROM buckets ORDER BY id",
  ],
  [1, "UPDATE buckets SET id = nextval('counter'); SELECT count(*), max(label) FROM buckets WHERE id < 5"],
  [1, "DELETE FROM buckets WHERE nextval('counter') % 2 = 0; SELECT id, label FROM buckets ORDER BY id"],
  [
    1,
    "MERGE INTO buckets b USING plain p ON b.id = p.id WHEN MATCHED THEN UPDATE SET label = nextval('counter')::text; SELECT id, label FROM buckets ORDER BY id",
  ],
  // What one partition has and those beside it have not.
  [2, "UPDATE halls SET label = 'held' WHERE id = {x}"],
  [2, 'UPDATE halls SET id = NULL WHERE id = {x}'],
  [1, "UPDATE halls SET id = {x} WHERE label = 'label 1' AND id < 4"],
  [1, "INSERT INTO halls VALUES ({x}, 'new', 'g1')"],
  [1, "INSERT INTO halls VALUES ({x}, 'new', 'g1') ON CONFLICT DO NOTHING"],
  [
    1,
    "MERGE INTO halls h USING plain p ON h.id = p.id AND p.id = {x} WHEN MATCHED THEN UPDATE SET label = 'held'",
  ],
  // What a write leaves behind where it has looked, and what becomes of long values.
  [
    2,
    "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; UPDATE mailing SET topic = 'a'; UPDATE mailing SET topic = 'b'; SELECT relation::regclass::text, locktype, page, tuple FROM pg_locks WHERE mode = 'SIReadLock' AND pid = pg_backend_pid() ORDER BY 1, 2, 3, 4",
  ],
  [
    1,
    'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; SELECT {o} FROM {t} WHERE {b}; SELECT count(*), count(page), count(tuple) FROM pg_locks WHERE pid = pg_backend_pid()',
  ],
  [
    1,
    "DELETE FROM {t} WHERE id = {x}; SELECT sum(n_tup_del) FROM pg_stat_xact_sys_tables WHERE schemaname = 'pg_toast'",
  ],
  [
    1,
    "UPDATE {t} SET {c} = NULL; SELECT count(*) FROM pg_locks WHERE relation::regclass::text LIKE 'pg_toast%' AND pid = pg_backend_pid()",
  ],
  // Letters of other languages, which are no blanks to the server.
  [1, 'WITH "{n}\u00a0" AS (SELECT 1 AS {c}) SELECT {c} FROM {n}\u00a0'],
  [1, 'WITH "{n}\u3000" AS (SELECT 1 AS {c}) SELECT max({c}::text) FROM {n}\u3000'],
  [1, "SELECT {o} FROM {t} WHERE {c}::text = E'a'\n'\\' OR {c} IS NOT NULL --'"],
  // Names that stand before others, or that only seem to.
  [1, 'DELETE FROM {t} RETURNING (SELECT {c} FROM (SELECT 1) {c})'],
  [1, 'UPDATE {t} SET {o} = {o} RETURNING (SELECT length({c}::text) FROM (VALUES (1)) AS {c})'],
  [
    1,
    'MERGE INTO {t} USING (SELECT 1) AS {c} ON false WHEN NOT MATCHED BY SOURCE AND {c} IS NOT NULL THEN DELETE',
  ],
  [1, 'WITH {c} AS (SELECT 1) DELETE FROM {t} WHERE id < (SELECT count({c}) FROM {c}) RETURNING {o}'],
  [1, 'SELECT (SELECT {c} FROM (SELECT 1) {c}), {c}({n}) FROM {t}'],
  // Rows that are there for nobody.
  [1, 'INSERT INTO likes VALUES (50, {x})'],
  [1, 'UPDATE likes SET ticket_id = {x} WHERE id = 2 RETURNING id'],
  [1, "INSERT INTO tickets (id, region, title) VALUES ({x}, 'n', 'mine')"],
  [
    1,
    "INSERT INTO tickets (id, region, title) VALUES ({x}, 'n', 'mine') ON CONFLICT DO NOTHING RETURNING id",
  ],
  [1, 'UPDATE tickets SET id = {x} WHERE id = 1'],
  [1, 'DELETE FROM tickets WHERE id IN (9, {x}) RETURNING id'],
  [1, 'DELETE FROM replies; SELECT count(*) FROM replies'],
  [1, 'TRUNCATE replies'],
  [1, 'DROP TABLE reports_held; SELECT count(*) FROM reports'],
  [1, 'ALTER TABLE replies ADD CHECK (hours > 0)'],
  [1, 'CREATE UNIQUE INDEX ON rooms (floor, id)'],
  [1, 'SELECT who FROM assigned ORDER BY id'],
  [1, 'SELECT count(*) FROM ONLY {h}'],
  [1, 'SELECT max(id) FROM reports_held'],
  [1, 'SELECT ctid, id FROM {h}'],
  [1, 'SELECT h.tableoid::regclass, h.* FROM {h} h'],
  [1, 'SELECT id FROM {h} FOR UPDATE'],
  [1, 'SELECT id FROM {h} TABLESAMPLE system (80) REPEATABLE (1)'],
  [1, 'SELECT * FROM board'],
  [1, 'REFRESH MATERIALIZED VIEW board; SELECT count(*) FROM board'],
  [1, 'CREATE MATERIALIZED VIEW mine AS SELECT id FROM {h}; SELECT count(*) FROM mine'],
  [1, 'CREATE VIEW mine AS SELECT count(*) AS n FROM {h}; SELECT n FROM mine'],
  [
    1,
    'CREATE OR REPLACE VIEW desk AS SELECT id, title, stars AS size, stars, opened AS day FROM tickets; SELECT * FROM desk',
  ],
  [1, 'COPY {h} TO STDOUT'],
  [1, 'TABLE {h}'],
  [2, 'SELECT id, 20 / stars FROM tickets WHERE 20 / stars > 1'],
  [2, 'SELECT id FROM tickets WHERE weight::int2 > 3'],
  [1, 'SELECT 60 / hours AS pace FROM replies WHERE shown GROUP BY 1 ORDER BY 1'],
  [1, 'SELECT pace FROM hourly WHERE 60 / pace > 1 ORDER BY id'],
  [1, "SELECT id FROM tickets WHERE (extra ->> 'k')::int > 0"],
  [1, "SELECT (opened - date '2024-01-01') FROM tickets WHERE extract(year FROM opened) = 2024"],
  [2, 'UPDATE replies SET said = said WHERE 60 / hours > 1 RETURNING id'],
  [1, 'UPDATE rooms SET bath = 1 WHERE 10 / nullif(floor, 3) > 0'],
  [2, 'DELETE FROM rooms WHERE 10 / (floor - 12) < 1 AND 10 / (floor - 3) < 9 RETURNING *'],
  [1, 'UPDATE {h} SET id = id + 1 WHERE id > 5; SELECT count(*) FROM {h}'],
  [1, 'WITH d AS (DELETE FROM replies RETURNING hours) SELECT count(*), sum(60 / hours) FROM d'],
  [
    1,
    'DECLARE k CURSOR FOR SELECT id FROM replies FOR UPDATE; FETCH 20 FROM k; DELETE FROM replies WHERE CURRENT OF k; FETCH ALL FROM k',
  ],
  [
    1,
    'MERGE INTO rooms r USING plain p ON r.id = p.id + 15 WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN DO NOTHING',
  ],
  [1, 'EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, BUFFERS OFF) SELECT count(*) FROM {h}'],
  [1, "SELECT query_to_xml('SELECT count(*) FROM {h}', true, false, '')"],
  [1, 'SELECT ticket({x}), ticket(13)'],
  [1, 'SELECT title FROM called ORDER BY id'],
  [1, "SET datestyle = 'SQL, DMY'; SELECT * FROM reports ORDER BY id; RESET datestyle"],
  [1, "ANALYZE tickets; SELECT histogram_bounds::text FROM pg_stats WHERE tablename = 'tickets'"],
  // What stands before names of the server in a view's query.
  [
    3,
    "CREATE DOMAIN pg_temp.text AS pg_catalog.text CHECK (VALUE < 'bd'); SET LOCAL search_path = pg_temp, pg_catalog, public; SELECT id, words FROM worded",
  ],
  [1, 'TRUNCATE plain'],
  [1, "LISTEN news; NOTIFY news, 'plain'"],
  [1, 'COPY {t} TO STDOUT'],
  [1, 'COPY {t} ({c}, {o}) TO STDOUT (FORMAT csv, HEADER)'],
  [1, 'COPY {t} TO STDOUT (FORMAT binary)'],
  [1, 'LOCK TABLE {t} IN SHARE MODE; SELECT {o} FROM {t}'],
  // Settings.
  [1, 'SET client_min_messages = debug5; SELECT {c} FROM {t}; RESET client_min_messages'],
  [1, 'SET debug_print_plan = on; SET client_min_messages = log; SELECT {o} FROM {t}; RESET ALL'],
  [1, 'SET session_replication_role = replica; DELETE FROM customers WHERE id = 1; RESET ALL'],
  [1, 'SET ROLE pg_read_all_data; SELECT count(*) FROM watched; RESET ROLE'],
  [1, 'SET xmlbinary = hex; SELECT xmlelement(name p, photo) FROM customers; RESET xmlbinary'],
  [1, 'SET bytea_output = escape; SELECT photo, {c} FROM customers, {t} LIMIT 4; RESET bytea_output'],
  [1, "SET datestyle = 'SQL, DMY'; SELECT birth, seen FROM customers; RESET datestyle"],
  [
    1,
    "SET TIME ZONE 'Asia/Tokyo'; SELECT seen::text, placed FROM customers JOIN orders USING (id); RESET TIME ZONE",
  ],
  [1, "SET intervalstyle = 'iso_8601'; SELECT pause FROM customers; RESET ALL"],
  [
    1,
    'SET extra_float_digits = 3; SELECT avg(score)::float8, stddev(score)::float4 FROM customers; RESET ALL',
  ],
  [1, "SET track_functions = 'all'; SHOW track_functions"],
  [1, 'SHOW ALL'],
  [1, "SELECT name, setting FROM pg_settings WHERE name LIKE 'enable%' ORDER BY 1"],
  [1, "SELECT current_setting('sluice.token_inner', true)"],
  [1, 'SELECT count(query), max(length(query)) FROM pg_stat_activity WHERE pid = pg_backend_pid()'],
  [1, 'SELECT statement FROM pg_prepared_statements'],
  [1, 'SELECT name, statement FROM pg_cursors'],
];

/** Definitions that compute on values, and what they leave to be read. Each takes the gateway a look at the catalogue. */
const DEFINITIONS: ReadonlyArray<readonly [weight: number, script: string]> = [
  [1, 'CREATE UNIQUE INDEX ON {t} ({c})'],
  // Keys that nobody names.
  [
    1,
    "ALTER TABLE customers ALTER email SET DEFAULT 'anna1@two.example'; INSERT INTO customers (id, name, active) VALUES (99, 'x', true)",
  ],
  [
    1,
    "ALTER TABLE mailing ALTER address SET DEFAULT 'bartholomew.99@two.example'; INSERT INTO mailing (topic) VALUES ('x')",
  ],
  [
    1,
    "ALTER TABLE customers ADD COLUMN probe varchar(80) DEFAULT 'anna1@two.example' REFERENCES customers (email)",
  ],
  [1, 'ALTER TABLE customers ALTER email TYPE varchar(4)'],
  [1, 'CREATE INDEX ON {t} ((1 / length({c}::text)))'],
  [1, "ALTER TABLE {t} ADD CHECK ({c}::text < 's')"],
  [1, 'ALTER TABLE {t} ALTER COLUMN {c} TYPE int USING length({c}::text)'],
  [1, 'ALTER TABLE {t} ALTER COLUMN {c} SET NOT NULL'],
  [1, 'ALTER TABLE {t} ADD COLUMN extra text GENERATED ALWAYS AS ({c}::text) STORED; SELECT extra FROM {t}'],
  [1, 'ALTER TABLE {t} RENAME COLUMN {c} TO innocent; SELECT innocent FROM {t}'],
  [1, 'CREATE TEMP TABLE mine AS SELECT * FROM {t}; SELECT * FROM mine'],
  [1, 'SELECT {c} AS v INTO TEMP mine FROM {t}; SELECT v FROM mine; SELECT count(DISTINCT v) FROM mine'],
  [1, 'CREATE TABLE mine (LIKE {t} INCLUDING ALL); INSERT INTO mine SELECT * FROM {t}; SELECT * FROM mine'],
  [1, 'CREATE TABLE mine () INHERITS ({t}); SELECT * FROM mine; SELECT {c} FROM {t}'],
  [
    1,
    'CREATE VIEW mine AS SELECT {c} AS v, {o} AS w FROM {t}; SELECT v, w FROM mine; SELECT count(*) FROM mine WHERE v IS NOT NULL',
  ],
  [1, 'CREATE TEMP VIEW mine AS SELECT * FROM {t}; SELECT * FROM mine'],
  [1, 'CREATE MATERIALIZED VIEW mine AS SELECT {c} AS v FROM {t}; SELECT v FROM mine'],
  [1, "CREATE FUNCTION mine() RETURNS text LANGUAGE sql AS 'SELECT max({c}::text) FROM {t}'; SELECT mine()"],
  [1, 'CREATE STATISTICS ON {o}, {c} FROM {t}; ANALYZE {t}; SELECT count(*) FROM pg_statistic_ext_data'],
  [1, 'CREATE POLICY mine ON {t} USING ({c} IS NOT NULL)'],
  [1, 'CREATE RULE mine AS ON UPDATE TO plain DO ALSO SELECT {c} FROM {t}; UPDATE plain SET n = n'],
  [1, 'CLUSTER customers USING customers_score; SELECT id FROM customers'],
  [1, 'REFRESH MATERIALIZED VIEW snapshot; SELECT * FROM snapshot'],
  [1, "DROP INDEX customers_ssn; SELECT id FROM customers WHERE lower(ssn) = 's1'"],
  [
    1,
    'ALTER TABLE buckets DETACH PARTITION buckets_0; SELECT count(*) FROM buckets; SELECT * FROM buckets_0',
  ],
  [1, 'ALTER VIEW harmless RENAME TO mine; SELECT * FROM mine'],
  [
    1,
    'CREATE OR REPLACE VIEW harmless AS SELECT id, name, ssn AS region FROM customers; SELECT * FROM harmless',
  ],
  [
    1,
    'PREPARE s AS SELECT * FROM harmless; CREATE OR REPLACE VIEW harmless AS SELECT id, ssn AS name, region FROM customers; EXECUTE s; DEALLOCATE s',
  ],
  [
    1,
    'DECLARE k CURSOR FOR SELECT * FROM harmless; CREATE OR REPLACE VIEW harmless AS SELECT id, ssn AS name, region FROM customers; FETCH 3 FROM k; CLOSE k',
  ],
  [
    1,
    'PREPARE s AS SELECT email FROM customers; SET LOCAL search_path = other; EXECUTE s; SET LOCAL search_path = public; EXECUTE s; DEALLOCATE s',
  ],
  [1, 'SET LOCAL search_path = other, public; SELECT email FROM customers; SELECT * FROM orders LIMIT 2'],
  [
    1,
    'CREATE TEMP TABLE customers (id int, ssn text); SELECT ssn FROM customers; SELECT ssn FROM public.customers',
  ],
];

/** The statements of a side door, filled in. */
export function sideDoor(maker: Maker): string[] {
  return opened(maker, DOORS);
}

export function definition(maker: Maker): string[] {
  return opened(maker, DEFINITIONS);
}

function opened(maker: Maker, doors: typeof DOORS): string[] {
  const { random } = maker;
  const target = targetOf(maker);
  const script = random.weighted(doors);
  return script.split('; ').map((statement) => filledDoor(maker, statement, target));
}

function targetOf(maker: Maker): Target {
  const { random, schema } = maker;
  const relation = random.pick(schema.governedTables);
  const masked = relation.columns.filter((column) => column.masked);
  const open = relation.columns.filter((column) => !column.masked && !column.generated);
  const pick = (columns: readonly Column[]) => (columns.length === 0 ? 'id' : random.pick(columns).name);
  const hidden = nameOf(random.pick(schema.filteredTables));
  return { relation, table: nameOf(relation), column: pick(masked), open: pick(open), hidden };
}

function filledDoor(maker: Maker, text: string, { table, column, open, relation, hidden }: Target): string {
  const scope: Scope = {
    ...EMPTY_SCOPE,
    items: [{ alias: relation.name, columns: relation.columns, whole: true }],
  };
  return text.replace(/\{([tcoqbxnh])\}/g, (_whole, what: string) => {
    switch (what) {
      case 't':
        return table;
      case 'n':
        return relation.name;
      case 'c':
        return column;
      case 'o':
        return open;
      case 'q':
        return query(maker, EMPTY_SCOPE, 1, null).sql;
      case 'h':
        return hidden;
      case 'b':
        return expression(maker, 'bool', scope, 2);
      default:
        return String(maker.random.int(0, 18));
    }
  });
}
