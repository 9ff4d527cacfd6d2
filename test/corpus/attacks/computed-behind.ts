import { family, type Step } from '../attack.ts';

/** Past the gateway, and noticed by the next statement. */
const given = (owner: string): Step[] => [{ owner }, 'SELECT 1'];
const view = (name: string, query: string, asked: string): Step[] => [
  ...given(`CREATE VIEW ${name} AS ${query}`),
  asked,
];

/** What a view or generated column computes may be NULL, fail or sort because of values that are not. */
export const computedBehind = family('computed behind', [
  view(
    'banded',
    "SELECT id, CASE WHEN score % 2 = 0 THEN 'high' END AS band FROM customers",
    'SELECT id, band FROM banded ORDER BY id',
  ),
  view('emptied', "SELECT id, nullif(ssn, 'SSN-leak-7') AS s FROM customers", 'SELECT count(s) FROM emptied'),
  view(
    'keyed',
    "SELECT id, notes->>(CASE WHEN notes->>'k' = 'note-leak7' THEN 'k' END) AS n FROM customers",
    'SELECT id, n FROM keyed ORDER BY id',
  ),
  view(
    'failing',
    'SELECT id, (1 / (score - 770007))::text AS s FROM customers',
    'SELECT id, s FROM failing ORDER BY id LIMIT 1',
  ),
  view(
    'firsts',
    'SELECT id, first_value(name) OVER (ORDER BY score % 7) AS best FROM customers',
    'SELECT id, best FROM firsts',
  ),
  view(
    'befores',
    'SELECT id, lag(name) OVER (ORDER BY score % 7) AS before FROM customers',
    'SELECT id, before FROM befores ORDER BY id',
  ),
  view(
    'filtered',
    "SELECT id, string_agg(name, ',') FILTER (WHERE score % 2 = 0) AS names FROM customers GROUP BY id",
    'SELECT id, names FROM filtered ORDER BY id',
  ),
  view(
    'taken',
    "SELECT id, substring(ssn FROM 'leak-.*7$') AS s FROM customers",
    'SELECT id FROM taken WHERE s IS NULL ORDER BY id',
  ),
  [
    ...given(
      'CREATE MATERIALIZED VIEW placed AS SELECT id, rank() OVER (ORDER BY score % 7) AS place FROM customers',
    ),
    'SELECT id FROM placed',
  ],
  [
    ...given(
      "ALTER TABLE pay ADD COLUMN band text GENERATED ALWAYS AS (CASE WHEN salary % 2 = 0 THEN 'x' END) STORED",
    ),
    'SELECT id, band FROM pay ORDER BY id',
  ],
  [
    ...given(
      'CREATE VIEW rounds AS WITH RECURSIVE r AS (SELECT 1 AS n, (SELECT score % 7 FROM customers WHERE id = 1) AS s UNION ALL SELECT n + 1, (SELECT score % 7 FROM customers WHERE id = n + 1) FROM r WHERE n < 19) CYCLE s SET again USING path SELECT n FROM r',
    ),
    'SELECT count(*) FROM rounds',
  ],
  [
    ...given(
      'CREATE VIEW sampled AS SELECT id FROM orders TABLESAMPLE bernoulli ((SELECT (score % 7) * 10 FROM customers WHERE id = 3)) REPEATABLE (1)',
    ),
    'SELECT count(*) FROM sampled',
  ],
  view(
    'united',
    'SELECT id, (1 / (score - 770007))::text AS v FROM customers UNION ALL SELECT id, note::varchar(9) FROM orders',
    'SELECT count(id) FROM united',
  ),
  view(
    'taken_whole',
    'WITH c AS MATERIALIZED (SELECT id, 1 / (score - 770007) AS v FROM customers) SELECT id, v FROM c',
    'SELECT count(id) FROM taken_whole',
  ),
  // Who may write what it is computed with asks where it fails.
  [
    ...given(
      'ALTER TABLE pay ADD COLUMN guess int DEFAULT 1; CREATE MATERIALIZED VIEW shares AS SELECT id, 1 / (salary - guess) AS v FROM pay',
    ),
    'UPDATE pay SET guess = 660007',
    'REFRESH MATERIALIZED VIEW shares',
  ],
]);

const PARTS = `ALTER TABLE pay RENAME TO old_pay;
  CREATE TABLE pay (id int, region int, salary int) PARTITION BY LIST (region);
  CREATE TABLE pay_1 PARTITION OF pay FOR VALUES IN (1) PARTITION BY HASH (salary);
  CREATE TABLE pay_1_a PARTITION OF pay_1 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
  CREATE TABLE pay_1_b PARTITION OF pay_1 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
  INSERT INTO pay SELECT i, 1, salary + i FROM old_pay, generate_series(1, 9) AS i; ANALYZE pay`;

/** Partitions of partitions, of which only those below are parted by a masked column. */
export const partedBelow = family('parted below', [
  ...[
    'SELECT id, tableoid::regclass FROM pay ORDER BY id',
    'SELECT id, tableoid::regclass::text FROM pay_1 ORDER BY id',
    'SELECT ctid, id FROM pay ORDER BY id, ctid',
    'SELECT id FROM pay',
    'SELECT id FROM pay_1',
    'TABLE pay',
    'EXPLAIN SELECT id FROM pay',
    'EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, BUFFERS OFF) SELECT id FROM pay',
    'EXPLAIN UPDATE pay SET region = 1',
    'EXPLAIN DELETE FROM pay',
    'UPDATE pay SET id = 1 RETURNING tableoid::regclass::text',
    'SELECT max(tableoid::regclass::text) FROM pay GROUP BY id ORDER BY id',
  ].map((sql) => [...given(PARTS), sql]),
]);
