import { family, type Step } from '../attack.ts';

const GUESS = "'leak7@secret.example'";
const DEFAULTED = `ALTER TABLE mailing ALTER address SET DEFAULT ${GUESS}`;
/** Past the gateway, and noticed by the next statement. */
const given = (owner: string): Step[] => [{ owner }, 'SELECT 1'];

const MAILED = `CREATE TABLE mailed (address varchar(80) DEFAULT ${GUESS} REFERENCES customers (email), topic text)`;
const COUNTED =
  "ALTER TABLE grand ADD UNIQUE (secret); ALTER TABLE grand ALTER secret SET DEFAULT 'client-leak-' || nextval('counter')";
const PARENT =
  'CREATE TABLE halves (v varchar(80) REFERENCES customers (email), w int) PARTITION BY LIST (w)';

/** Keys that are asked without a statement's naming their columns: by defaults, and by what ALTER TABLE computes or checks anew. */
export const unnamedKeys = family('unnamed keys', [
  [DEFAULTED, "INSERT INTO mailing (topic) VALUES ('t')"],
  [DEFAULTED, "INSERT INTO mailing VALUES (DEFAULT, 't')"],
  [DEFAULTED, 'INSERT INTO mailing DEFAULT VALUES'],
  ...[
    "INSERT INTO mailed (topic) VALUES ('t')",
    "INSERT INTO mailed VALUES (NULL, 't'), (DEFAULT, 't')",
    'INSERT INTO mailed DEFAULT VALUES',
    'INSERT INTO mailed (topic) SELECT v FROM plain',
    "INSERT INTO mailed (topic) VALUES ('t') ON CONFLICT DO NOTHING",
    "WITH w AS (INSERT INTO mailed (topic) VALUES ('t') RETURNING topic) SELECT * FROM w",
    "MERGE INTO mailed m USING (SELECT 1) s ON false WHEN NOT MATCHED THEN INSERT (topic) VALUES ('t')",
    'MERGE INTO mailed m USING (SELECT 1) s ON false WHEN NOT MATCHED THEN INSERT DEFAULT VALUES',
  ].map((sql) => [...given(MAILED), sql]),
  [...given(MAILED), { copyIn: 'COPY mailed (topic) FROM STDIN', data: 't\n' }],
  [
    ...given(MAILED.replace('(email)', '(email) DEFERRABLE INITIALLY DEFERRED')),
    'BEGIN',
    "INSERT INTO mailed (topic) VALUES ('t')",
    'COMMIT',
  ],
  [
    ...given(`${MAILED}; CREATE VIEW mailed_topics AS SELECT topic FROM mailed`),
    "INSERT INTO mailed_topics VALUES ('t')",
  ],
  [
    ...given(
      `CREATE VIEW mailings AS SELECT address AS who, topic FROM mailing; ALTER VIEW mailings ALTER who SET DEFAULT ${GUESS}`,
    ),
    "INSERT INTO mailings (topic) VALUES ('t')",
  ],
  [
    ...given('CREATE VIEW mailings AS SELECT address AS who, topic FROM mailing'),
    `ALTER VIEW mailings ALTER who SET DEFAULT ${GUESS}`,
    "INSERT INTO mailings (topic) VALUES ('t')",
  ],
  [
    ...given(
      `CREATE DOMAIN address AS varchar(80) DEFAULT ${GUESS}; CREATE TABLE posted (who address REFERENCES customers (email), topic text)`,
    ),
    "INSERT INTO posted (topic) VALUES ('t')",
  ],
  [
    `CREATE DOMAIN own_address AS varchar(80) DEFAULT ${GUESS}`,
    'ALTER TABLE mailing ALTER address TYPE own_address',
    "INSERT INTO mailing (topic) VALUES ('t')",
  ],
  [
    ...given(
      'CREATE TABLE lowered (who text, address varchar(80) GENERATED ALWAYS AS (lower(who)) STORED REFERENCES customers (email))',
    ),
    `INSERT INTO lowered (who) VALUES (upper(${GUESS}))`,
  ],
  [...given(COUNTED), "SELECT setval('counter', 6)", 'INSERT INTO grand (id) VALUES (99)'],
  [
    ...given(COUNTED),
    "SELECT setval('counter', 6)",
    'INSERT INTO grand (id) VALUES (99) ON CONFLICT DO NOTHING',
  ],
  [...given(COUNTED), "SELECT setval('counter', 6)", 'INSERT INTO grand VALUES (99, DEFAULT)'],
  [
    ...given(COUNTED),
    'ALTER SEQUENCE counter RESTART WITH 7',
    { copyIn: 'COPY grand (id) FROM STDIN', data: '99\n' },
  ],
  [
    ...given('ALTER TABLE grand ADD COLUMN low text GENERATED ALWAYS AS (lower(secret)) STORED UNIQUE'),
    "INSERT INTO grand (id, secret) VALUES (1, 'client-leak-7')",
  ],
  [
    ...given('ALTER TABLE grand ADD COLUMN low text GENERATED ALWAYS AS (lower(secret)) STORED UNIQUE'),
    "UPDATE grand SET secret = 'client-leak-7' WHERE id = 3",
  ],
  [...given('DROP VIEW codes_locked'), 'ALTER TABLE codes ALTER code TYPE int USING code + 100000'],
  [
    ...given('DROP VIEW codes_locked'),
    'ALTER TABLE codes ALTER code TYPE int USING CASE WHEN code = 7 THEN 1007 ELSE code END',
  ],
  [
    `INSERT INTO mailing (topic) VALUES (${GUESS})`,
    'ALTER TABLE mailing ALTER address TYPE varchar(80) USING topic',
  ],
  [
    "INSERT INTO mailing (topic) VALUES ('t')",
    `ALTER TABLE mailing ADD COLUMN more int, ALTER address TYPE varchar(80) USING ${GUESS}`,
  ],
  [
    ...given(`${PARENT}; CREATE TABLE half AS SELECT ${GUESS}::varchar(80) AS v, 1 AS w`),
    'ALTER TABLE halves ATTACH PARTITION half FOR VALUES IN (1)',
  ],
  [
    ...given(
      'CREATE TABLE scores (n int PRIMARY KEY) PARTITION BY RANGE (n); CREATE TABLE low_scores PARTITION OF scores FOR VALUES FROM (0) TO (770010); CREATE TABLE high_scores PARTITION OF scores DEFAULT; INSERT INTO scores SELECT i FROM generate_series(770000, 771000) i; ALTER TABLE customers ADD FOREIGN KEY (score) REFERENCES scores',
    ),
    'ALTER TABLE scores DETACH PARTITION low_scores',
  ],
  [
    ...given(
      `CREATE TABLE nv (v varchar(80)); INSERT INTO nv VALUES (${GUESS}); ALTER TABLE nv ADD CONSTRAINT f FOREIGN KEY (v) REFERENCES customers (email) NOT VALID`,
    ),
    'ALTER TABLE nv VALIDATE CONSTRAINT f',
  ],
]);

/** Tables that were made of a type change with it. */
export const tablesOfTypes = family('tables of types', [
  ...[
    ['ALTER TYPE person RENAME ATTRIBUTE secret TO plain CASCADE', 'SELECT plain FROM clients'],
    [
      'ALTER TYPE person RENAME ATTRIBUTE name TO other CASCADE',
      'ALTER TYPE person RENAME ATTRIBUTE secret TO name CASCADE',
      'SELECT name FROM clients',
    ],
  ].map((steps) => [
    ...given(
      'ALTER TABLE clients RENAME TO old_clients; CREATE TYPE person AS (id int, name text, secret text); CREATE TABLE clients OF person; INSERT INTO clients SELECT id, name, secret FROM old_clients',
    ),
    ...steps,
  ]),
]);
