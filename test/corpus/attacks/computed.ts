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

const FILLED = `CREATE MATERIALIZED VIEW failing AS SELECT id, ${FAILS} AS n FROM letters`;
const REFRESH = 'REFRESH MATERIALIZED VIEW failing';
const SAMPLED = `CREATE STATISTICS failing ON (${FAILS}) FROM letters`;

/** What is computed where nobody reads it, or anew by upkeep, fails for some values of what it is computed of. */
export const computedAnew = family('computed anew', [
  ...[
    `WITH x AS MATERIALIZED (SELECT id, ${FAILS} AS n FROM letters) SELECT id FROM x`,
    `WITH x AS (SELECT id, ${FAILS} AS n FROM letters) SELECT x.id FROM x JOIN x y ON x.id = y.id`,
    `SELECT id FROM (SELECT id, ${FAILS} AS n FROM letters UNION ALL SELECT id, n FROM plain LIMIT 9) x`,
    `SELECT id, rank() OVER (ORDER BY ${FAILS}) AS n FROM letters`,
    `SELECT id, first_value(id) OVER w AS n FROM letters WINDOW w AS (PARTITION BY ${FAILS})`,
    `SELECT id, generate_series(1, 2) + ${FAILS} AS n FROM letters`,
    `SELECT id, ${FAILS} * random() AS n FROM letters`,
    `SELECT l.id FROM letters l, LATERAL abs(${FAILS}) x (n)`,
    `SELECT l.id FROM letters l, LATERAL (VALUES (${FAILS}), (1)) x (n) ORDER BY 1`,
  ].map((query) => [...given(`CREATE VIEW failing AS ${query}`), GUESS, 'SELECT id FROM failing']),
  [...given(FILLED), GUESS, REFRESH],
  [
    ...given(
      `CREATE VIEW within AS SELECT id, ${FAILS} AS n FROM letters; CREATE MATERIALIZED VIEW failing AS SELECT id, n FROM within`,
    ),
    GUESS,
    REFRESH,
  ],
  [
    ...given(
      'CREATE MATERIALIZED VIEW failing AS SELECT id, score + n AS n FROM customers JOIN plain USING (id)',
    ),
    'UPDATE plain SET n = 2147483647 - 770010 WHERE id = 1',
    REFRESH,
  ],
  [
    ...given(
      'CREATE MATERIALIZED VIEW failing AS SELECT (SELECT c.id FROM customers c WHERE c.score > p.n) AS n FROM plain p WHERE p.id = 1 WITH NO DATA',
    ),
    'UPDATE plain SET n = 770150 WHERE id = 1',
    REFRESH,
  ],
  [
    ...given(
      "CREATE MATERIALIZED VIEW failing AS SELECT id, title, left(body, 14) AS body FROM letters; CREATE INDEX ON failing ((1 / length(replace(body, title, ''))))",
    ),
    GUESS,
    REFRESH,
  ],
  [...given(SAMPLED), GUESS, 'ANALYZE letters'],
  [...given(SAMPLED), GUESS, 'VACUUM (ANALYZE) letters'],
  [...given(SAMPLED), GUESS, 'ANALYZE letters (title), plain'],
  [...given(SAMPLED), GUESS, 'ANALYZE'],
]);
