import { family } from '../attack.ts';

export const drift = family('drift', [
  ['PREPARE p AS SELECT ssn FROM customers', 'EXECUTE p'],
  ['PREPARE p (int) AS SELECT * FROM customers WHERE id = $1', 'EXECUTE p (3)'],
  ['PREPARE p (int) AS SELECT id FROM customers WHERE score % 7 = $1', 'EXECUTE p (3)'],
  [
    'SET search_path = other',
    'PREPARE p AS SELECT * FROM customers',
    'SET search_path = public',
    'EXECUTE p',
  ],
  [
    'CREATE TEMP TABLE customers (id int, ssn text)',
    'PREPARE p AS SELECT * FROM customers',
    'DROP TABLE pg_temp.customers',
    'EXECUTE p',
  ],
  ['BEGIN', 'SET LOCAL search_path = other', 'PREPARE p AS SELECT * FROM customers', 'COMMIT', 'EXECUTE p'],
  ['PREPARE p AS SELECT peek(1)', 'EXECUTE p'],
  ['PREPARE p AS UPDATE customers SET name = ssn RETURNING name', 'EXECUTE p'],
  ['PREPARE p (text) AS SELECT $1', 'EXECUTE p ((SELECT ssn FROM customers LIMIT 1))'],
  ['SET search_path = evil, public', 'SELECT note FROM orders'],
  ['PREPARE p AS SELECT note FROM orders', 'SET search_path = evil', 'EXECUTE p'],
  [
    'PREPARE p AS SELECT name FROM harmless',
    'ALTER VIEW harmless RENAME COLUMN name TO x',
    'EXECUTE p',
    'SELECT secret FROM clients',
  ],
  {
    steps: [
      'PREPARE p AS SELECT amount FROM safe_orders',
      {
        owner:
          'CREATE OR REPLACE VIEW safe_orders AS SELECT id, score::numeric(10,2) AS amount FROM customers',
      },
      'EXECUTE p',
    ],
  },
  {
    steps: [
      'PREPARE p AS SELECT name FROM harmless WHERE id = 1',
      'EXECUTE p',
      { owner: 'CREATE OR REPLACE VIEW harmless AS SELECT id, ssn AS name, region FROM customers' },
      'EXECUTE p',
      'EXECUTE p',
    ],
  },
  {
    steps: [
      {
        messages: [
          { parse: 'SELECT amount FROM safe_orders', as: 'p' },
          { describe: 'statement', name: 'p' },
        ],
      },
      {
        owner:
          'CREATE OR REPLACE VIEW safe_orders AS SELECT id, score::numeric(10,2) AS amount FROM customers',
      },
      { messages: [{ bind: 'p' }, { describe: 'portal' }, { execute: '' }] },
    ],
  },
  {
    steps: [
      'BEGIN',
      {
        messages: [
          { parse: 'SELECT v FROM plain', as: 'p' },
          { bind: 'p', portal: 'q' },
        ],
      },
      { messages: [{ execute: 'q', maxRows: 1 }] },
      {
        messages: [
          { parse: 'SELECT ssn FROM customers', as: 'p2' },
          { bind: 'p2', portal: 'q2' },
          { execute: 'q2' },
        ],
      },
      'COMMIT',
    ],
  },
  {
    steps: [
      'BEGIN',
      {
        messages: [
          { parse: 'SELECT name FROM harmless', as: 'p' },
          { bind: 'p', portal: 'q' },
        ],
      },
      { owner: 'CREATE VIEW unrelated AS SELECT ssn FROM customers' },
      { messages: [{ execute: 'q', maxRows: 2 }] },
      'SELECT ssn FROM unrelated',
      'COMMIT',
    ],
  },
  {
    steps: [
      'PREPARE p AS SELECT v FROM plain',
      {
        owner:
          'ALTER TABLE plain RENAME TO plain_old; CREATE VIEW plain AS SELECT id, secret AS v FROM clients',
      },
      'EXECUTE p',
      'SELECT v FROM plain',
    ],
  },
  {
    steps: [
      'PREPARE p AS SELECT double(3)',
      {
        owner:
          "CREATE OR REPLACE FUNCTION double(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2'; ALTER FUNCTION peek(int) RENAME TO peeked",
      },
      'EXECUTE p',
      'SELECT peeked(1)',
    ],
  },
  {
    steps: [
      'SELECT peek_no(1)',
      { owner: 'ALTER FUNCTION peek(int) RENAME TO peek_no' },
      'SELECT peek_no(1)',
    ],
  },
  {
    steps: [
      { messages: [{ parse: 'SELECT id FROM plain ORDER BY id', as: 'p' }] },
      {
        owner:
          'ALTER TABLE plain ENABLE ROW LEVEL SECURITY; ALTER TABLE plain FORCE ROW LEVEL SECURITY; CREATE POLICY x ON plain USING (EXISTS (SELECT FROM customers c WHERE c.id = plain.id AND c.score % 3 = 0))',
      },
      { messages: [{ bind: 'p' }, { execute: '' }] },
      'SELECT secret FROM clients',
    ],
  },
  {
    steps: [
      'SELECT code FROM regions LIMIT 1',
      {
        owner:
          'ALTER TABLE regions ADD COLUMN extra text; UPDATE regions SET extra = (SELECT ssn FROM customers WHERE id = 1)',
      },
      'SELECT ssn FROM customers LIMIT 1',
    ],
  },
  {
    steps: [
      'SELECT * FROM archive',
      {
        owner:
          'ALTER TABLE customers RENAME TO customers_2; ALTER TABLE customers_2 RENAME COLUMN ssn TO plain_text',
      },
      'SELECT secret FROM clients',
    ],
  },
  {
    steps: [
      'BEGIN',
      'SELECT count(*) FROM directory',
      'SELECT who FROM directory',
      'ALTER VIEW directory RENAME TO d9',
      'SELECT who FROM d9',
      'ROLLBACK',
      'SELECT who FROM directory',
    ],
  },
  ['BEGIN', 'CREATE VIEW inside AS SELECT secret AS s FROM clients', 'SELECT s FROM inside', 'ROLLBACK'],
  [
    'BEGIN',
    'CREATE VIEW inside AS SELECT 1 AS s',
    'PREPARE p AS SELECT s FROM inside',
    'DROP VIEW inside',
    'CREATE VIEW inside AS SELECT length(secret) AS s FROM clients',
    'EXECUTE p',
    'ROLLBACK',
  ],
  [
    'BEGIN',
    'CREATE TABLE inside (s text)',
    'PREPARE p AS SELECT s FROM inside',
    'DROP TABLE inside',
    'CREATE VIEW inside AS SELECT secret AS s FROM clients',
    'EXECUTE p',
    'SELECT s FROM inside',
    'ROLLBACK',
  ],
  [
    'BEGIN',
    'SAVEPOINT a',
    'CREATE VIEW inside AS SELECT 1 AS s',
    'SELECT s FROM inside',
    'ROLLBACK TO a',
    'CREATE VIEW inside AS SELECT secret AS s FROM clients',
    'SELECT s FROM inside',
    'ROLLBACK',
  ],
  ['PREPARE p AS SELECT 1', 'DEALLOCATE p', 'PREPARE p AS SELECT secret FROM clients', 'EXECUTE p'],
  ['PREPARE p AS SELECT 1', 'DEALLOCATE ALL', 'PREPARE p AS SELECT secret FROM clients', 'EXECUTE p'],
  [
    'PREPARE p AS SELECT 1',
    'DISCARD PLANS',
    'DISCARD ALL',
    'PREPARE p AS SELECT secret FROM clients',
    'EXECUTE p',
  ],
  [
    'PREPARE "P" AS SELECT 1',
    'PREPARE p AS SELECT secret FROM clients',
    'EXECUTE "P"',
    'EXECUTE p',
    'EXECUTE P',
  ],
  {
    steps: [
      { messages: [{ parse: 'SELECT secret FROM clients', as: 'mix' }] },
      'EXECUTE mix',
      { messages: [{ bind: 'mix' }, { execute: '' }] },
    ],
  },
  {
    steps: [
      'PREPARE mix AS SELECT secret FROM clients',
      { messages: [{ bind: 'mix' }, { describe: 'portal' }, { execute: '' }] },
    ],
  },
  {
    steps: [
      {
        messages: [
          { parse: 'PREPARE inner_one AS SELECT secret FROM clients' },
          { bind: '' },
          { execute: '' },
        ],
      },
      { messages: [{ parse: 'EXECUTE inner_one' }, { bind: '' }, { execute: '' }] },
      'EXECUTE inner_one',
    ],
  },
  {
    steps: [
      { messages: [{ parse: 'SELECT 1', as: 'same' }] },
      { messages: [{ parse: 'SELECT secret FROM clients', as: 'same' }] },
      { messages: [{ bind: 'same' }, { execute: '' }] },
      'SELECT secret FROM clients',
    ],
  },
  {
    steps: [
      {
        messages: [
          { parse: 'SELECT 1' },
          { bind: '' },
          { parse: 'SELECT secret FROM clients' },
          { execute: '' },
          { bind: '' },
          { execute: '' },
        ],
      },
    ],
  },
  {
    steps: [
      {
        messages: [
          { parse: 'SELECT secret FROM clients WHERE id = $1', as: 'w', types: [23] },
          { bind: 'w', values: ['1'] },
          { execute: '' },
          { bind: 'w', values: ['2'], binary: true },
          { execute: '' },
        ],
      },
    ],
  },
  {
    steps: [
      {
        messages: [
          { parse: 'SELECT id FROM clients WHERE secret = $1', as: 'w' },
          { describe: 'statement', name: 'w' },
          { bind: 'w', values: ['client-leak-7'] },
          { execute: '' },
        ],
      },
    ],
  },
  {
    steps: [
      {
        messages: [
          { parse: 'SELECT id FROM clients WHERE secret LIKE $1 ORDER BY secret', as: 'w' },
          { bind: 'w', values: ['%4'] },
          { execute: '' },
        ],
      },
    ],
  },
  {
    steps: [
      { messages: [{ parse: 'SELECT $1::guessed' }, { bind: '', values: ['SSN-leak-7'] }, { execute: '' }] },
    ],
  },
  {
    steps: [
      'SELECT secret FROM clients',
      {
        owner:
          'ALTER TABLE clients DISABLE TRIGGER ALL; ALTER TABLE clients RENAME COLUMN secret TO tmp; ALTER TABLE clients RENAME COLUMN name TO secret',
      },
      "SELECT ssn || '' FROM customers LIMIT 1",
    ],
  },
  {
    steps: [
      'BEGIN ISOLATION LEVEL REPEATABLE READ',
      'SELECT count(*) FROM plain',
      {
        owner:
          'CREATE OR REPLACE VIEW safe_orders AS SELECT id, score::numeric(10,2) AS amount FROM customers',
      },
      'SELECT amount FROM safe_orders',
      'COMMIT',
    ],
  },
  {
    steps: [
      'BEGIN',
      'DECLARE c CURSOR FOR SELECT amount FROM safe_orders',
      'FETCH 1 FROM c',
      'COMMIT',
      {
        owner:
          'CREATE OR REPLACE VIEW safe_orders AS SELECT id, score::numeric(10,2) AS amount FROM customers',
      },
      'BEGIN',
      'DECLARE c CURSOR FOR SELECT amount FROM safe_orders',
      'FETCH 2 FROM c',
      'COMMIT',
    ],
  },
  ['PREPARE ins (text) AS INSERT INTO guesses VALUES (1, $1)', "EXECUTE ins ('SSN-leak-7')"],
  ['PREPARE g (guessed) AS SELECT 1', "EXECUTE g ('SSN-leak-7')"],
  ['PREPARE e (text) AS SELECT id FROM customers WHERE ssn = $1', "EXECUTE e ('SSN-leak-7')"],
]);
