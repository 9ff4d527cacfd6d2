import { family, type Step } from '../attack.ts';

/** Past the gateway, and noticed by the next statement. */
const given = (owner: string): Step[] => [{ owner }, 'SELECT 1'];

const NUMBERED =
  "ALTER TABLE buckets ADD n bigint, ADD r int; UPDATE buckets SET n = 0, r = 1; ALTER TABLE buckets ALTER n SET DEFAULT nextval('counter')";
const SHOWN = 'SELECT id, n FROM buckets ORDER BY id';
const OWNED = `${NUMBERED}; CREATE TABLE own (id int PRIMARY KEY); INSERT INTO own VALUES (1), (0); INSERT INTO own SELECT generate_series(20, 90);
  ALTER TABLE buckets ALTER n SET DEFAULT nextval('counter') + 20; UPDATE buckets SET n = 1`;
const TAKEN = (action: string) =>
  `${OWNED}; ALTER TABLE buckets ADD FOREIGN KEY (n) REFERENCES own ${action}`;

/** What a default, an identity or a key's SET DEFAULT computes for each row comes in the order of partitions. */
export const numberedByDefault = family('numbered by default', [
  [...given(NUMBERED), 'UPDATE buckets SET n = DEFAULT', SHOWN],
  [...given(NUMBERED), 'UPDATE buckets SET (r, n) = ROW (2, DEFAULT)', SHOWN],
  [...given(NUMBERED), 'UPDATE buckets SET (n, r) = (DEFAULT, 2) WHERE id < 9', SHOWN],
  [...given(NUMBERED), { as_is: 'WITH w AS (UPDATE buckets SET n = DEFAULT) SELECT 1' }, SHOWN],
  [
    ...given(NUMBERED),
    'MERGE INTO buckets b USING (SELECT 1) x ON true WHEN MATCHED THEN UPDATE SET n = DEFAULT',
    SHOWN,
  ],
  [
    ...given(
      `${NUMBERED}; CREATE VIEW shown AS SELECT id, n, grp FROM buckets; ALTER VIEW shown ALTER n SET DEFAULT nextval('counter')`,
    ),
    'UPDATE shown SET n = DEFAULT',
    SHOWN,
  ],
  [
    ...given(
      "CREATE DOMAIN counted AS int DEFAULT nextval('counter'); ALTER TABLE buckets ADD n int; ALTER TABLE buckets ALTER n TYPE counted",
    ),
    'UPDATE buckets SET n = DEFAULT',
    SHOWN,
  ],
  [
    ...given(
      'ALTER TABLE buckets ADD n double precision; ALTER TABLE buckets ALTER n SET DEFAULT extract(epoch FROM clock_timestamp())',
    ),
    'UPDATE buckets SET n = DEFAULT',
    'SELECT id, rank() OVER (ORDER BY n) FROM buckets ORDER BY id',
  ],
  ['ALTER TABLE buckets ADD COLUMN n serial', SHOWN],
  ['ALTER TABLE buckets ADD COLUMN r int, ADD COLUMN n bigserial', SHOWN],
  ["ALTER TABLE buckets ADD COLUMN n int DEFAULT nextval('counter')", SHOWN],
  ["ALTER TABLE buckets ADD COLUMN IF NOT EXISTS n text DEFAULT 'n' || nextval('counter')", SHOWN],
  ['ALTER TABLE buckets ADD COLUMN n int GENERATED ALWAYS AS IDENTITY', SHOWN],
  [
    'ALTER TABLE buckets ADD COLUMN n timestamptz DEFAULT clock_timestamp()',
    'SELECT id, rank() OVER (ORDER BY n) FROM buckets ORDER BY id',
  ],
  [
    ...given("CREATE DOMAIN counted AS int DEFAULT nextval('counter')"),
    'ALTER TABLE buckets ADD COLUMN n counted',
    SHOWN,
  ],
  [
    'SELECT setseed(0.5)',
    'ALTER TABLE buckets ADD COLUMN n float DEFAULT random()',
    'SELECT id, rank() OVER (ORDER BY n) FROM buckets ORDER BY id',
  ],
  [...given(TAKEN('ON DELETE SET DEFAULT')), 'DELETE FROM own WHERE id = 1', SHOWN],
  [...given(TAKEN('ON UPDATE SET DEFAULT')), 'UPDATE own SET id = 0 - id WHERE id = 1', SHOWN],
  [
    ...given(
      `${OWNED}; CREATE TABLE owners (id int PRIMARY KEY); INSERT INTO owners VALUES (1); ALTER TABLE own ADD owner int REFERENCES owners ON DELETE CASCADE; UPDATE own SET owner = 1 WHERE id = 1; ALTER TABLE buckets ADD FOREIGN KEY (n) REFERENCES own ON DELETE SET DEFAULT`,
    ),
    'DELETE FROM owners',
    SHOWN,
  ],
  [
    ...given(OWNED),
    'ALTER TABLE buckets ADD FOREIGN KEY (n) REFERENCES own ON DELETE SET DEFAULT',
    'DELETE FROM own WHERE id = 1',
    SHOWN,
  ],
]);

/** Fails for two rows, each in its own way: which comes first tells whose partition does. */
const EITHER = (id: string) =>
  `CASE ${id} WHEN 3 THEN 1 / (${id} - 3) WHEN 6 THEN ('x' || ${id})::int ELSE 1 END`;
const ROWS = 'ALTER TABLE buckets ADD r int';
const CHECKED = 'ALTER TABLE buckets ADD r int, ADD s int; UPDATE buckets SET r = id, s = id';

/** Row 3 fails and row 6 is found: a join that has nothing to join with stops at what it finds first. */
const FOUND = 'CASE b.id WHEN 3 THEN 1 / (b.id - 3) = 1 ELSE b.id = 6 END';
const STOPPING = [
  `UPDATE buckets b SET r = 1 FROM plain p WHERE p.n = b.id AND p.v = 'none' AND ${FOUND}`,
  `DELETE FROM buckets b USING plain p WHERE p.n = b.id AND p.v = 'none' AND ${FOUND}`,
  `DELETE FROM buckets b WHERE b.id IN (SELECT n FROM plain WHERE v = 'none') AND ${FOUND}`,
  `MERGE INTO buckets b USING (SELECT * FROM plain WHERE v = 'none') p ON p.n = b.id AND ${FOUND} WHEN MATCHED THEN DELETE`,
];

/** Which of two rows fails first, by the code of its error or by what that names. */
export const firstToFail = family('first to fail', [
  [...given(ROWS), `UPDATE buckets SET r = ${EITHER('id')}`],
  [...given(ROWS), { as_is: `WITH w AS (UPDATE buckets SET r = ${EITHER('id')}) SELECT 1` }],
  [
    ...given(ROWS),
    "UPDATE buckets SET r = CASE id WHEN 3 THEN ('x' || id)::regclass::oid::int WHEN 6 THEN ('x' || id)::regtype::oid::int END",
  ],
  [
    ...given(ROWS),
    "UPDATE buckets SET r = CASE id WHEN 3 THEN ('x' || id)::int WHEN 6 THEN (SELECT g FROM generate_series(1, id) g) END",
  ],
  [
    ...given(ROWS),
    "UPDATE buckets SET r = CASE id WHEN 3 THEN length(repeat('x', 1073741824 - 3 + id)) WHEN 6 THEN 1 / (id - 6) END",
  ],
  [
    ...given(ROWS),
    "UPDATE buckets SET r = CASE id WHEN 3 THEN 1 / (id - 3) WHEN 6 THEN regexp_count('a', repeat('(', id)) END",
  ],
  `DELETE FROM buckets WHERE ${EITHER('id')} = 2`,
  `MERGE INTO buckets b USING (SELECT 1) x ON ${EITHER('b.id')} = 1 WHEN MATCHED THEN DELETE`,
  `MERGE INTO buckets b USING (SELECT 1) x ON true WHEN MATCHED AND ${EITHER('b.id')} = 1 THEN DELETE`,
  `ALTER TABLE buckets ADD COLUMN g int GENERATED ALWAYS AS (${EITHER('id')}) STORED`,
  `ALTER TABLE buckets ADD CHECK (${EITHER('id')} = 1)`,
  `ALTER TABLE buckets ADD COLUMN r int CHECK (${EITHER('id')} = 1)`,
  "ALTER TABLE buckets ADD CHECK (CASE id WHEN 3 THEN ('x' || id)::regclass IS NULL WHEN 6 THEN ('x' || id)::regtype IS NULL ELSE true END)",
  `CREATE INDEX ON buckets ((${EITHER('id')}))`,
  `CREATE INDEX ON buckets (id) WHERE ${EITHER('id')} = 1`,
  [
    ...given(`${CHECKED}; ALTER TABLE buckets ALTER r SET NOT NULL, ALTER s SET NOT NULL`),
    'UPDATE buckets SET r = nullif(id, 3), s = nullif(id, 6)',
  ],
  [
    ...given(`${CHECKED}; ALTER TABLE buckets ALTER r SET NOT NULL, ADD CHECK (s <> 6 OR r <> 0)`),
    'UPDATE buckets SET r = CASE id WHEN 3 THEN NULL WHEN 6 THEN 0 ELSE 1 END',
  ],
  [
    ...given(
      `${CHECKED}; UPDATE buckets SET r = NULL WHERE id = 3; UPDATE buckets SET s = NULL WHERE id = 6`,
    ),
    'ALTER TABLE buckets ALTER r SET NOT NULL, ALTER s SET NOT NULL',
  ],
  [
    ...given(
      `${CHECKED}; CREATE TABLE own (id int PRIMARY KEY); INSERT INTO own VALUES (1), (2); UPDATE buckets SET r = 1; ALTER TABLE buckets ADD FOREIGN KEY (r) REFERENCES own ON UPDATE CASCADE, ADD CHECK (r = 1 OR id <> 3), ADD CHECK (r = 1 OR ${EITHER('id')} = 1)`,
    ),
    'UPDATE own SET id = 5 WHERE id = 1',
  ],
  [
    ...given(
      `${CHECKED}; CREATE VIEW narrow AS SELECT id, r, s FROM buckets WHERE r <> 44 WITH CHECK OPTION`,
    ),
    "UPDATE narrow SET r = CASE id WHEN 3 THEN ('x' || id)::int WHEN 6 THEN 44 ELSE 1 END",
  ],
  [
    ...given(
      `${CHECKED}; CREATE TABLE own (id int PRIMARY KEY); INSERT INTO own SELECT generate_series(1, 10); ALTER TABLE buckets ADD CONSTRAINT one FOREIGN KEY (r) REFERENCES own DEFERRABLE INITIALLY DEFERRED; CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF NEW.r = 40 THEN RAISE division_by_zero; END IF; RETURN NULL; END$$; CREATE CONSTRAINT TRIGGER two AFTER UPDATE ON buckets DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail()`,
    ),
    'BEGIN',
    'UPDATE buckets SET r = CASE WHEN id IN (3, 6) THEN id * 10 ELSE 1 END',
    'COMMIT',
  ],
  [...given(ROWS), 'BEGIN', 'SAVEPOINT a', `UPDATE buckets SET r = ${EITHER('id')}`, 'ROLLBACK'],
  {
    steps: [
      ...given(ROWS),
      { messages: [{ parse: `UPDATE buckets SET r = ${EITHER('id')}` }, { bind: '' }, { execute: '' }] },
    ],
  },
  ...STOPPING.map((asked) => [
    ...given(ROWS),
    'SET enable_nestloop = off',
    'SET enable_mergejoin = off',
    asked,
    'RESET enable_nestloop',
    'RESET enable_mergejoin',
  ]),
  // What reads such a table has its rows in an order of its own.
  `SELECT ${EITHER('id')} FROM buckets`,
  `SELECT id FROM buckets WHERE ${EITHER('id')} = 1`,
  `INSERT INTO plain (id, n) SELECT id + 100, ${EITHER('id')} FROM buckets`,
  `UPDATE plain p SET n = ${EITHER('b.id')} FROM buckets b WHERE b.id = p.id`,
]);

const OLD_STYLE = `ALTER TABLE buckets RENAME TO old_buckets; CREATE TABLE buckets (id int, grp text);
  CREATE TABLE b_0 (CHECK (grp = 'g0')) INHERITS (buckets); CREATE TABLE b_1 (CHECK (grp = 'g1')) INHERITS (buckets);
  INSERT INTO b_0 SELECT * FROM old_buckets WHERE grp = 'g0'; INSERT INTO b_1 SELECT * FROM old_buckets WHERE grp = 'g1'`;

/** Partitioning by inheritance: children whose checks say which rows they have. */
export const childrenWithChecks = family('children with checks', [
  ...[
    'SELECT id FROM b_0',
    'SELECT count(*) FROM b_0',
    'SELECT id FROM b_1 ORDER BY id',
    'SELECT id FROM buckets',
    'SELECT id, tableoid::regclass FROM buckets ORDER BY id',
    'SELECT id, ctid FROM buckets ORDER BY id',
    'EXPLAIN SELECT id FROM b_0',
    'TABLE ONLY b_1',
    'DELETE FROM b_0',
    'UPDATE b_0 SET id = id',
    'UPDATE buckets SET id = id RETURNING id',
    "UPDATE buckets SET id = id * 1000 + nextval('counter') RETURNING 1",
    'SELECT b.id FROM b_0 b JOIN plain USING (id)',
    'CREATE TABLE copied AS SELECT id FROM b_0',
  ].map((sql) => [...given(OLD_STYLE), sql]),
  [
    ...given(OLD_STYLE),
    "UPDATE buckets SET id = id * 1000 + nextval('counter')",
    'SELECT id FROM buckets ORDER BY id',
  ],
  [...given(OLD_STYLE), 'ALTER TABLE buckets ADD COLUMN n serial', 'SELECT id, n FROM buckets ORDER BY id'],
  [...given(OLD_STYLE), `UPDATE buckets SET id = ${EITHER('id')}`],
  [
    ...given(`${OLD_STYLE}; WITH w AS (DELETE FROM b_1 RETURNING *) INSERT INTO buckets SELECT * FROM w`),
    'TRUNCATE ONLY buckets',
    'SELECT count(*) FROM buckets',
  ],
  [
    ...given(`${OLD_STYLE}; WITH w AS (DELETE FROM b_1 RETURNING *) INSERT INTO buckets SELECT * FROM w`),
    'COPY buckets TO STDOUT',
  ],
  [...given(OLD_STYLE), 'TRUNCATE b_0', 'SELECT count(*) FROM buckets'],
  [...given(OLD_STYLE), 'DROP TABLE b_0', 'SELECT count(*) FROM buckets'],
  [...given(`${OLD_STYLE}; CREATE VIEW bv AS SELECT id FROM b_0`), 'SELECT id FROM bv'],
  [...given(`${OLD_STYLE}; CREATE VIEW bv AS SELECT id FROM buckets`), 'SELECT id FROM bv'],
  [
    ...given(
      `${OLD_STYLE}; CREATE TABLE b_00 () INHERITS (b_0); WITH w AS (DELETE FROM ONLY b_0 RETURNING *) INSERT INTO b_00 SELECT * FROM w`,
    ),
    'SELECT id FROM b_00',
  ],
  [
    ...given(`${OLD_STYLE}; WITH w AS (DELETE FROM b_1 RETURNING *) INSERT INTO buckets SELECT * FROM w`),
    'SELECT id FROM ONLY buckets',
  ],
  [
    ...given(
      `${OLD_STYLE}; DROP TABLE b_1; INSERT INTO buckets SELECT * FROM old_buckets WHERE grp = 'g1'; ALTER TABLE b_0 DROP CONSTRAINT b_0_grp_check; ALTER TABLE buckets ADD CHECK (grp <> 'g0') NO INHERIT`,
    ),
    'SELECT id, tableoid::regclass FROM buckets ORDER BY id',
  ],
  [
    ...given(`${OLD_STYLE}; ANALYZE`),
    "SELECT relname, reltuples FROM pg_class WHERE relname IN ('b_0', 'b_1') ORDER BY 1",
  ],
]);

const UNLIKE = `ALTER TABLE buckets RENAME TO old_buckets; CREATE TABLE buckets (id int, grp text, g int GENERATED ALWAYS AS (id * 2) STORED) PARTITION BY LIST (grp);
  CREATE TABLE bu_0 PARTITION OF buckets FOR VALUES IN ('g0');
  CREATE TABLE bu_1 (id int, grp text, g int GENERATED ALWAYS AS (id * 3) STORED); ALTER TABLE buckets ATTACH PARTITION bu_1 FOR VALUES IN ('g1');
  INSERT INTO buckets SELECT id, grp FROM old_buckets`;
const UNLIKE_CHILDREN = `ALTER TABLE buckets RENAME TO old_buckets; CREATE TABLE buckets (id int, grp text, g int GENERATED ALWAYS AS (id * 2) STORED);
  CREATE TABLE bu_0 (CHECK (grp = 'g0')) INHERITS (buckets);
  CREATE TABLE bu_1 (g int GENERATED ALWAYS AS (id * 3) STORED, CHECK (grp = 'g1')) INHERITS (buckets);
  INSERT INTO bu_0 SELECT id, grp FROM old_buckets WHERE grp = 'g0'; INSERT INTO bu_1 SELECT id, grp FROM old_buckets WHERE grp = 'g1'`;

/** A column that partitions generate each in its own way. */
export const generatedUnlike = family('generated unlike', [
  ...[
    'SELECT id, g FROM buckets ORDER BY id',
    'SELECT id FROM buckets WHERE g = id * 3 ORDER BY id',
    'SELECT sum(g) FROM buckets',
    'SELECT b FROM buckets b ORDER BY id',
    'CREATE TABLE copied AS SELECT id, g FROM buckets',
  ].map((sql) => [...given(UNLIKE), sql]),
  ...['SELECT id, g FROM buckets ORDER BY id', 'SELECT max(g) FROM buckets'].map((sql) => [
    ...given(UNLIKE_CHILDREN),
    sql,
  ]),
  [...given(`${UNLIKE}; CREATE VIEW bv AS SELECT id, g FROM buckets`), 'SELECT id, g FROM bv ORDER BY id'],
  [
    ...given(
      'ALTER TABLE buckets ADD COLUMN g text GENERATED ALWAYS AS (tableoid::int8::text) STORED; CREATE VIEW bv AS SELECT id, g FROM buckets',
    ),
    'SELECT min(id) FROM bv GROUP BY g ORDER BY 1',
  ],
  [
    ...given('ALTER TABLE buckets ADD COLUMN g oid GENERATED ALWAYS AS (tableoid) STORED'),
    'SELECT min(id) FROM buckets GROUP BY g ORDER BY 1',
  ],
]);
