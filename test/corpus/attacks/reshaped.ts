import { family } from '../attack.ts';

/** A function that somebody has reviewed, and that shows secrets to whom a setting says. */
const BY_SETTING = `CREATE OR REPLACE FUNCTION order_note(int) RETURNS text LANGUAGE plpgsql STABLE AS $$BEGIN
  RETURN (SELECT CASE WHEN current_setting('jwt.claims.' || 'role', true) = 'dba' THEN secret ELSE 'no' END
    FROM public.clients WHERE id = $1); END$$`;
const SUB_PARTITION = `CREATE TABLE e27 PARTITION OF events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')`;
const FILLED = "UPDATE people SET name = repeat('x', 8118) WHERE id = 1";

/** Tables with masked columns are changed where it works on others, and asked afterwards. */
export const reshaped = family('reshaped', [
  'ALTER TABLE people ADD COLUMN salary int CHECK (salary % 7 <> 0)',
  'ALTER TABLE people ADD COLUMN IF NOT EXISTS salary int CHECK (salary % 7 <> 0)',
  ['BEGIN', 'ALTER TABLE people ADD COLUMN salary int, ADD CHECK (salary % 7 <> 0)', 'ROLLBACK'],
  'ALTER TABLE people ADD COLUMN salary int CHECK (people IS NOT NULL AND salary % 7 <> 0)',
  ['ALTER TABLE people ADD COLUMN salary int', 'SELECT id, salary FROM people'],
  ['ALTER TABLE people ALTER name SET STORAGE PLAIN', FILLED],
  ['ALTER TABLE people ALTER name SET STORAGE "PLAIN"', FILLED],
  ['ALTER TABLE people DROP COLUMN name', 'ALTER TABLE people ADD COLUMN name text STORAGE PLAIN', FILLED],
  { steps: [{ owner: BY_SETTING }, "SET jwt.claims.role = 'dba'", 'SELECT order_note(1)'] },
  {
    steps: [
      { owner: BY_SETTING },
      "SELECT set_config('jwt.claims.role', 'dba', false)",
      'SELECT order_note(1)',
    ],
  },
  [
    `${SUB_PARTITION} PARTITION BY LIST (payload)`,
    "CREATE TABLE e27a PARTITION OF e27 FOR VALUES IN ('payload-leak7')",
    "UPDATE events SET at = '2027-02-02' WHERE id = 1",
  ],
  [
    "CREATE TABLE e27 PARTITION OF events (CHECK (payload <> 'payload-leak7')) FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')",
    "UPDATE events SET at = '2027-02-02' WHERE id = 1",
  ],
  [SUB_PARTITION, "UPDATE events SET at = '2027-02-02'", 'SELECT payload FROM e27'],
  [
    SUB_PARTITION.replace('e27', 'evil.events'),
    "UPDATE events SET at = '2027-02-02'",
    'SELECT * FROM evil.events',
  ],
  [
    'CREATE TABLE rest PARTITION OF events DEFAULT',
    "UPDATE events SET at = '2027-02-02'",
    'ALTER TABLE events DETACH PARTITION rest',
    'SELECT payload FROM rest',
  ],
  'CREATE TABLE rest PARTITION OF shelves FOR VALUES FROM (100) TO (110)',
  [
    'ALTER TABLE clients RENAME name TO x',
    'ALTER TABLE clients RENAME secret TO name',
    'SELECT name FROM clients',
  ],
  [
    'BEGIN',
    'ALTER TABLE clients RENAME name TO x',
    "ALTER TABLE clients ADD COLUMN name text DEFAULT 'n'",
    'SELECT * FROM clients',
    'ROLLBACK',
    'SELECT * FROM clients',
  ],
  [
    'BEGIN',
    'SAVEPOINT a',
    'ALTER TABLE clients RENAME name TO x',
    'SELECT x, secret FROM clients',
    'ROLLBACK TO a',
    'SELECT name, secret FROM clients',
    'COMMIT',
  ],
  [
    'PREPARE p AS SELECT id, name, secret FROM clients',
    'ALTER TABLE clients RENAME name TO x',
    "ALTER TABLE clients ADD COLUMN name text DEFAULT 'n'",
    'EXECUTE p',
  ],
  [
    'BEGIN',
    'DECLARE c CURSOR FOR SELECT * FROM clients',
    'ALTER TABLE harmless RENAME COLUMN name TO x',
    'FETCH ALL FROM c',
    'ROLLBACK',
  ],
  [
    'ALTER TABLE clients DROP COLUMN name',
    'ALTER TABLE clients ADD COLUMN name text GENERATED ALWAYS AS (clients.secret) STORED',
    'SELECT name FROM clients',
  ],
  [
    'ALTER TABLE clients ADD COLUMN clients text',
    "ALTER TABLE clients ADD CHECK (clients.secret <> 'client-leak-7')",
  ],
  "ALTER TABLE clients ADD COLUMN clients text CHECK (to_json(public.clients.*)::text NOT LIKE '%leak-7%')",
  "ALTER TABLE clients ADD COLUMN c text, ADD CHECK (secret <> 'client-leak-7')",
  'ALTER TABLE clients ADD EXCLUDE USING btree (substr(secret, 14) WITH =)',
  'CREATE INDEX ON clients ((1 / (length(clients.secret) - 13)))',
  'CREATE INDEX CONCURRENTLY i ON clients ((1 / (length(secret) - 13)))',
  ['ALTER TABLE pay ALTER total DROP EXPRESSION', 'SELECT total FROM pay'],
  ['ALTER TABLE pay RENAME bonus TO b', 'SELECT total FROM pay'],
  ['BEGIN', 'ALTER TABLE customers RENAME name TO who', 'SELECT (row).who, (row).ssn FROM whole', 'ROLLBACK'],
  ["ALTER TABLE customers ADD COLUMN extra text DEFAULT 'e'", 'SELECT (row).extra, row FROM whole'],
  ['ALTER TABLE events DROP COLUMN id', 'SELECT events FROM events'],
  [
    'BEGIN',
    'CREATE TABLE parts (part int PRIMARY KEY)',
    'INSERT INTO parts VALUES (1), (2)',
    'ALTER TABLE unlike ADD FOREIGN KEY (ground) REFERENCES parts ON UPDATE CASCADE',
    'ALTER TABLE unlike DROP CONSTRAINT unlike_ground_fkey',
    'UPDATE parts SET part = 660007 WHERE part = 1',
    'ROLLBACK',
  ],
  [
    'INSERT INTO grounds VALUES (660007)',
    'ALTER TABLE unlike ALTER ground SET DEFAULT 660007',
    'ALTER TABLE unlike ADD FOREIGN KEY (ground) REFERENCES grounds ON DELETE SET DEFAULT',
    'ALTER TABLE unlike DROP CONSTRAINT unlike_ground_fkey',
    'DELETE FROM grounds WHERE code = 1',
  ],
  [
    'BEGIN',
    'ALTER TABLE even_or_grounded DROP CONSTRAINT even_or_grounded_check',
    'PREPARE u AS UPDATE even_or_grounded SET ground = NULL',
    'ROLLBACK',
    'EXECUTE u',
  ],
  ['ALTER TABLE codes RENAME code TO c', 'DELETE FROM codes WHERE c = 7'],
  ['ALTER TABLE codes RENAME code TO c', 'SELECT c, xmax FROM codes'],
  [
    'ALTER TABLE coded DROP CONSTRAINT coded_code_fkey',
    'DELETE FROM codes WHERE code < 8',
    'ALTER TABLE coded ADD FOREIGN KEY (code) REFERENCES codes',
  ],
  [
    'ALTER TABLE customers RENAME CONSTRAINT customers_email_key TO u',
    "INSERT INTO customers (id, name, email) VALUES (99, 'x', 'leak7@secret.example') ON CONFLICT ON CONSTRAINT u DO NOTHING",
  ],
]);
