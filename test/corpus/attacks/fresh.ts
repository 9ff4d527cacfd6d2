import { family } from '../attack.ts';

export const fresh = [
  ...family('drift', [
    [
      'BEGIN',
      'CREATE VIEW twofold AS SELECT name AS s FROM clients',
      'SELECT s FROM twofold',
      'CREATE OR REPLACE VIEW twofold AS SELECT secret AS s FROM clients',
      'SELECT s FROM twofold',
      "SELECT s || '' AS t FROM twofold",
      'ROLLBACK',
    ],
    [
      'BEGIN',
      'CREATE VIEW twofold AS SELECT name AS s FROM clients',
      "SELECT s || '' AS t FROM twofold",
      'CREATE OR REPLACE VIEW twofold AS SELECT secret AS s FROM clients',
      "SELECT s || '' AS t FROM twofold",
      'ROLLBACK',
    ],
    [
      'BEGIN',
      'ALTER TABLE clients RENAME COLUMN secret TO spare',
      'ALTER TABLE clients RENAME COLUMN name TO secret',
      "SELECT secret || '' AS t FROM clients",
      'ALTER TABLE clients RENAME COLUMN secret TO name',
      'ALTER TABLE clients RENAME COLUMN spare TO secret',
      "SELECT secret || '' AS t FROM clients",
      'ROLLBACK',
    ],
    {
      steps: [
        'BEGIN',
        'ALTER TABLE customers ADD COLUMN more int',
        { owner: 'CREATE TABLE meanwhile (id int)' },
        'SELECT id, ssn FROM customers',
        'ROLLBACK',
      ],
    },
    {
      steps: [
        'BEGIN',
        'LOCK TABLE customers IN ACCESS EXCLUSIVE MODE',
        { owner: 'CREATE TABLE meanwhile (id int)' },
        'SELECT id, ssn FROM customers',
        'SELECT id, ssn, nowhere FROM customers',
        'ROLLBACK',
      ],
    },
  ]),
];
