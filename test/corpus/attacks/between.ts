import { family, type Message, type Step } from '../attack.ts';

const set = (path: string, name: string): Message[] => [
  { parse: `SET search_path = ${path}`, as: name },
  { bind: name, portal: name },
  { execute: name },
];
const OWN = 'CREATE TEMP TABLE customers (email text, ssn text)';
const asOwn = 'SET search_path = pg_temp, public';

/** Prepared by one meaning of its names, planned by another, and run by the first again. */
const planned = (text: string): Step => ({
  messages: [
    { parse: text, as: 'j' },
    ...set('public, pg_temp', 'a'),
    { bind: 'j', portal: 'x' },
    ...set('pg_temp, public', 'b'),
    { execute: 'x' },
  ],
});

export const plannedBetween = family('planned between', [
  [OWN, asOwn, planned('SELECT email FROM customers')],
  [OWN, asOwn, planned("SELECT ssn || '' AS s FROM customers")],
  [OWN, asOwn, planned('SELECT string_agg(ssn, $$,$$) FROM customers')],
  [
    OWN,
    'CREATE TEMP TABLE sink (v text)',
    asOwn,
    planned('INSERT INTO sink SELECT ssn FROM customers'),
    'SELECT v FROM sink',
  ],
  [
    OWN,
    'CREATE TEMP TABLE sink (id int, v text)',
    'INSERT INTO sink SELECT generate_series(1, 20)',
    asOwn,
    planned('UPDATE sink SET v = ssn FROM customers'),
    'SELECT v FROM sink',
  ],
  [OWN, asOwn, planned('CREATE TEMP TABLE sink AS SELECT ssn AS v FROM customers'), 'SELECT v FROM sink'],
  [
    OWN,
    asOwn,
    'BEGIN',
    { messages: [{ parse: "SELECT ssn || '' AS s FROM customers", as: 'j' }] },
    { messages: set('public, pg_temp', 'a') },
    { messages: [{ bind: 'j', portal: 'x' }] },
    { messages: set('pg_temp, public', 'b') },
    { messages: [{ execute: 'x' }] },
    'COMMIT',
  ],
  [
    'CREATE TEMP TABLE mine (ssn text)',
    'BEGIN',
    { messages: [{ parse: "SELECT ssn || '' AS s FROM customers", as: 'j' }] },
    'ROLLBACK',
    OWN,
    asOwn,
    'BEGIN',
    { messages: [{ parse: "SELECT ssn || '' AS s FROM customers", as: 'k' }] },
    'ALTER TABLE customers RENAME TO gone',
    { messages: [{ bind: 'k', portal: 'x' }] },
    'ALTER TABLE gone RENAME TO customers',
    { messages: [{ execute: 'x' }] },
    'COMMIT',
  ],
]);

/** What a rollback takes back of what a name means. */
export const takenBack = family('taken back', [
  [
    'BEGIN',
    "SELECT 'x'::text AS ssn INTO TEMP customers UNION SELECT 'y'",
    { owner: 'CREATE TABLE nobodys ()' },
    'SELECT pg_sleep(0.6)',
    'SELECT 1',
    'ROLLBACK',
    "SELECT ssn || '' AS s FROM customers",
  ],
  [
    'BEGIN',
    'SAVEPOINT a',
    "(SELECT 'x'::text AS ssn INTO TEMP customers) EXCEPT SELECT 'y'",
    { owner: 'CREATE TABLE nobodys ()' },
    'SELECT pg_sleep(0.6)',
    'SELECT 1',
    'ROLLBACK TO a',
    "SELECT ssn || '' AS s FROM customers",
    'ROLLBACK',
  ],
  [
    'BEGIN',
    'CREATE TEMP TABLE customers AS SELECT 1 AS ssn',
    { owner: 'CREATE TABLE nobodys ()' },
    'SELECT pg_sleep(0.6)',
    'SELECT 1',
    'ROLLBACK',
    "SELECT ssn || '' AS s FROM customers",
  ],
]);

/** What a materialised view holds, when a view below it is another one now. */
export const replacedBelow = family('replaced below', [
  [
    {
      owner:
        'CREATE VIEW base AS SELECT ssn AS x FROM customers; CREATE MATERIALIZED VIEW m AS SELECT x FROM base',
    },
    "CREATE OR REPLACE VIEW base AS SELECT ''::text AS x",
    'SELECT x FROM m',
  ],
  [
    {
      owner:
        'CREATE VIEW base AS SELECT ssn AS x FROM customers; CREATE VIEW over AS SELECT upper(x) AS x FROM base; CREATE MATERIALIZED VIEW m AS SELECT x FROM over',
    },
    "CREATE OR REPLACE VIEW base AS SELECT ''::text AS x",
    'SELECT x FROM m',
  ],
  [
    {
      owner:
        'CREATE VIEW base AS SELECT score AS x FROM customers; CREATE MATERIALIZED VIEW low AS SELECT x FROM base; CREATE MATERIALIZED VIEW m AS SELECT x + 0 AS x FROM low',
    },
    'CREATE OR REPLACE VIEW base AS SELECT 1 AS x',
    'SELECT max(x) FROM m',
  ],
  [
    {
      owner:
        'CREATE VIEW base AS SELECT id FROM customers WHERE score > 770060; CREATE MATERIALIZED VIEW m AS SELECT id FROM base',
    },
    'CREATE OR REPLACE VIEW base AS SELECT 1 AS id',
    'SELECT count(*) FROM m',
  ],
  [
    {
      owner:
        'CREATE VIEW base AS SELECT ssn AS x FROM customers; CREATE MATERIALIZED VIEW m AS SELECT x FROM base',
    },
    "CREATE OR REPLACE RECURSIVE VIEW base (x) AS SELECT ''::text",
    'SELECT x FROM m',
  ],
]);
