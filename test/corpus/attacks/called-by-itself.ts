import { family } from '../attack.ts';

const SECRET = "LANGUAGE sql IMMUTABLE AS 'SELECT max(secret) FROM public.clients'";
const GUESS = 'CREATE TEMP TABLE tt AS SELECT v FROM guesses';
const MOODS = `CREATE FUNCTION mood_json(mood) RETURNS json LANGUAGE sql AS 'SELECT to_json(max(secret)) FROM public.clients'; CREATE CAST (mood AS json) WITH FUNCTION mood_json(mood); CREATE TABLE moods (m mood, l mood[]); INSERT INTO moods VALUES ('calm', '{calm}')`;
const DEFAULTS = 'CREATE DOMAIN dd AS text DEFAULT peek(1); CREATE TABLE td (id int, v dd)';
const KEYED = `CREATE FUNCTION kept(int) RETURNS text ${SECRET}; CREATE TABLE pf (id int) PARTITION BY LIST (kept(id)); CREATE TABLE pf1 PARTITION OF pf FOR VALUES IN ('client-leak-7'); CREATE TABLE pf2 PARTITION OF pf DEFAULT`;
const CONDITION = (event: string, row = 'NEW', called = 'stamp') =>
  `CREATE TABLE tz (id int, changes int DEFAULT 0); INSERT INTO tz VALUES (1, 0); CREATE TRIGGER trz BEFORE ${event} ON tz FOR EACH ROW WHEN (peek(${row}.id) LIKE '%-7') EXECUTE FUNCTION ${called}()`;
const COUNTED =
  "CREATE FUNCTION loud(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$BEGIN RAISE NOTICE 'loud %', (SELECT max(secret) FROM public.clients); RETURN $1; END$$; CREATE TABLE sx (id int); INSERT INTO sx VALUES (1); CREATE STATISTICS sxs ON (loud(id)) FROM sx";

const QUIET =
  "CREATE FUNCTION quiet(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$BEGIN RAISE NOTICE 'loud %', (SELECT max(secret) FROM public.clients); RETURN $1; END$$";
const PLANNED = (made: string) => `${QUIET}; ${made}; INSERT INTO sx VALUES (1)`;

const after = (owner: string, ...texts: readonly string[]) => ({
  steps: [{ owner }, 'SELECT 1', ...texts],
});

/**
 * What the server calls by itself: nobody has reviewed it, and no statement names it. Checks of domains where something
 * becomes one, explicit casts to JSON, defaults of types, partition keys, conditions of triggers, statistics; and what is
 * computed of constants alone as a query is planned.
 */
export const calledByItself = family('called by itself', [
  "SELECT array_append(ARRAY[(SELECT v FROM guesses)], 'SSN-leak-77')",
  "SELECT array_prepend('SSN-leak-77', ARRAY[(SELECT v FROM guesses)])",
  "SELECT lag((SELECT v FROM guesses), 1, 'SSN-leak-77') OVER ()",
  "SELECT array_position(array_agg(v), 'SSN-leak-77') FROM guesses",
  "SELECT array_cat(array_agg(v), '{SSN-leak-77}') FROM guesses",
  "SELECT array_agg(v) = '{SSN-leak-77}' FROM guesses",
  "SELECT array_agg(v) @> '{SSN-leak-77}' FROM guesses",
  "SELECT array_agg(v) || '{SSN-leak-77}' FROM guesses",
  "WITH w AS (SELECT v FROM guesses) SELECT array_append(array_agg(v), 'SSN-leak-77') FROM w",
  [GUESS, "SELECT '(SSN-leak-77)'::tt"],
  [GUESS, "SELECT '{(SSN-leak-77)}'::tt[]"],
  [GUESS, "SELECT ROW('SSN-leak-77')::tt"],
  [GUESS, 'SELECT json_populate_record(NULL::tt, \'{"v":"SSN-leak-77"}\')'],
  ['CREATE TEMP VIEW tv AS SELECT v FROM guesses', "SELECT '(SSN-leak-77)'::tv"],
  ['CREATE TEMP TABLE tl (LIKE guesses)', "SELECT '(1,SSN-leak-77)'::tl"],
  [GUESS, 'CREATE TEMP TABLE within (t tt)', 'SELECT \'("(SSN-leak-77)")\'::within'],
  [GUESS, 'CREATE TEMP TABLE within (t tt[])', 'SELECT \'("{(SSN-leak-77)}")\'::within'],
  after(MOODS, 'SELECT to_json(m) FROM moods'),
  after(MOODS, 'SELECT to_jsonb(m) FROM moods'),
  after(MOODS, 'SELECT to_json(l) FROM moods'),
  after(MOODS, 'SELECT row_to_json(moods) FROM moods'),
  after(MOODS, 'SELECT json_agg(m) FROM moods'),
  after(MOODS, "SELECT to_json('calm'::mood)"),
  after(MOODS, "SELECT to_json('{calm}'::mood[])"),
  after(DEFAULTS, 'INSERT INTO td (id) VALUES (1) RETURNING v'),
  after(DEFAULTS, 'INSERT INTO td VALUES (1, DEFAULT) RETURNING v'),
  after(DEFAULTS, 'ALTER TABLE plain ADD COLUMN leak dd', 'SELECT leak FROM plain'),
  after(DEFAULTS, 'CREATE TEMP TABLE tdd (id int, v dd)', 'INSERT INTO tdd (id) VALUES (1) RETURNING v'),
  after(DEFAULTS, 'CREATE TEMP TABLE tdl (LIKE td)', 'INSERT INTO tdl (id) VALUES (1) RETURNING v'),
  after(KEYED, 'INSERT INTO pf VALUES (1) RETURNING tableoid::regclass'),
  after(KEYED, 'INSERT INTO pf1 VALUES (1)'),
  after(CONDITION('INSERT'), 'INSERT INTO tz VALUES (1, 0) RETURNING changes'),
  after(CONDITION('UPDATE'), 'UPDATE tz SET changes = 0 RETURNING changes'),
  after(CONDITION('DELETE', 'OLD', 'suppress_redundant_updates_trigger'), 'DELETE FROM tz'),
  after(COUNTED, 'ANALYZE sx'),
  after(
    PLANNED('CREATE TABLE sx (id int); CREATE STATISTICS sxs ON (id + quiet(1)) FROM sx'),
    'SELECT id FROM sx',
  ),
  after(PLANNED('CREATE TABLE sx (id int); CREATE INDEX ON sx ((id + quiet(abs(-1))))'), 'SELECT id FROM sx'),
  after(
    PLANNED('CREATE TABLE sx (id int); CREATE INDEX ON sx (id) WHERE quiet(1) = 1'),
    'SELECT id FROM sx WHERE id = 1',
  ),
  after(
    PLANNED(
      'CREATE TABLE sx (id int) PARTITION BY LIST ((id + quiet(1))); CREATE TABLE sx1 PARTITION OF sx DEFAULT',
    ),
    'SELECT id FROM sx',
  ),
  after(
    PLANNED('CREATE TABLE sy (id int CHECK (id < 5 + quiet(1))); CREATE TABLE sx (LIKE sy INCLUDING ALL)'),
    'SET constraint_exclusion = on',
    'SELECT id FROM sx WHERE id = 1',
  ),
]);

const SYNTAX = [
  ['json_scalar', "'x'"],
  ['json_serialize', "'x'"],
  ['json_value', "'1', '2'"],
  ['json_query', "'1', '2'"],
  ['json_exists', "'1', '2'"],
  ['json_arrayagg', "'x'"],
  ['json_array', "'x'"],
  ['json_array', ''],
  ['json_object', ''],
  ['json_object', "'a', 'b', 'c'"],
  ['merge_action', ''],
  ['json', '1'],
] as const;

/** What a database of PostgreSQL 15 may have, and newer grammars take for SQL/JSON. */
export const OLDER_DATABASE = [...new Set(SYNTAX.map(([name]) => name).filter((name) => name !== 'json'))]
  .map((name) => `CREATE FUNCTION public.${name}(VARIADIC v text[] DEFAULT '{}') RETURNS text ${SECRET}`)
  .concat(
    `CREATE FUNCTION public.json(int) RETURNS text ${SECRET}`,
    'CREATE DOMAIN public.json AS text CHECK (lookup(VALUE))',
  )
  .join(';');

/** What newer grammars read as SQL/JSON is a call of a function of `OLDER_DATABASE` on a server without that syntax. */
export const olderGrammar = family('older grammar', [
  ...SYNTAX.flatMap(([name, given]) => [
    `SELECT ${name}(${given})`,
    `SELECT * FROM ${name}(${given}) z`,
    [`ALTER TABLE plain ADD COLUMN leak text DEFAULT ${name}(${given})`, 'SELECT leak FROM plain'],
  ]),
  ...["SELECT 'SSN-leak-77'::json", "SELECT json 'SSN-leak-77'", "SELECT '{SSN-leak-77}'::json[]"].map(
    (text) => ['SET search_path = public, pg_catalog', text],
  ),
  ['CREATE TEMP TABLE json AS SELECT v FROM guesses', "SELECT '(SSN-leak-77)'::json"],
]);
