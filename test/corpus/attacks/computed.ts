import { family, type Step } from '../attack.ts';

/** Past the gateway, and noticed by the next statement. */
const given = (owner: string): Step[] => [{ owner }, 'SELECT 1'];

const KINDS =
  "CREATE VIEW kinds AS SELECT id, CASE WHEN score > 770010 THEN 'rich' END AS kind FROM customers";
const GENERATED =
  "ALTER TABLE letters ADD g text GENERATED ALWAYS AS (CASE WHEN body LIKE '%-7 %' THEN 'x' END) STORED";
const OTHERS = 'CREATE VIEW others AS SELECT id, nullif(title, left(body, 14)) AS t FROM letters';
const FAILS = "1 / length(replace(left(body, 14), title, ''))";
const GUESS = "UPDATE letters SET title = 'letter-leak-7 ' WHERE id = 1";

/** What is computed of masked columns is NULL, or an error, for some of their values. */
export const computed = family('computed', [
  [...given(KINDS), 'SELECT id, kind FROM kinds ORDER BY id'],
  [...given(KINDS), 'SELECT count(kind), count(*) FROM kinds'],
  [...given(KINDS), 'SELECT id FROM kinds WHERE kind IS NULL ORDER BY id'],
  [
    ...given(`${KINDS}; CREATE VIEW again AS SELECT id, kind AS k FROM kinds`),
    'SELECT k FROM again ORDER BY id',
  ],
  [
    ...given(`${KINDS}; CREATE MATERIALIZED VIEW kept_kinds AS SELECT * FROM kinds`),
    'SELECT kind FROM kept_kinds ORDER BY id',
  ],
  [...given(GENERATED), 'SELECT id, g FROM letters ORDER BY id'],
  [...given(GENERATED), 'UPDATE letters SET title = title RETURNING id, g'],
  [
    ...given(GENERATED.replace('STORED', 'STORED; CREATE TABLE lettered () INHERITS (letters)')),
    'SELECT g FROM letters',
  ],
  [...given(OTHERS), GUESS, 'SELECT id, t FROM others'],
  [
    ...given(`CREATE VIEW failing AS SELECT id, (${FAILS})::text AS t FROM letters`),
    GUESS,
    'SELECT t FROM failing',
  ],
  [
    ...given(`CREATE VIEW failing AS SELECT id, (${FAILS})::text AS t FROM letters OFFSET 0`),
    GUESS,
    'SELECT t FROM failing',
  ],
]);
