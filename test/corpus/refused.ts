/** Statements that must be refused with the masks of the corpus, also when they would fail or show nothing here. */
export const REFUSED: readonly string[] = [
  // Functions and types in functional notation.
  'SELECT (1).peek',
  'SELECT (id).peek FROM orders',
  'SELECT u.peek FROM unnest(ARRAY[1, 2, 3]) u',
  'SELECT u.peek FROM generate_series(1, 2) u',
  "SELECT ('select 1'::text).ts_stat",
  "SELECT ('/etc/hostname'::text).pg_read_file",
  "SELECT (('select ssn::tsvector from customers'::text).ts_stat).word",
  "SELECT ((ARRAY['a'])[1]).lookup",
  "SELECT ('x'::text).guessed",
  "SELECT guessed('x')",
  "SELECT ('counter'::regclass).nextval",
  'SELECT o.lookup FROM orders o',
  'CREATE TABLE made (v text DEFAULT (1).peek)',
  'ALTER TABLE orders ADD CHECK ((id).peek IS NOT NULL)',
  'CREATE INDEX ON orders ((orders.peek))',
  // Functions that views call and catalogue relations that they show, masks in play or not.
  'SELECT * FROM spying',
  'SELECT id FROM spying',
  'SELECT * FROM twice_spying',
  'SELECT * FROM statistics',
  'CREATE VIEW more AS SELECT * FROM spying',
  // Checks of domains, however a value comes to be of one.
  "SELECT 'x'::guessed",
  "SELECT '{x}'::guessed[]",
  "SELECT '{x}'::_guessed",
  "SELECT '(1,x)'::holding_guess",
  'SELECT json_populate_record(null::holding_guess, \'{"a":1,"b":"x"}\')',
  'SELECT json_populate_record(g, \'{"v":"x"}\') FROM guesses g',
  'SELECT json_populate_record(null::guesses, \'{"v":"x"}\')',
  "INSERT INTO guesses VALUES (1, 'x')",
  "UPDATE guesses SET v = 'x'",
  'COPY guesses FROM STDIN',
  // Operators that nobody writes.
  'SELECT id FROM policed',
  'SELECT id FROM watched',
  'SELECT * FROM watching',
  "INSERT INTO indexed VALUES (1, 'x')",
  'SELECT v FROM derived',
  'SELECT d FROM derived d',
  'COPY derived TO STDOUT',
  'INSERT INTO derived (id) VALUES (3)',
  'INSERT INTO defaulted (id) VALUES (1)',
  'INSERT INTO defaulted_oddly (id) VALUES (1)',
  "INSERT INTO checked VALUES ('x')",
  "INSERT INTO written_check VALUES ('select 1')",
  // What is computed with a masked value when another is written.
  'UPDATE pay SET bonus = 2147483647 - 661000 WHERE id = 1',
  'UPDATE ratio SET part = 2 WHERE id = 1',
  'MERGE INTO pay USING (SELECT 1 AS i) s ON pay.id = s.i WHEN MATCHED THEN UPDATE SET bonus = 5',
  // Which plan is taken shows in the order of rows.
  'SET enable_seqscan = off',
  'SET LOCAL enable_sort = off',
  'SET random_page_cost = 0',
  "SELECT set_config('enable_indexscan', 'off', false)",
  // Which sequence it is must be told.
  'SELECT nextval($1)',
  "SELECT setval('count' || 'er', 3)",
];

/** Where tokens stand for values, nobody who sees tokens writes values; and no text that is kept holds the key. */
export const REFUSED_TOKENS: readonly string[] = [
  "UPDATE customers SET ssn = 'guess' WHERE id = 2",
  "INSERT INTO customers (id, name, ssn) VALUES (99, 'n', 'guess')",
  "INSERT INTO people VALUES (99, 'n', 'guess')",
  "UPDATE directory SET who = 'guess' WHERE id = 2",
  'COPY people (id, pin) FROM STDIN',
  "MERGE INTO people USING (SELECT 1) s ON id = 1 WHEN MATCHED THEN UPDATE SET pin = 'guess'",
  'CREATE VIEW kept AS SELECT ssn FROM customers',
  'CREATE MATERIALIZED VIEW kept AS SELECT ssn FROM customers',
];
