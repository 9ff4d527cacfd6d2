import { family, type Step } from '../attack.ts';

/** Past the gateway, and noticed by the next statement. */
const given = (owner: string): Step[] => [{ owner }, 'SELECT 1'];

const LETTERS = `ALTER TABLE letters RENAME TO old_letters;
  CREATE TABLE letters (id int, title text, body text, part int DEFAULT 1) PARTITION BY LIST (part);
  CREATE TABLE letters_1 PARTITION OF letters FOR VALUES IN (1);
  CREATE TABLE letters_2 PARTITION OF letters FOR VALUES IN (2);
  INSERT INTO letters SELECT id, title, left(body, 14) FROM old_letters`;
const MAILED = `CREATE TABLE mailed (id int, part int, address varchar(80)) PARTITION BY LIST (part);
  CREATE TABLE mailed_1 PARTITION OF mailed FOR VALUES IN (1);
  CREATE TABLE mailed_2 PARTITION OF mailed FOR VALUES IN (2);
  ALTER TABLE mailed_2 ADD FOREIGN KEY (address) REFERENCES customers (email)`;
const PARTS = `CREATE TABLE parts (n int PRIMARY KEY); INSERT INTO parts VALUES (1);
  ALTER TABLE mailed ADD FOREIGN KEY (part) REFERENCES parts ON UPDATE CASCADE`;
const GUESSED = "INSERT INTO mailed_1 VALUES (1, 1, 'leak7@secret.example')";
const INDEX = "CREATE INDEX ON letters_2 ((1 / length(replace(body, 'letter-leak-7 ', ''))))";

/** An UPDATE that takes a row to another partition inserts it there: all that stands in its way is asked of all of the row. */
export const movedRows = family('moved rows', [
  ...[
    "ALTER TABLE letters_2 ADD CHECK (body NOT LIKE '%-7 %')",
    "ALTER TABLE letters_2 ADD COLUMN more int; CREATE INDEX ON letters_2 ((1 / length(replace(body, 'letter-leak-7 ', '')))) WHERE id > 0",
    INDEX,
    "CREATE UNIQUE INDEX ON letters_2 (title) WHERE body LIKE '%-7 %'; INSERT INTO letters_2 VALUES (99, 'title 1', 'letter-leak-7 ', 2)",
    "CREATE TABLE known (v text PRIMARY KEY); INSERT INTO known VALUES ('letter-leak-7 '); ALTER TABLE letters_2 ADD FOREIGN KEY (body) REFERENCES known",
    'CREATE TRIGGER t BEFORE INSERT ON letters_2 FOR EACH ROW EXECUTE FUNCTION audit()',
    'CREATE TRIGGER t AFTER INSERT ON letters_2 FOR EACH ROW EXECUTE FUNCTION audit()',
    'CREATE TRIGGER t AFTER DELETE ON letters_1 FOR EACH ROW EXECUTE FUNCTION audit()',
  ].map((owner) => [...given(`${LETTERS}; ${owner}`), 'UPDATE letters SET part = 2 WHERE id = 1']),
  [
    ...given(`${LETTERS}; ALTER TABLE letters_2 ADD UNIQUE (body)`),
    "INSERT INTO letters_2 VALUES (99, 'x', NULL, 2)",
    "INSERT INTO letters_1 VALUES (99, 'x', 'letter-leak-7 ')",
    'UPDATE letters SET part = 2',
  ],
  [
    ...given(`${LETTERS}; ${INDEX}`),
    'MERGE INTO letters l USING plain p ON l.id = p.id WHEN MATCHED THEN UPDATE SET part = 2',
  ],
  [
    ...given(`${LETTERS}; ${INDEX}; CREATE VIEW letter_parts AS SELECT id, part AS place FROM letters`),
    'UPDATE letter_parts SET place = 2',
  ],
  [
    ...given(
      `${LETTERS}; CREATE TABLE replies (letter int REFERENCES parent_of_poked, part int) PARTITION BY LIST (part); CREATE TABLE replies_1 PARTITION OF replies FOR VALUES IN (1); CREATE TABLE replies_2 PARTITION OF replies FOR VALUES IN (2); INSERT INTO replies VALUES (1, 1); CREATE TRIGGER t BEFORE INSERT ON replies_2 FOR EACH ROW EXECUTE FUNCTION audit()`,
    ),
    'UPDATE replies SET part = 2',
  ],
  ...[
    'UPDATE mailed SET part = 2',
    'WITH w AS (UPDATE mailed SET part = 2 RETURNING id) SELECT * FROM w',
    'MERGE INTO mailed USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET part = 2',
  ].map((sql) => [...given(MAILED), GUESSED, sql]),
  [
    ...given(`${MAILED}; CREATE VIEW mailed_parts AS SELECT id, part FROM mailed`),
    GUESSED,
    'UPDATE mailed_parts SET part = 2',
  ],
  [...given(`${MAILED}; ${PARTS}`), GUESSED, 'UPDATE parts SET n = 2'],
  [
    ...given(
      `${MAILED}; ${PARTS}; CREATE TRIGGER t BEFORE INSERT ON mailed_2 FOR EACH ROW EXECUTE FUNCTION audit()`,
    ),
    'INSERT INTO mailed_1 VALUES (1, 1)',
    'UPDATE parts SET n = 2',
  ],
]);

const TWICE =
  'CREATE MATERIALIZED VIEW repeated_once AS SELECT c.id FROM customers c, generate_series(1, c.score % 3) g WHERE c.id = 1';
const BODIES =
  'ALTER TABLE letters DROP CONSTRAINT letters_pkey; CREATE MATERIALIZED VIEW bodies AS SELECT id, left(body, 14) AS body FROM letters; CREATE UNIQUE INDEX ON bodies (body)';
const ALSO = "INSERT INTO letters VALUES (77, 'x', 'letter-leak-7 ')";

/** A materialised view's unique index tells, as it is filled, whether two of its rows are alike: those of a guess, too. */
export const alikeRows = family('alike rows', [
  [...given(TWICE), 'CREATE UNIQUE INDEX ON repeated_once (id)'],
  [...given(TWICE), 'CREATE UNIQUE INDEX CONCURRENTLY ON repeated_once (id)'],
  [
    ...given(`${TWICE} WITH NO DATA; CREATE UNIQUE INDEX ON repeated_once (id)`),
    'REFRESH MATERIALIZED VIEW repeated_once',
  ],
  [...given(BODIES), ALSO, 'REFRESH MATERIALIZED VIEW bodies'],
  [...given(BODIES), ALSO, 'REFRESH MATERIALIZED VIEW CONCURRENTLY bodies'],
]);

const UNMET = "ALTER TABLE letters ADD CHECK (body NOT LIKE '%-7 %') NOT VALID";

/** A check that rows may not meet yet is asked of each that is written, whatever is written of it. */
export const unmetChecks = family('unmet checks', [
  [...given(UNMET), "UPDATE letters SET title = 'x'"],
  [...given(UNMET), 'UPDATE letters SET title = title WHERE id = 1'],
  [
    ...given(UNMET),
    "INSERT INTO letters (id, title) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET title = 'y'",
  ],
  [
    ...given(UNMET),
    "MERGE INTO letters l USING plain p ON l.id = p.id WHEN MATCHED THEN UPDATE SET title = 'x'",
  ],
  [
    ...given(`${UNMET}; CREATE VIEW titles AS SELECT id, title FROM letters`),
    "UPDATE titles SET title = 'x'",
  ],
  [
    ...given("ALTER TABLE journal ADD CHECK (customer ->> 'ssn' NOT LIKE '%-7') NOT VALID"),
    'UPDATE journal SET at = at WHERE id = 1',
  ],
  [
    ...given("ALTER TABLE leaves ALTER branch DROP NOT NULL, ADD CHECK (secret NOT LIKE '%-7') NOT VALID"),
    'DELETE FROM branches WHERE id = 1',
  ],
  [...given("ALTER TABLE small ADD CHECK (secret NOT LIKE '%-42') NOT VALID"), 'UPDATE grand SET id = id'],
]);

const UNLIKE = 'ALTER TABLE letters ADD CHECK (title <> left(body, 14))';
const AS_TITLE = "'letter-leak-7 '";

/** What one part of a statement writes of a row, another does not: there a check compares with what was in it before. */
export const apart = family('written apart', [
  [...given(UNLIKE), `UPDATE letters SET title = ${AS_TITLE} WHERE id = 1`],
  [
    ...given(UNLIKE),
    `INSERT INTO letters (id, title, body) VALUES (1, 'x', 'y') ON CONFLICT (id) DO UPDATE SET title = ${AS_TITLE}`,
  ],
  [
    ...given(UNLIKE),
    `WITH w AS (UPDATE letters SET body = 'y' WHERE id = 2) UPDATE letters SET title = ${AS_TITLE} WHERE id = 1`,
  ],
  [
    ...given(UNLIKE),
    `WITH w AS (INSERT INTO letters (id, body) VALUES (99, 'y')) UPDATE letters SET title = ${AS_TITLE} WHERE id = 1`,
  ],
  [
    ...given(UNLIKE),
    `MERGE INTO letters l USING plain p ON l.id = p.id WHEN MATCHED AND p.id = 1 THEN UPDATE SET title = ${AS_TITLE} WHEN MATCHED THEN UPDATE SET body = 'y'`,
  ],
  [
    ...given(UNLIKE),
    `MERGE INTO letters l USING (SELECT 1 AS id UNION SELECT 99) p ON l.id = p.id WHEN MATCHED THEN UPDATE SET title = ${AS_TITLE} WHEN NOT MATCHED THEN INSERT (id, body) VALUES (p.id, 'y')`,
  ],
  [
    ...given(`${UNLIKE}; CREATE VIEW letter_view AS SELECT id, title AS head, body AS tail FROM letters`),
    `INSERT INTO letter_view (id, head, tail) VALUES (1, 'x', 'y') ON CONFLICT (id) DO UPDATE SET head = ${AS_TITLE}`,
  ],
  [
    ...given("CREATE INDEX ON letters ((1 / length(replace(left(body, 14), title, ''))))"),
    `INSERT INTO letters (id, title, body) VALUES (1, 'x', 'y') ON CONFLICT (id) DO UPDATE SET title = ${AS_TITLE}`,
  ],
  [
    ...given(
      "CREATE TABLE pairs (title text, body text, PRIMARY KEY (title, body)); INSERT INTO pairs SELECT title, body FROM letters; INSERT INTO pairs VALUES ('x', 'letter-leak-7 '), ('x', 'y'); UPDATE letters SET body = left(body, 14); INSERT INTO pairs SELECT title, body FROM letters; ALTER TABLE letters ADD FOREIGN KEY (title, body) REFERENCES pairs",
    ),
    "INSERT INTO letters (id, title, body) VALUES (1, 'x', 'y') ON CONFLICT (id) DO UPDATE SET title = 'x'",
  ],
  [
    ...given(
      'ALTER TABLE letters ADD low text GENERATED ALWAYS AS (lower(title)) STORED, ADD CHECK (low <> left(body, 14))',
    ),
    `UPDATE letters SET title = ${AS_TITLE} WHERE id = 1`,
  ],
  [
    ...given(
      'ALTER TABLE letters ADD low text GENERATED ALWAYS AS (left(body, 14)) STORED, ADD CHECK (title <> low)',
    ),
    `UPDATE letters SET title = ${AS_TITLE} WHERE id = 1`,
  ],
  [
    ...given(
      "UPDATE letters SET body = rtrim(left(body, 14)); CREATE TABLE tops (n text, low text GENERATED ALWAYS AS (lower(n)) STORED UNIQUE); INSERT INTO tops SELECT body FROM letters; INSERT INTO tops SELECT 'LETTER-LEAK-' || n FROM generate_series(7, 8) n ON CONFLICT DO NOTHING; UPDATE tops SET n = upper(n); ALTER TABLE letters ADD FOREIGN KEY (body) REFERENCES tops (low)",
    ),
    "UPDATE tops SET n = 'x' WHERE n = 'LETTER-LEAK-7'",
  ],
]);

const KNOWN =
  "CREATE TABLE known (v text PRIMARY KEY); UPDATE letters SET body = left(body, 14); INSERT INTO known VALUES ('letter-leak-7 '); ALTER TABLE letters ADD FOREIGN KEY (body) REFERENCES known NOT VALID";
const COMPARING =
  "CREATE TRIGGER t BEFORE DELETE ON letters FOR EACH ROW WHEN (old.body LIKE '%-7 %') EXECUTE FUNCTION suppress_redundant_updates_trigger()";

/** Of a row that its transaction has written before a key is asked each time; and triggers compare what a key takes along. */
export const askedAgain = family('asked again', [
  [
    ...given(KNOWN),
    'BEGIN',
    "UPDATE letters SET title = 'x' WHERE id = 1",
    "UPDATE letters SET title = 'y' WHERE id = 1",
    'ROLLBACK',
  ],
  [
    ...given(
      `${KNOWN}; CREATE TABLE titles (title text PRIMARY KEY); INSERT INTO titles SELECT title FROM letters; ALTER TABLE letters ADD FOREIGN KEY (title) REFERENCES titles ON UPDATE CASCADE`,
    ),
    'BEGIN',
    "UPDATE titles SET title = 'x' WHERE title = 'title 1'",
    "UPDATE titles SET title = 'y' WHERE title = 'x'",
    'ROLLBACK',
  ],
  [...given(COMPARING.replace('DELETE', 'UPDATE')), 'UPDATE letters SET title = title WHERE id = 1'],
  [
    ...given(`ALTER TABLE letters ADD FOREIGN KEY (id) REFERENCES plain ON DELETE CASCADE; ${COMPARING}`),
    'DELETE FROM plain WHERE id = 1',
  ],
  [
    ...given(
      `CREATE TABLE between (id int PRIMARY KEY REFERENCES plain ON DELETE CASCADE); INSERT INTO between SELECT id FROM letters; ALTER TABLE letters ADD FOREIGN KEY (id) REFERENCES between ON DELETE CASCADE; ${COMPARING}`,
    ),
    'MERGE INTO plain USING (SELECT 1 AS own) s ON id = own WHEN MATCHED THEN DELETE',
  ],
]);

const RANKS =
  "DROP TABLE ranks CASCADE; CREATE TABLE ranks (id int PRIMARY KEY, kind text, mail text, pay tsvector); INSERT INTO ranks SELECT id, 'k', replace(left(body, 13), '-', ''), '' FROM letters; CREATE TRIGGER t BEFORE UPDATE ON ranks FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger(pay, 'pg_catalog.simple', kind, mail); UPDATE ranks SET kind = 'm'";

/** What the server's trigger for searches puts together has in it what was in masked columns before. */
export const searches = family('searches', [
  [
    ...given(`${RANKS}; ALTER TABLE ranks ADD CHECK (length(pay) > 1)`),
    "UPDATE ranks SET kind = 'letterleak7' WHERE id = 1",
  ],
  [
    ...given(
      `${RANKS}; CREATE UNIQUE INDEX ON ranks (pay); INSERT INTO ranks VALUES (99, 'x', 'x', 'letterleak7:1,2')`,
    ),
    "UPDATE ranks SET kind = 'letterleak7' WHERE id = 1",
  ],
  [
    ...given(
      `${RANKS}; CREATE UNIQUE INDEX ON ranks (pay); DROP TRIGGER t ON ranks; CREATE TRIGGER t BEFORE INSERT OR UPDATE ON ranks FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger(pay, 'pg_catalog.simple', kind)`,
    ),
    "INSERT INTO ranks (id, kind) VALUES (98, 'm letterleak7')",
  ],
]);

const UNFILLED =
  "UPDATE letters SET body = left(body, 14); CREATE INDEX ON letters (title); CREATE INDEX u ON letters (body); INSERT INTO letters VALUES (99, 'x', 'letter-leak-7 '); UPDATE pg_index SET indisunique = true, indisvalid = false WHERE indexrelid = 'u'::regclass";

/** An index that CREATE INDEX CONCURRENTLY left behind is written to, and asked of rows that it was never asked of. */
export const unfilledIndexes = family('unfilled indexes', [
  [...given(UNFILLED), "UPDATE letters SET title = 'x' WHERE id = 1"],
  [
    ...given(`${UNFILLED}; CREATE VIEW titles AS SELECT id, title FROM letters`),
    "UPDATE titles SET title = 'x' WHERE id = 1",
  ],
  [...given(UNFILLED), 'REINDEX TABLE letters'],
  [...given(UNFILLED), 'REINDEX INDEX u'],
  [...given(UNFILLED), 'VACUUM FULL letters'],
  [...given(UNFILLED), 'ALTER TABLE letters ALTER id TYPE bigint'],
]);
