import { family } from '../attack.ts';

const BODY = 'CREATE DOMAIN body AS text';
const ONE_NESTED =
  "JSON_TABLE('[1]'::jsonb, '$[*]' COLUMNS (NESTED PATH '$' COLUMNS (a int PATH '$'), body text PATH '$')) AS t (p)";

/**
 * A name is a column of any query around it before it is a whole row of the nearest: `secret` in
 * `(SELECT secret FROM (SELECT 1) secret)` is the outer table's. Columns of functions whose shape isn't known, functions'
 * own names of their columns, and what ON sees, are read the same way round. A subquery has no column of a name that
 * the server calls otherwise: `(SELECT 1)::body` is `?column?`, and nested columns of JSON_TABLE stand last.
 */
export const namesInReach = family('names in reach', [
  'DELETE FROM grand RETURNING (SELECT secret FROM (SELECT 1) secret)',
  'DELETE FROM grand RETURNING (SELECT secret FROM regions secret LIMIT 1)',
  'DELETE FROM grand RETURNING (SELECT secret FROM unnest(ARRAY[1]) u)',
  'DELETE FROM grand RETURNING (SELECT secret FROM json_array_elements($$[1]$$) secret)',
  'DELETE FROM grand RETURNING (SELECT secret FROM ROWS FROM (pg_backend_pid(), now()) secret)',
  "DELETE FROM grand RETURNING (SELECT count(*) FROM (SELECT 'x' AS secret) s, regions r JOIN regions q ON secret LIKE '%7%')",
  'DELETE FROM grand RETURNING (WITH secret AS (SELECT 1) SELECT secret FROM secret)',
  'DELETE FROM over_small RETURNING (SELECT note FROM (SELECT 1) note)',
  "DELETE FROM grand WHERE (SELECT secret FROM (SELECT 1) secret) LIKE '%7'",
  "DELETE FROM shelves WHERE (SELECT tableoid FROM (SELECT 1) tableoid)::regclass::text = 'shelves_small'",
  ['UPDATE people SET name = (SELECT pin FROM (SELECT 1) pin)', 'SELECT name FROM people'],
  [
    'MERGE INTO people p USING (SELECT 1 AS id, 2 AS p) s ON p.id = s.id WHEN NOT MATCHED BY SOURCE THEN UPDATE SET name = p::text',
    'SELECT name FROM people',
  ],
  [
    'MERGE INTO people p USING (SELECT 1 AS id, 2 AS p) s ON p.id = s.id WHEN NOT MATCHED BY SOURCE THEN UPDATE SET name = (SELECT p::text)',
    'SELECT name FROM people',
  ],
  'SELECT 1 AS xmax, count(*) FROM codes GROUP BY xmax ORDER BY 2',
  'UPDATE journal SET at = at RETURNING (SELECT customer FROM (SELECT 1) customer)',
  'MERGE INTO grand g USING plain p ON g.id = p.id WHEN MATCHED THEN DELETE RETURNING (SELECT secret FROM unnest(ARRAY[1]) u)',
  "SELECT code FROM codes WHERE (SELECT xmax FROM (SELECT 1) xmax)::text <> '0' ORDER BY 1",
  "SELECT relname, (SELECT reltuples FROM (SELECT 1) reltuples) FROM pg_class WHERE relname = 'rich_snapshot'",
  'SELECT (SELECT umoptions FROM (SELECT 1) umoptions) FROM pg_user_mappings',
  "UPDATE grand SET id = id RETURNING (SELECT count(*) FROM (VALUES ('x')) v (secret), plain TABLESAMPLE bernoulli (100 * (length(secret) % 2)))",
  "DELETE FROM grand WHERE (SELECT count(*) FROM (VALUES ('x')) v (secret), plain TABLESAMPLE system (100) REPEATABLE (substr(secret, 13)::int) JOIN plain q TABLESAMPLE bernoulli (100 * (length(secret) % 2)) ON true) > 0",
  ...[
    "(SELECT 'x')::body",
    "(SELECT 'x'::text)::body",
    "(SELECT 'x' UNION SELECT 'x')::body",
    "(VALUES ('x'))::body",
    '(SELECT v FROM plain LIMIT 1)::body',
    "CASE WHEN true THEN 'x' ELSE 'y'::body END",
    "(SELECT CASE WHEN true THEN 'x' ELSE 'y'::body END)",
  ].flatMap((made) => [
    [BODY, `UPDATE letters SET title = (SELECT body FROM (SELECT ${made}) q) RETURNING title`],
    [
      BODY,
      `DELETE FROM letters WHERE EXISTS (SELECT FROM (SELECT ${made}) q WHERE body LIKE 'letter-leak-7 %')`,
    ],
  ]),
  [
    'CREATE TEMP TABLE body (v text)',
    "UPDATE letters SET title = (SELECT body::text FROM (SELECT (SELECT '(x)')::body) q) RETURNING title",
  ],
  `UPDATE letters SET title = (SELECT body FROM ${ONE_NESTED}) RETURNING title`,
  `DELETE FROM letters WHERE EXISTS (SELECT FROM ${ONE_NESTED} WHERE body LIKE 'letter-leak-7 %')`,
]);
