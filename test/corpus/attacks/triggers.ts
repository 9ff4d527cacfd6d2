import { family } from '../attack.ts';

export const triggers = family('triggers', [
  "INSERT INTO audited VALUES (1, 'x')",
  'COPY audited FROM STDIN',
  [
    'CREATE TRIGGER t BEFORE INSERT ON plain FOR EACH ROW EXECUTE FUNCTION audit()',
    'INSERT INTO plain (id) VALUES (99)',
  ],
  [
    'CREATE POLICY p ON customers USING (score % 2 = 0)',
    'ALTER TABLE customers ENABLE ROW LEVEL SECURITY',
    'ALTER TABLE customers FORCE ROW LEVEL SECURITY',
    'SELECT id FROM customers',
  ],
  'CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION audit()',
  'MERGE INTO audited USING plain p ON audited.id = p.id WHEN NOT MATCHED THEN INSERT VALUES (p.id, p.v)',
  "WITH x AS (INSERT INTO audited VALUES (5, 'x') RETURNING 1) SELECT * FROM x",
  "UPDATE clients SET name = 'x' WHERE id = 1; SELECT line FROM client_log",
  ["UPDATE clients SET name = 'x' WHERE id = 1", 'SELECT line FROM client_log'],
  ["UPDATE client_names SET name = 'x' WHERE id = 1", 'SELECT line FROM client_log'],
  ['DELETE FROM clients WHERE id = 8', 'SELECT line FROM client_log'],
  [
    "INSERT INTO clients (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = 'y'",
    'SELECT line FROM client_log',
  ],
  [
    "MERGE INTO clients c USING (VALUES (1)) v(i) ON c.id = v.i WHEN MATCHED THEN UPDATE SET name = 'z'",
    'SELECT line FROM client_log',
  ],
  ["WITH u AS (UPDATE clients SET name = 'x' WHERE id = 2 RETURNING id) SELECT * FROM u", 'TABLE client_log'],
  ["PREPARE u AS UPDATE clients SET name = 'x' WHERE id = 3", 'EXECUTE u', 'SELECT line FROM client_log'],
  ["INSERT INTO poked VALUES (2, 'y')", 'SELECT line FROM client_log'],
  ['DELETE FROM poked', 'SELECT line FROM client_log'],
  ['TRUNCATE poked', 'SELECT line FROM client_log'],
  ['TRUNCATE TABLE ONLY poked, told', 'SELECT line FROM client_log'],
  ["INSERT INTO poked SELECT 1, 'x' WHERE false", 'SELECT line FROM client_log'],
  ['LISTEN clients', "INSERT INTO told VALUES (1, 'x')", 'SELECT 1'],
  ['LISTEN clients', "INSERT INTO told VALUES (2, 'x') RETURNING v", 'SELECT 2'],
  "INSERT INTO filled VALUES (1, 'x') RETURNING v",
  'INSERT INTO filled (id) VALUES (1), (2), (3) RETURNING *',
  ['INSERT INTO filled (id) SELECT id FROM plain', 'SELECT v FROM filled'],
  ['WITH x AS (INSERT INTO filled (id) VALUES (4) RETURNING v) SELECT v FROM x'],
  'MERGE INTO filled f USING plain p ON f.id = p.id WHEN NOT MATCHED THEN INSERT VALUES (p.id, p.v) RETURNING f.v',
  "INSERT INTO editable VALUES (1, 'x') RETURNING name",
  "UPDATE editable SET name = 'x' WHERE id = 1 RETURNING name",
  ['LISTEN clients', 'DELETE FROM parent_of_poked WHERE id = 1', 'SELECT 1'],
  ['LISTEN clients', 'UPDATE parent_of_poked SET id = 9 WHERE id = 2', 'SELECT 1'],
  [
    'LISTEN clients',
    'TRUNCATE parent_of_poked CASCADE',
    'DELETE FROM child_of_it',
    'SELECT secret FROM clients',
  ],
  "INSERT INTO audited VALUES (2, 'y') RETURNING *",
  "UPDATE audited SET v = 'x'; INSERT INTO audited VALUES (3, 'z')",
  {
    steps: [
      'SELECT count(*) FROM plain',
      { owner: 'CREATE TRIGGER late BEFORE INSERT ON plain FOR EACH ROW EXECUTE FUNCTION audit()' },
      'INSERT INTO plain (id) VALUES (77)',
    ],
  },
  {
    steps: [
      { messages: [{ parse: 'INSERT INTO plain (id) VALUES (78)', as: 'i' }] },
      { owner: 'CREATE TRIGGER late BEFORE INSERT ON plain FOR EACH ROW EXECUTE FUNCTION audit()' },
      { messages: [{ bind: 'i' }, { execute: '' }] },
    ],
  },
  {
    steps: [
      {
        owner:
          'CREATE TRIGGER kept AFTER INSERT ON plain REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION log_table()',
      },
      'INSERT INTO plain (id) VALUES (79)',
      'SELECT line FROM client_log',
    ],
  },
  {
    steps: [
      {
        owner:
          "CREATE TRIGGER cond BEFORE UPDATE ON plain FOR EACH ROW WHEN (known('SSN-leak-7')) EXECUTE FUNCTION fill_client()",
      },
      "UPDATE plain SET v = 'x' WHERE id = 1 RETURNING v",
    ],
  },
  {
    steps: [
      { owner: 'CREATE EVENT TRIGGER spying ON ddl_command_start EXECUTE FUNCTION log_event(); ' },
      'CREATE TABLE quiet (id int)',
      'SELECT secret FROM clients',
    ],
  },
  [
    'CREATE TRIGGER mine AFTER INSERT ON plain FOR EACH STATEMENT EXECUTE FUNCTION log_table()',
    'INSERT INTO plain (id) VALUES (80)',
    'SELECT line FROM client_log',
  ],
  [
    "CREATE FUNCTION mine() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.v := (SELECT secret FROM clients LIMIT 1); RETURN NEW; END'",
    'CREATE TRIGGER mine BEFORE INSERT ON plain FOR EACH ROW EXECUTE FUNCTION mine()',
    "INSERT INTO plain (id, v) VALUES (81, 'x') RETURNING v",
  ],
  [
    'ALTER TABLE poked ENABLE ALWAYS TRIGGER poked_statement',
    "INSERT INTO poked VALUES (3, 'z')",
    'SELECT line FROM client_log',
  ],
  [
    'ALTER TABLE plain DISABLE TRIGGER ALL',
    'CREATE CONSTRAINT TRIGGER x AFTER UPDATE ON plain FOR EACH ROW EXECUTE FUNCTION log_table()',
    'UPDATE plain SET n = 1',
    'SELECT line FROM client_log',
  ],
]);
