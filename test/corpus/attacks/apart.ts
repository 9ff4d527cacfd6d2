import { family, type Step } from '../attack.ts';

const N = '\u00a0';
const set = (owner: string): Step[] => [{ owner }, 'SELECT 1'];
const extended = (parse: string): Step => ({ messages: [{ parse }, { bind: '' }, { execute: '' }] });

/** What JavaScript calls a blank is a letter of a name to the server. */
export const otherBlanks = family('other blanks', [
  [extended(`WITH "clients${N}" AS (SELECT ''::text AS secret) SELECT max(secret) AS s FROM clients${N}`)],
  [extended(`WITH "customers${N}" AS (SELECT ''::text AS ssn) SELECT ssn || '' AS s FROM customers${N}`)],
  [extended(`WITH "customers${N}" AS (SELECT ''::text AS ssn) SELECT ssn || '' AS s FROM customers${N};`)],
  [extended(`WITH "clients\u3000" AS (SELECT ''::text AS secret) SELECT max(secret) FROM clients\u3000 `)],
  [extended(`WITH "clients\ufeff" AS (SELECT ''::text AS secret) SELECT max(secret) FROM clients\ufeff`)],
  [extended(`WITH "directory${N}" AS (SELECT ''::text AS who) SELECT max(who) || '' FROM directory${N}`)],
  [
    extended(
      `WITH "pg_stats${N}" AS (SELECT 1 AS most_common_vals) SELECT most_common_vals FROM pg_stats${N}`,
    ),
  ],
  `SELECT a.ssn FROM customers AS a${N} TABLESAMPLE SYSTEM (100), customers AS a`,
]);

/** What is asked of one partition alone, and what is computed anew for each row in their order. */
export const oneByOne = family('partition by partition', [
  [
    "UPDATE buckets SET id = id * 1000 + nextval('counter')",
    "SELECT string_agg(id::text, ',' ORDER BY id) FROM buckets",
  ],
  [
    "DELETE FROM buckets WHERE nextval('counter') <= 4",
    "SELECT string_agg(id::text, ',' ORDER BY id) FROM buckets",
  ],
  [
    'SELECT setseed(0.5)',
    'UPDATE buckets SET id = id * 1000 + (random() * 900)::int',
    "SELECT string_agg(id::text, ',' ORDER BY id) FROM buckets",
  ],
  [
    "MERGE INTO buckets s USING (SELECT 1) x ON true WHEN MATCHED THEN UPDATE SET id = id * 1000 + nextval('counter')",
    "SELECT string_agg(id::text, ',' ORDER BY id) FROM buckets",
  ],
  [
    "UPDATE buckets SET id = id * 1000 + (SELECT nextval('counter') + buckets.id * 0)",
    "SELECT string_agg(id::text, ',' ORDER BY id) FROM buckets",
  ],
  [...set('ALTER TABLE shelves_small ADD CHECK (id < 50)'), 'UPDATE shelves SET id = 99 WHERE id = 9'],
  [...set('ALTER TABLE shelves_small ALTER id SET NOT NULL'), 'UPDATE shelves SET id = NULL WHERE id = 9'],
  [...set('CREATE UNIQUE INDEX ON shelves_small (id)'), 'INSERT INTO shelves VALUES (9, 50)'],
  [...set('CREATE UNIQUE INDEX ON shelves_small (id)'), 'UPDATE shelves SET id = 1 WHERE id = 9'],
  [...set('CREATE INDEX ON shelves_small ((100 / (id - 99)))'), 'UPDATE shelves SET id = 99 WHERE id = 9'],
  [
    ...set(
      'CREATE TABLE boxes (shelf int PRIMARY KEY); INSERT INTO boxes SELECT generate_series(1, 20); ALTER TABLE shelves_small ADD FOREIGN KEY (id) REFERENCES boxes',
    ),
    'UPDATE shelves SET id = 99 WHERE id = 9',
  ],
  [
    ...set(
      'CREATE TABLE boxes (shelf int PRIMARY KEY); INSERT INTO boxes SELECT generate_series(1, 20); ALTER TABLE shelves_small ADD FOREIGN KEY (id) REFERENCES boxes',
    ),
    'DELETE FROM boxes WHERE shelf = 9',
  ],
  [
    ...set(
      'ALTER TABLE shelves_small ADD PRIMARY KEY (id); CREATE TABLE boxes (shelf int REFERENCES shelves_small); INSERT INTO boxes SELECT id FROM shelves_small',
    ),
    'DELETE FROM shelves WHERE id = 9',
  ],
  [
    ...set(
      'ALTER TABLE shelves_small ADD PRIMARY KEY (id); CREATE TABLE boxes (shelf int REFERENCES shelves_small)',
    ),
    'INSERT INTO boxes VALUES (9)',
  ],
]);

const READ_LOCKS =
  "SELECT string_agg(concat_ws(' ', c.relname, l.locktype, l.page, l.tuple), ', ' ORDER BY c.relname, l.locktype, l.page, l.tuple) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE l.mode = 'SIReadLock' AND l.pid = pg_backend_pid()";
const TWICE = [
  "UPDATE coded SET note = 'a' WHERE id = 1",
  "UPDATE coded SET note = 'b' WHERE id = 1",
] as const;

/** Locks and counters of what a write looks at by itself. */
export const aside = family('looked at aside', [
  [
    ...set(
      "ALTER TABLE coded ADD note text; INSERT INTO codes SELECT 1000 + i, 'x' FROM generate_series(1, 5000) i; ANALYZE codes",
    ),
    'BEGIN ISOLATION LEVEL SERIALIZABLE',
    ...TWICE,
    READ_LOCKS,
    'ROLLBACK',
  ],
  [
    ...set(
      "ALTER TABLE coded ADD note text; INSERT INTO codes SELECT 1000 + i, 'x' FROM generate_series(1, 5000) i; ANALYZE codes",
    ),
    'BEGIN ISOLATION LEVEL SERIALIZABLE',
    ...TWICE,
    "SELECT pg_lock_status()::text LIKE '%SIReadLock%', array_agg(pg_lock_status()::text)",
    'ROLLBACK',
  ],
  [
    ...set(
      "ALTER TABLE coded ADD note text; INSERT INTO codes SELECT 1000 + i, 'x' FROM generate_series(1, 5000) i; ANALYZE codes; CREATE VIEW locks AS SELECT page, tuple, mode, pid FROM pg_locks",
    ),
    'BEGIN ISOLATION LEVEL SERIALIZABLE',
    ...TWICE,
    "SELECT page, tuple FROM locks WHERE mode = 'SIReadLock' AND pid = pg_backend_pid() ORDER BY 1, 2",
    'ROLLBACK',
  ],
  [
    ...set('ALTER TABLE coded ADD note text'),
    'BEGIN',
    "CREATE TEMP TABLE m AS SELECT mxid_age('1'::xid) AS a",
    'SAVEPOINT a',
    ...TWICE,
    'RELEASE a',
    'SAVEPOINT b',
    'UPDATE codes SET title = title WHERE code = 7',
    "SELECT mxid_age('1'::xid) - a AS made FROM m",
    'ROLLBACK',
  ],
  [
    ...set('UPDATE letters SET body = repeat(body, 4)'),
    'BEGIN',
    'DELETE FROM letters WHERE id = 1',
    "SELECT n_tup_del FROM pg_stat_xact_sys_tables WHERE schemaname = 'pg_toast' AND n_tup_del > 0",
    'ROLLBACK',
  ],
  [
    ...set('UPDATE letters SET body = repeat(body, 4)'),
    'BEGIN',
    'DELETE FROM letters WHERE id = 1',
    "SELECT pg_stat_get_xact_tuples_deleted('{toast}'::regclass)",
    'ROLLBACK',
  ],
  [
    ...set("UPDATE letters SET body = CASE WHEN body LIKE '%-7 %' THEN 'short' ELSE body END"),
    'BEGIN',
    'UPDATE letters SET body = NULL WHERE id = 1',
    "SELECT count(*) FROM pg_locks WHERE relation = '{toast}'::regclass AND pid = pg_backend_pid()",
    'ROLLBACK',
  ],
  [...set('UPDATE letters SET body = repeat(body, 4); VACUUM letters'), 'VACUUM (VERBOSE) {toast}'],
  [
    ...set('UPDATE letters SET body = repeat(body, 4)'),
    'SELECT 1',
    "SELECT reltuples FROM pg_class WHERE relname = '{toast-name}'",
  ],
]);

/** Definitions of which a part was taken for one that never fails, or is NULL only with its column. */
export const takenForSure = family('taken for sure', [
  [
    ...set(
      'CREATE VIEW v AS SELECT id, EXISTS (SELECT c.card::text::regtype OFFSET 0) AS e FROM customers c',
    ),
    'SELECT id, e FROM v',
  ],
  [
    ...set(
      'CREATE VIEW w AS SELECT id, EXISTS (SELECT 1 / (c.score - 770007) OFFSET 0) AS e FROM customers c',
    ),
    'SELECT id, e FROM w',
  ],
  [
    ...set(
      'CREATE VIEW v AS WITH w AS (SELECT id, 1 / (score - 770007) AS x FROM customers FOR SHARE) SELECT id, x FROM w',
    ),
    'SELECT id FROM v',
  ],
  [
    ...set(
      'CREATE VIEW v AS SELECT id FROM (SELECT id, 1 / (score - 770007) + random() AS x FROM customers) s',
    ),
    'SELECT id FROM v',
  ],
  [
    ...set(
      'CREATE VIEW v AS WITH w AS (SELECT id, 1 / (score - 770007) AS x, random() FROM customers) SELECT id, x FROM w',
    ),
    'SELECT id FROM v',
  ],
  [
    ...set("CREATE VIEW v AS SELECT id, split_part('a,b', ',', score - 770007) AS x FROM customers"),
    'SELECT id, x FROM v',
  ],
  [
    ...set("CREATE VIEW v AS SELECT id, regexp_replace('a', right(ssn, 1) || '*', 'x') AS x FROM customers"),
    'SELECT id, x FROM v',
  ],
  [
    ...set(
      "ALTER TABLE people ADD COLUMN code text; UPDATE people SET pin = pin || repeat('x', 6 * length(pin)); CREATE INDEX ON people (code, pin)",
    ),
    "UPDATE people SET code = (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 90) i) WHERE id = 1",
  ],
]);
