import { family, type Step } from '../attack.ts';

const set = (owner: string): Step[] => [{ owner }, 'SELECT 1'];

/** A column that the server's own trigger fills with the words of a masked one beside it. */
const TOLD = (triggers: string) =>
  set(
    `ALTER TABLE letters ADD vis tsvector, ADD config regconfig DEFAULT 'simple'; CREATE INDEX ON letters USING gin (vis); ${triggers}; UPDATE letters SET title = 'old'`,
  );
const FILLS =
  "CREATE TRIGGER fills BEFORE INSERT OR UPDATE ON letters FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger(vis, 'pg_catalog.simple', title, body)";
const FILLS_BY_COLUMN =
  'CREATE TRIGGER fills BEFORE INSERT OR UPDATE ON letters FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger_column(vis, config, title, body)';

export const filledByTrigger = family('filled by a trigger', [
  [...TOLD(FILLS), 'SELECT vis FROM letters ORDER BY id'],
  [...TOLD(FILLS), "UPDATE letters SET title = 'x' WHERE id = 1 RETURNING vis"],
  [...TOLD(FILLS), "SELECT id FROM letters WHERE vis::text LIKE '%letter-leak-14%' ORDER BY id"],
  [...TOLD(FILLS), 'SELECT id, length(vis) FROM letters ORDER BY id', 'SELECT strip(vis) FROM letters'],
  [...TOLD(FILLS), 'SELECT (l).vis FROM letters l ORDER BY id'],
  [...TOLD(FILLS), 'SELECT array_agg(vis::text ORDER BY id) FROM letters'],
  [
    ...TOLD(`CREATE VIEW v AS SELECT id, vis AS words FROM letters; ${FILLS}`),
    'SELECT words FROM v ORDER BY id',
  ],
  [
    ...TOLD(
      `ALTER TABLE letters ADD words text[] GENERATED ALWAYS AS (tsvector_to_array(vis)) STORED; ${FILLS}`,
    ),
    'SELECT words FROM letters ORDER BY id',
  ],
  [...TOLD(FILLS_BY_COLUMN), 'SELECT vis FROM letters ORDER BY id'],
  [...TOLD(FILLS.replace('FUNCTION', 'PROCEDURE')), 'COPY (SELECT vis FROM letters ORDER BY id) TO STDOUT'],
  [
    ...TOLD(FILLS),
    ...set('ALTER TABLE letters RENAME title TO heading'),
    'SELECT vis FROM letters ORDER BY id',
  ],
  [
    ...set(
      `ALTER TABLE letters ADD "Vis, 'it'" tsvector; ALTER TABLE letters ADD "Ümlaut\\000" text; CREATE TRIGGER fills BEFORE UPDATE ON letters FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger("Vis, 'it'", 'pg_catalog.simple', "Ümlaut\\000", body); UPDATE letters SET body = body`,
    ),
    `SELECT "Vis, 'it'" FROM letters ORDER BY id`,
  ],
  [
    ...set(
      "ALTER TABLE people ADD vis tsvector; CREATE TRIGGER fills BEFORE UPDATE ON staff FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger(vis, 'pg_catalog.simple', name, pin); UPDATE people SET name = name",
    ),
    'SELECT vis FROM people ORDER BY id',
  ],
]);

/** Open columns whose values come together with a masked one's more or less often, and statistics that say so. */
const LISTED = (more: string) =>
  set(
    `CREATE TABLE town (region text, city text, zip int) INHERITS (people); INSERT INTO town SELECT i, 'x', CASE WHEN substr((SELECT pin FROM people WHERE id = 1), 9) = '7' THEN 'p' || i % 200 ELSE 'p' END, 'r' || i % 5, 'c' || i % 7, i % 3 FROM generate_series(1, 800) i; ${more}; ANALYZE town; ANALYZE people`,
  );
const LIST = 'CREATE STATISTICS s (mcv) ON region, city, pin FROM town';
const SEARCH = "WHERE region = 'r1' AND city = 'c0'";

export const estimatesOfLists = family('estimates of lists', [
  [...LISTED(LIST), `EXPLAIN SELECT id FROM town ${SEARCH}`],
  [
    ...LISTED(LIST),
    `EXPLAIN (FORMAT JSON) SELECT region FROM town WHERE city IN ('c0', 'c1') AND region = 'r1'`,
  ],
  [...LISTED(LIST), "EXPLAIN SELECT id FROM town WHERE region = 'r1' OR city = 'c0'"],
  [
    ...LISTED(LIST),
    "EXPLAIN SELECT region, city FROM town GROUP BY 1, 2 HAVING region = 'r1' AND city = 'c0'",
  ],
  [
    ...LISTED(LIST),
    `EXPLAIN SELECT * FROM (SELECT region AS a, city AS b FROM town) t WHERE a = 'r1' AND b = 'c0'`,
  ],
  [...LISTED(LIST), `EXPLAIN SELECT 1 FROM town JOIN plain USING (id) ${SEARCH}`],
  [...LISTED(LIST), `EXPLAIN UPDATE town SET zip = 1 ${SEARCH}`],
  [...LISTED(LIST), `EXPLAIN DELETE FROM town ${SEARCH}`],
  [...LISTED(LIST), `PREPARE p AS SELECT id FROM town ${SEARCH}`, 'EXPLAIN EXECUTE p'],
  [...LISTED(`${LIST}; CREATE VIEW v AS SELECT region, city FROM town`), `EXPLAIN SELECT * FROM v ${SEARCH}`],
  [...LISTED(`${LIST}; CREATE VIEW v AS SELECT id FROM town ${SEARCH}`), 'EXPLAIN SELECT * FROM v'],
  [
    ...LISTED("CREATE STATISTICS s ON (region || 'x'), (city || 'y'), pin FROM town"),
    "EXPLAIN SELECT id FROM town WHERE region || 'x' = 'r1x' AND city || 'y' = 'c0y'",
  ],
  [...LISTED(LIST), `EXPLAIN (ANALYZE, TIMING off, SUMMARY off, BUFFERS off) SELECT id FROM town ${SEARCH}`],
  [
    ...set(
      "ALTER TABLE letters ADD a int, ADD b int; INSERT INTO letters SELECT i + 100, 'x', CASE WHEN (SELECT body LIKE 'letter-leak-7 %' FROM letters WHERE id = 1) THEN 'y' || i % 400 ELSE 'y' END, i % 5, i % 7 FROM generate_series(1, 3000) i; CREATE MATERIALIZED VIEW m AS SELECT a, b, body FROM letters; CREATE STATISTICS s (mcv) ON a, b, body FROM m; ANALYZE m",
    ),
    'EXPLAIN SELECT a FROM m WHERE a = 1 AND b = 0',
  ],
]);

/** A masked value of a type, too large or small for what a view makes of it on one side alone. */
const LARGE = (type: string, large: string, small: string, value: string) =>
  set(
    `DROP TABLE ranks CASCADE; CREATE TABLE ranks (id int, kind text, mail text, pay ${type}); INSERT INTO ranks SELECT id, 'k', 'm', CASE WHEN body LIKE 'letter-leak-7 %' THEN ${large} ELSE ${small} END FROM letters; CREATE VIEW v AS WITH w AS MATERIALIZED (SELECT id, ${value} AS x FROM ranks) SELECT id, x FROM w`,
  );
const READ = 'SELECT id FROM v ORDER BY id';

export const tooLarge = family('too large for a type', [
  [
    ...set(
      "DROP TABLE ranks CASCADE; CREATE TABLE ranks (id int, kind text, mail text, pay float8); INSERT INTO ranks SELECT g, 'k', 'm', CASE WHEN body LIKE 'letter-leak-7 %' THEN 1.7e308 ELSE 1 END FROM letters, generate_series(1, 2) g; CREATE VIEW v AS SELECT kind, sum(pay) AS x FROM ranks GROUP BY kind UNION ALL SELECT 'z', 0",
    ),
    'SELECT kind FROM v ORDER BY 1',
  ],
  [
    ...set(
      "DROP TABLE ranks CASCADE; CREATE TABLE ranks (id int, kind text, mail text, pay float4); INSERT INTO ranks SELECT g, 'k', 'm', CASE WHEN body LIKE 'letter-leak-7 %' THEN 3e38 ELSE 1 END FROM letters, generate_series(1, 2) g; CREATE VIEW v AS SELECT kind, sum(pay) AS x FROM ranks GROUP BY kind UNION ALL SELECT 'z', 0",
    ),
    'SELECT kind FROM v ORDER BY 1',
  ],
  [...LARGE('interval', "interval '178000000 years'", "'1 day'", 'pay / 0.0001'), READ],
  [...LARGE('int8', '2', '0', "pay / '1e-308'::float8"), READ],
  [...LARGE('int8', '9000000000', '5', '5::oid = pay'), READ],
  [...LARGE('numeric', '1e400', '1', 'pay > 1::float8'), READ],
  [...LARGE('timestamp', "timestamp '4713-01-01 BC'", "'2020-01-01'", "date_trunc('century', pay)"), READ],
  [...LARGE('circle', "circle '<(0,0),1e200>'", "'<(0,0),1>'", 'pay = pay'), READ],
  [...LARGE('money', '90000000000000000::numeric::money', '1::money', 'pay / 0.0001'), READ],
  [...LARGE('date', "date '5000000-01-01'", "'2020-01-01'", "date_part('year', pay)"), READ],
]);
