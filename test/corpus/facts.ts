/**
 * What a statement does to which relation (`all`: to every row), where it leads without naming that (`~`), and the
 * columns that it shows or looks at.
 */
export const FACTS: ReadonlyArray<readonly [string, readonly string[]]> = [
  ["SELECT nextval('counter')", ['update counter']],
  ["SELECT nextval('numbered_id_seq'::regclass)", ['insert numbered']],
  ["SELECT pg_catalog.setval('public.numbered_id_seq', 20, true)", ['update numbered_id_seq']],
  [`SELECT setval(pg_get_serial_sequence('"Odd"', 'id'), 5)`, ['update Odd_id_seq']],
  [`SELECT nextval('"Odd_id_seq"')`, ['insert Odd']],
  ["INSERT INTO numbered (v) VALUES ('a') ", ['insert numbered']],
  ["INSERT INTO numbered VALUES (nextval('numbered_id_seq'), 'a')", ['insert numbered', 'insert numbered']],
  ['SELECT * FROM counting', ['select counting', 'counting.n', 'update counter']],
  ["SELECT pg_notify('a', 'b')", ['notify pg_notify']],
  ["EXPLAIN SELECT pg_notify('a', 'b'), nextval('counter')", []],
  [
    'MERGE INTO plain p USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET n = 1',
    ['merge plain', 'update plain all'],
  ],
  [
    'MERGE INTO plain p USING (SELECT 1 AS i) s ON p.id = s.i WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id) VALUES (i)',
    ['merge plain', 'delete plain', 'insert plain', 'select plain', 'plain.id'],
  ],
  ['UPDATE plain SET n = 1 WHERE true', ['update plain all']],
  ['DELETE FROM plain WHERE 1 = 1', ['delete plain all']],
  ['UPDATE plain SET n = 1 WHERE id = 1', ['update plain', 'select plain', 'plain.id']],
  ['INSERT INTO plain (id) VALUES (50) RETURNING n', ['insert plain', 'select plain', 'plain.n']],
  [
    'WITH x AS MATERIALIZED (SELECT id, 1 / n FROM plain) SELECT id FROM x',
    ['select plain', 'plain.id', 'plain.n'],
  ],
  [
    'SELECT x.id, count(*) FROM plain x, generate_series(1, x.n) GROUP BY 1',
    ['select plain', 'plain.id', 'plain.n'],
  ],
  ["CREATE FUNCTION made() RETURNS int LANGUAGE sql AS 'SELECT 1'", ['create made']],
  ['CREATE TABLE made AS SELECT id FROM plain', ['create made', 'select plain', 'plain.id']],
  ['SELECT 1 AS a INTO TEMP made UNION SELECT 2', ['create made']],
  ['EXPLAIN ANALYZE CREATE MATERIALIZED VIEW other.made AS SELECT 1', ['create made']],
  ['EXPLAIN CREATE TABLE made AS SELECT 1', []],
  ['SELECT 1 FROM deep', ['select deep', '~select directory', '~select customers']],
  ['DELETE FROM harmless', ['delete harmless all', '~delete customers all']],
  ['UPDATE safe_orders SET amount = 1', ['update safe_orders all', '~update orders all']],
  ['SELECT 1 FROM events', ['select events', '~select events_2024', '~select events_2025']],
  ['DELETE FROM events_2024', ['delete events_2024 all', '~delete events all']],
  ['SELECT 1 FROM staff', ['select staff', '~select people']],
  [
    'SELECT size FROM deep',
    [
      'select deep',
      'deep.size',
      '~select directory',
      '~directory.who',
      '~select customers',
      '~customers.email',
    ],
  ],
  ['SELECT 1 FROM rich', ['select rich', '~select customers', '~customers.score']],
  ['SELECT id FROM ranked', ['select ranked', 'ranked.id', '~select customers', '~customers.id']],
  ['SELECT place FROM ranked', ['select ranked', 'ranked.place', '~select customers', '~customers.score']],
  [
    'SELECT total FROM totals',
    [
      'select totals',
      'totals.total',
      '~select customers',
      '~customers.id',
      '~select orders',
      '~orders.amount',
      '~orders.customer_id',
    ],
  ],
  [
    'SELECT all_ssn FROM agg',
    ['select agg', 'agg.all_ssn', '~select customers', '~customers.region', '~customers.ssn'],
  ],
  [
    'SELECT v FROM unioned',
    [
      'select unioned',
      'unioned.v',
      '~select customers',
      '~customers.email',
      '~select orders',
      '~orders.note',
    ],
  ],
  [
    'SELECT s FROM lateral_v',
    [
      'select lateral_v',
      'lateral_v.s',
      '~select customers',
      '~customers.id',
      '~customers.ssn',
      '~select orders',
      '~orders.customer_id',
    ],
  ],
  [
    'SELECT score FROM snapshot',
    ['select snapshot', 'snapshot.score', '~select customers', '~customers.score'],
  ],
  [
    'UPDATE rich SET name = $$x$$',
    ['update rich all', '~update customers all', '~select customers', '~customers.score'],
  ],
  ["INSERT INTO rich VALUES (70, 'x')", ['insert rich', '~insert customers']],
  [
    'SELECT payload FROM events_2024',
    ['select events_2024', 'events_2024.payload', '~select events', '~events.payload'],
  ],
  ['SELECT pin FROM people', ['select people', 'people.pin', '~select staff', '~staff.pin']],
  [
    'SELECT email_lower FROM customers',
    ['select customers', 'customers.email_lower', '~select customers', '~customers.email'],
  ],
  ['SELECT 1 FROM watching', ['select watching', '~select watched']],
];
