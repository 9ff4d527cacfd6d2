import { family } from '../attack.ts';

export const unseen = family('unseen', [
  'SELECT * FROM spying',
  'SELECT * FROM twice_spying',
  "SELECT * FROM statistics WHERE tablename = 'customers'",
  "SELECT 'SSN-leak-77'::guessed",
  "SELECT '{SSN-leak-77}'::guessed[]",
  'SELECT json_populate_record(null::holding_guess, \'{"a":1,"b":"SSN-leak-77"}\')',
  'SELECT json_populate_record(g, \'{"v":"SSN-leak-77"}\') FROM guesses g',
  "INSERT INTO guesses VALUES (1, 'SSN-leak-77')",
  "INSERT INTO checked VALUES ('SSN-leak-77')",
  'SELECT v FROM derived',
  'INSERT INTO defaulted (id) VALUES (1) RETURNING v',
  'INSERT INTO defaulted_oddly (id) VALUES (1) RETURNING v',
  ['SET search_path = evil, public', "SELECT 3 IN (SELECT 'SSN-leak-21'::text)"],
  ['SET search_path = evil, public', "SELECT CASE 3 WHEN 'SSN-leak-21'::text THEN 'yes' ELSE 'no' END"],
  ['SET search_path = evil, public', "SELECT 3 BETWEEN 'SSN-leak-21'::text AND 4"],
  [
    'SET search_path = evil, public',
    "SELECT count(*) FROM (SELECT 3 AS k) a JOIN (SELECT 'SSN-leak-21'::text AS k) b USING (k)",
  ],
  [
    'SET search_path = evil, public',
    "SELECT count(*) FROM (SELECT 3 AS k) a NATURAL JOIN (SELECT 'SSN-leak-21'::text AS k) b",
  ],
  'UPDATE pay SET bonus = 2147483647 - 660030 WHERE id = 4',
  'UPDATE ratio SET part = 2 WHERE id = 4',
  'SELECT v FROM derived WHERE id = 2',
  'SELECT d FROM derived d',
  'INSERT INTO derived (id) VALUES (3) RETURNING v',
  'SELECT v FROM spied ORDER BY v',
  "SELECT id FROM spied WHERE v = 'a'",
  "INSERT INTO spied VALUES (3, 'c')",
  'SELECT id FROM policed ORDER BY id',
  'SELECT * FROM watching',
  "INSERT INTO written_check VALUES ('SELECT ssn FROM customers')",
  {
    steps: [
      { owner: 'ALTER TABLE clients ADD COLUMN loud text GENERATED ALWAYS AS (upper(secret)) STORED' },
      'SELECT loud FROM clients',
    ],
  },
  {
    steps: [
      { owner: 'ALTER TABLE clients ADD COLUMN loud text GENERATED ALWAYS AS (upper(secret)) VIRTUAL' },
      'SELECT loud FROM clients',
      'SELECT id FROM clients ORDER BY loud',
      'SELECT secret FROM clients',
    ],
  },
  {
    steps: [
      { owner: "CREATE FUNCTION quiet(clients) RETURNS text LANGUAGE sql AS 'SELECT $1.secret'" },
      'SELECT c.quiet FROM clients c',
      'SELECT quiet(c) FROM clients c',
    ],
  },
  { steps: [{ owner: 'CREATE VIEW v_now AS SELECT * FROM clients' }, 'SELECT secret FROM v_now'] },
  {
    steps: [
      {
        owner:
          'CREATE OPERATOR CLASS mood_spy DEFAULT FOR TYPE mood USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 mood_cmp(mood, mood)',
      },
      'SELECT feeling, secret FROM customers, clients',
    ],
  },
  {
    steps: [
      {
        owner:
          "CREATE FUNCTION pg_catalog.innocent(int) RETURNS text LANGUAGE sql AS 'SELECT secret FROM public.clients WHERE id = $1'",
      },
      'SELECT innocent(1)',
      'SELECT secret FROM clients',
    ],
  },
  {
    steps: [
      { owner: 'CREATE AGGREGATE spy_max (int) (SFUNC = drawer_state, STYPE = text)' },
      'SELECT spy_max(id) FROM plain',
    ],
  },
  {
    steps: [
      {
        owner:
          'ALTER TABLE plain ADD COLUMN leak text DEFAULT NULL; UPDATE plain SET leak = NULL; CREATE TABLE "CUSTOMERS" AS SELECT id FROM customers',
      },
      'SELECT id FROM "CUSTOMERS", (SELECT secret FROM clients) x',
    ],
  },
]);
