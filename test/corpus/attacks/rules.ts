import { family } from '../attack.ts';

export const rules = family('rules', [
  'INSERT INTO ruled VALUES (1, $$x$$)',
  [
    'CREATE RULE r AS ON INSERT TO plain DO ALSO SELECT ssn FROM customers',
    'INSERT INTO plain (id) VALUES (98)',
  ],
  [
    'CREATE RULE r2 AS ON SELECT TO archive DO INSTEAD SELECT id, ssn AS who, email AS what FROM customers',
    'SELECT * FROM archive',
  ],
  ["INSERT INTO ruled_also VALUES (1, 'x')", 'SELECT who FROM archive'],
  "INSERT INTO ruled_also VALUES (1, 'x') RETURNING *; SELECT who FROM archive",
  'DELETE FROM ruled_also WHERE id = 1',
  'DELETE FROM ruled_also',
  "UPDATE ruled_update SET v = 'y' WHERE id = 1 RETURNING v",
  ["INSERT INTO ruled_also VALUES (1, 'a')", 'UPDATE ruled_update SET id = 1', 'SELECT v FROM ruled_also'],
  ['DELETE FROM ruled_update', 'SELECT count(*) FROM ruled_update'],
  'DELETE FROM ruled_update WHERE id = 1 RETURNING id',
  "INSERT INTO ruled_view VALUES (1, 'x')",
  ["UPDATE ruled_view SET v = 'x'", 'SELECT who FROM archive'],
  "INSERT INTO ruled VALUES (1, 'x') RETURNING id",
  [
    "WITH x AS (INSERT INTO ruled_also VALUES (3, 'x') RETURNING 1) SELECT * FROM x",
    'SELECT who FROM archive',
  ],
  ['PREPARE r AS DELETE FROM ruled_also', 'EXECUTE r'],
  {
    steps: [
      {
        messages: [
          { parse: 'DELETE FROM ruled_also' },
          { bind: '' },
          { describe: 'portal' },
          { execute: '' },
        ],
      },
    ],
  },
  [
    'CREATE RULE mine AS ON INSERT TO plain DO INSTEAD SELECT secret FROM clients',
    'INSERT INTO plain (id) VALUES (90)',
  ],
  [
    'CREATE RULE mine AS ON UPDATE TO plain DO ALSO INSERT INTO archive SELECT id, secret FROM clients',
    'UPDATE plain SET n = 1 WHERE id = 1',
    'SELECT who FROM archive',
  ],
  [
    'CREATE RULE mine AS ON DELETE TO plain DO ALSO NOTIFY leak',
    'DELETE FROM plain WHERE id = 1',
    'SELECT secret FROM clients',
  ],
  [
    'CREATE OR REPLACE RULE "_RETURN" AS ON SELECT TO safe_orders DO INSTEAD SELECT id, score::numeric(10,2) AS amount FROM customers',
    'SELECT amount FROM safe_orders',
  ],
  [
    'CREATE RULE "_RETURN" AS ON SELECT TO archive DO INSTEAD SELECT id, secret AS who, name AS what FROM clients',
    'SELECT who FROM archive',
  ],
  [
    'CREATE RULE mine AS ON INSERT TO directory DO INSTEAD UPDATE plain SET v = (SELECT ssn FROM customers WHERE id = NEW.id) RETURNING id, v, v',
    "INSERT INTO directory VALUES (1, 'x', 'y') RETURNING *",
  ],
  {
    steps: [
      'SELECT count(*) FROM plain',
      { owner: 'CREATE RULE late AS ON DELETE TO plain DO ALSO SELECT secret FROM clients' },
      'DELETE FROM plain WHERE id = 999',
    ],
  },
  {
    steps: [
      { messages: [{ parse: 'DELETE FROM plain WHERE id = 999', as: 'd' }] },
      { owner: 'CREATE RULE late AS ON DELETE TO plain DO ALSO SELECT secret FROM clients' },
      { messages: [{ bind: 'd' }, { execute: '' }] },
    ],
  },
  {
    steps: [
      'BEGIN',
      'SELECT count(*) FROM ruled',
      { owner: 'ALTER TABLE ruled ENABLE ALWAYS RULE ruled_r' },
      "INSERT INTO ruled VALUES (5, 'x')",
      'ROLLBACK',
    ],
  },
  {
    steps: [
      {
        owner:
          "CREATE RULE where_only AS ON UPDATE TO plain WHERE EXISTS (SELECT FROM clients WHERE secret = 'client-leak-7') DO INSTEAD NOTHING",
      },
      "UPDATE plain SET v = 'x' WHERE id = 1",
    ],
  },
  {
    steps: [
      {
        owner:
          'CREATE RULE both AS ON INSERT TO plain DO ALSO (SELECT ssn FROM customers LIMIT 1; SELECT secret FROM clients LIMIT 1)',
      },
      'INSERT INTO plain (id) VALUES (91)',
    ],
  },
  'MERGE INTO ruled_also r USING plain p ON r.id = p.id WHEN NOT MATCHED THEN INSERT VALUES (p.id, p.v); SELECT secret FROM clients',
  [
    'ALTER RULE also ON ruled_also RENAME TO quite',
    "INSERT INTO ruled_also VALUES (7, 'x')",
    'SELECT who FROM archive',
  ],
  [
    'DROP RULE ruled_r ON ruled',
    'CREATE RULE x AS ON INSERT TO ruled DO ALSO SELECT secret FROM clients',
    "INSERT INTO ruled VALUES (1, 'x')",
  ],
  'EXPLAIN (ANALYZE, TIMING off, SUMMARY off, COSTS off) DELETE FROM ruled_also',
  'SELECT definition FROM pg_rules UNION ALL SELECT secret FROM clients',
  {
    steps: [
      { copyIn: 'COPY ruled_also FROM STDIN', data: '1\tx\n' },
      "INSERT INTO ruled_also VALUES (8, 'x')",
      'SELECT who FROM archive',
    ],
  },
]);
