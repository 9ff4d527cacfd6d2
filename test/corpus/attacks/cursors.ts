import { family } from '../attack.ts';

export const cursors = family('cursors', [
  ['BEGIN', 'DECLARE c CURSOR FOR SELECT ssn FROM customers', 'FETCH ALL FROM c', 'COMMIT'],
  [
    'BEGIN',
    'DECLARE c SCROLL CURSOR WITH HOLD FOR TABLE customers',
    'COMMIT',
    'FETCH 3 FROM c',
    'FETCH ABSOLUTE 2 FROM c',
  ],
  [
    'BEGIN',
    'DECLARE c CURSOR FOR SELECT id, name FROM customers FOR UPDATE',
    'FETCH 1 FROM c',
    'UPDATE customers SET name = ssn WHERE CURRENT OF c RETURNING name',
    'COMMIT',
  ],
  ['BEGIN', "SELECT 'x'", 'FETCH ALL FROM unknown_cursor', 'COMMIT'],
  ['BEGIN', 'DECLARE c BINARY CURSOR FOR SELECT ssn, score FROM customers', 'FETCH 3 FROM c', 'COMMIT'],
  ['BEGIN', 'DECLARE c INSENSITIVE CURSOR FOR SELECT * FROM customers', 'FETCH FORWARD ALL FROM c', 'COMMIT'],
  [
    'BEGIN',
    'DECLARE c NO SCROLL CURSOR FOR TABLE clients',
    'FETCH NEXT FROM c',
    'FETCH RELATIVE 1 FROM c',
    'COMMIT',
  ],
  [
    'BEGIN',
    'DECLARE c SCROLL CURSOR FOR SELECT ssn FROM customers ORDER BY score',
    'FETCH LAST FROM c',
    'FETCH PRIOR FROM c',
    'FETCH FIRST FROM c',
    'FETCH ABSOLUTE -2 FROM c',
    'FETCH BACKWARD ALL FROM c',
    'COMMIT',
  ],
  ['DECLARE c CURSOR WITH HOLD FOR SELECT secret FROM clients', 'FETCH ALL FROM c', 'CLOSE c'],
  ['BEGIN', 'DECLARE "Odd name" CURSOR FOR SELECT email FROM customers', 'FETCH ALL IN "Odd name"', 'COMMIT'],
  [
    'BEGIN',
    'DECLARE c CURSOR FOR SELECT id FROM customers WHERE score % 3 = 0',
    'MOVE FORWARD ALL FROM c',
    'COMMIT',
  ],
  [
    'BEGIN',
    'DECLARE c SCROLL CURSOR FOR SELECT id FROM customers ORDER BY score % 7, id',
    'MOVE 4 FROM c',
    'FETCH 1 FROM c',
    'COMMIT',
  ],
  ['BEGIN', 'DECLARE c CURSOR FOR SELECT who FROM directory', 'FETCH ALL FROM c', 'COMMIT'],
  [
    'BEGIN',
    'DECLARE c CURSOR FOR WITH x AS (SELECT ssn FROM customers) SELECT * FROM x',
    'FETCH ALL FROM c',
    'COMMIT',
  ],
  [
    'BEGIN',
    'DECLARE c CURSOR FOR VALUES ((SELECT ssn FROM customers WHERE id = 1))',
    'FETCH ALL FROM c',
    'COMMIT',
  ],
  [
    'BEGIN',
    'DECLARE c CURSOR FOR SELECT id, name FROM clients FOR UPDATE',
    'FETCH 1 FROM c',
    'UPDATE clients SET name = secret WHERE CURRENT OF c RETURNING name',
    'COMMIT',
  ],
  [
    'BEGIN',
    'DECLARE c CURSOR FOR SELECT id, name FROM people FOR UPDATE',
    'FETCH 1 FROM c',
    'DELETE FROM people WHERE CURRENT OF c RETURNING pin',
    'COMMIT',
  ],
  [
    'BEGIN',
    'DECLARE c CURSOR FOR SELECT id, name FROM customers FOR UPDATE',
    'FETCH 2 FROM c',
    'UPDATE customers SET name = name WHERE CURRENT OF c RETURNING *',
    'ROLLBACK',
  ],
  [
    'BEGIN',
    'DECLARE c CURSOR FOR SELECT 1',
    'CLOSE c',
    'DECLARE c CURSOR FOR SELECT ssn FROM customers',
    'FETCH ALL FROM c',
    'COMMIT',
  ],
  [
    'BEGIN',
    'DECLARE c CURSOR FOR SELECT 1',
    'SAVEPOINT s',
    'CLOSE c',
    'DECLARE c CURSOR FOR SELECT ssn FROM customers',
    'FETCH 1 FROM c',
    'ROLLBACK TO s',
    'FETCH 1 FROM c',
    'COMMIT',
  ],
  ['BEGIN', 'DECLARE c CURSOR FOR SELECT 1', 'DECLARE c CURSOR FOR SELECT ssn FROM customers', 'ROLLBACK'],
  [
    'BEGIN',
    'DECLARE a CURSOR FOR SELECT 1',
    'DECLARE b CURSOR FOR SELECT ssn FROM customers',
    'FETCH 1 FROM a',
    'FETCH 1 FROM b',
    'CLOSE ALL',
    'COMMIT',
  ],
  ['BEGIN; DECLARE c CURSOR FOR SELECT ssn FROM customers; FETCH ALL FROM c; COMMIT'],
  {
    steps: [
      'BEGIN',
      {
        messages: [
          { parse: 'SELECT ssn FROM customers' },
          { bind: '', portal: 'p' },
          { execute: 'p', maxRows: 2 },
        ],
      },
      'FETCH 2 FROM p',
      'FETCH ALL FROM p',
      'COMMIT',
    ],
  },
  {
    steps: [
      'BEGIN',
      { messages: [{ parse: 'SELECT name FROM plain_names' }] },
      {
        messages: [
          { parse: 'SELECT ssn FROM customers', as: 's' },
          { bind: 's', portal: 'p', binary: true },
        ],
      },
      {
        messages: [
          { execute: 'p', maxRows: 1 },
          { execute: 'p', maxRows: 1 },
          { describe: 'portal', name: 'p' },
        ],
      },
      'ROLLBACK',
    ],
  },
  {
    steps: [
      'BEGIN',
      {
        messages: [
          { parse: 'DECLARE c CURSOR FOR SELECT ssn FROM customers' },
          { bind: '' },
          { execute: '' },
        ],
      },
      {
        messages: [
          { parse: 'FETCH ALL FROM c' },
          { bind: '', binary: true },
          { describe: 'portal' },
          { execute: '' },
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
          { parse: 'DECLARE c CURSOR FOR SELECT id FROM customers WHERE score > $1', types: [23] },
          { bind: '', values: ['770100'] },
          { execute: '' },
        ],
      },
      'FETCH ALL FROM c',
      'COMMIT',
    ],
  },
  {
    steps: [
      'BEGIN',
      'DECLARE c CURSOR FOR SELECT v FROM plain',
      { owner: 'ALTER TABLE plain ADD COLUMN later int' },
      'FETCH 1 FROM c',
      'SELECT ssn FROM customers LIMIT 1',
      'ROLLBACK',
    ],
  },
  {
    steps: [
      'DECLARE h CURSOR WITH HOLD FOR SELECT amount FROM safe_orders',
      {
        owner:
          'CREATE OR REPLACE VIEW safe_orders AS SELECT id, score::numeric(10,2) AS amount FROM customers',
      },
      'FETCH 1 FROM h',
      'CLOSE h',
      'SELECT amount FROM safe_orders',
    ],
  },
  [
    'BEGIN',
    'DECLARE c CURSOR FOR SELECT ssn FROM customers',
    'COPY (SELECT 1) TO STDOUT',
    'FETCH 2 FROM c',
    'COMMIT',
  ],
  [
    'BEGIN',
    'DECLARE c CURSOR FOR EXECUTE p',
    'DECLARE d CURSOR FOR SELECT peek(1)',
    'ROLLBACK',
    'SELECT ssn FROM customers',
  ],
  [
    'BEGIN',
    'DECLARE c CURSOR FOR SELECT secret FROM clients',
    'FETCH 0 FROM c',
    'FETCH 1 FROM c',
    'FETCH 0 FROM c',
    'COMMIT',
  ],
  ['BEGIN', 'DECLARE c CURSOR FOR SELECT * FROM ONLY grand', 'FETCH ALL FROM c', 'COMMIT'],
  ['BEGIN', 'DECLARE c CURSOR FOR SELECT note FROM over_small', 'FETCH ALL FROM c', 'COMMIT'],
  ['BEGIN', 'DECLARE c CURSOR FOR SELECT rich.id FROM rich', 'FETCH ALL FROM c', 'COMMIT'],
]);
