import { family, type Step } from '../attack.ts';

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

const after = (owner: string, ...texts: readonly Step[]) => ({
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

/** A change by somebody else counts half a second after it at most. */
const NOTICED = 'SELECT pg_sleep(0.7)';
const KEYS = (index: string) =>
  `CREATE TABLE sx (id int PRIMARY KEY); CREATE TABLE sy (id int REFERENCES sx ON DELETE SET NULL); CREATE INDEX ON ${index} ((id + quiet(1)))`;
const MOVED = (event: string, what: string) =>
  `CREATE FUNCTION tg() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE NOTICE 'tg %', (SELECT max(secret) FROM public.clients); RETURN coalesce(NEW, OLD); END$$; CREATE TABLE pt (id int PRIMARY KEY); INSERT INTO pt VALUES (1), (3); CREATE TABLE pm (id int, k int REFERENCES pt ON UPDATE CASCADE, changes int DEFAULT 0) PARTITION BY LIST (k); CREATE TABLE pm1 PARTITION OF pm FOR VALUES IN (1); CREATE TABLE pm2 PARTITION OF pm FOR VALUES IN (2, 3); INSERT INTO pm VALUES (1, 1); CREATE TRIGGER trm ${event} FOR EACH ROW ${what}`;
const COMPARED = (type: string, uses: string) =>
  `CREATE FUNCTION loud_cmp(${type}, ${type}) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$BEGIN RAISE NOTICE 'cmp %', (SELECT max(secret) FROM public.clients); RETURN 0; END$$; CREATE FUNCTION never(${type}, ${type}) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$BEGIN RETURN false; END$$; CREATE OPERATOR <<<< (LEFTARG = ${type}, RIGHTARG = ${type}, FUNCTION = never); CREATE OPERATOR ==== (LEFTARG = ${type}, RIGHTARG = ${type}, FUNCTION = never, MERGES); CREATE OPERATOR >>>> (LEFTARG = ${type}, RIGHTARG = ${type}, FUNCTION = never); CREATE OPERATOR CLASS loud_ops DEFAULT FOR TYPE ${type} USING btree AS OPERATOR 1 <<<<, OPERATOR 3 ====, OPERATOR 5 >>>>, FUNCTION 1 loud_cmp(${type}, ${type}); ${uses}`;
const PAIRS = COMPARED(
  'pair',
  'CREATE TABLE pairs (p pair, l pair[]); INSERT INTO pairs VALUES ((1, 2), ARRAY[(1, 2)::pair]), ((3, 4), ARRAY[(3, 4)::pair])',
);
const pairs = (text: string) => after(`CREATE TYPE pair AS (a int, b int); ${PAIRS}`, text);
/** The planner's operators are the server's, but for the one by which a key compares. */
const KEY_OPERATOR =
  "CREATE FUNCTION loud_eq(text, text) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$BEGIN RAISE NOTICE 'eq %', (SELECT max(secret) FROM public.clients); RETURN $1 = $2; END$$; CREATE OPERATOR ==== (LEFTARG = text, RIGHTARG = text, FUNCTION = loud_eq, MERGES, COMMUTATOR = ====); CREATE OPERATOR CLASS eq_ops FOR TYPE text USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 ====, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 bttextcmp(text, text); CREATE TABLE kx (v text); CREATE UNIQUE INDEX ON kx (v eq_ops); CREATE TABLE ky (v text REFERENCES kx (v)); INSERT INTO kx VALUES ('a'), ('b'); INSERT INTO ky VALUES ('a')";

const MADE_OF_MOODS =
  'CREATE DOMAIN dm AS mood; CREATE DOMAIN dmm AS dm; CREATE TYPE cm AS (m mood); CREATE TABLE tm (m mood)';
/** `calm` is a name of the database's own as well, and later a domain below that of the session gets a check. */
const SHADOWED = (made: string, shown: string) => ({
  steps: [
    { owner: 'CREATE DOMAIN below AS text; CREATE DOMAIN calm AS text; CREATE TYPE calms AS (v text)' },
    'SELECT 1',
    made,
    { owner: 'ALTER DOMAIN below ADD CHECK (lookup(VALUE))' },
    'SELECT pg_sleep(0.7)',
    shown,
  ],
});

/** Casts to what a type is made of, and types of the session's own that stand before others. */
export const typesWithin = family('types within', [
  "SELECT ARRAY['calm'::text]::_mood",
  ...[
    "SELECT ('calm' || '')::dm",
    "SELECT ('calm' || '')::dmm",
    "SELECT ARRAY['calm' || '']::dm[]",
    "SELECT ROW('calm'::text)::cm",
    "SELECT ROW('calm'::text)::tm",
    ['CREATE TEMP TABLE ttm (m mood)', "SELECT ROW('calm'::text)::ttm"],
    ['CREATE DOMAIN pg_temp.tdm AS dm', "SELECT ('calm' || '')::tdm"],
  ].map((steps) => after(MADE_OF_MOODS, ...[steps].flat())),
  SHADOWED('CREATE DOMAIN pg_temp.calm AS below', "SELECT 'SSN-leak-77'::calm"),
  SHADOWED('CREATE DOMAIN pg_temp.calm AS below', "SELECT '{SSN-leak-77}'::_calm"),
  SHADOWED('CREATE DOMAIN pg_temp.calm AS below', "SELECT 'SSN-leak-77'::pg_temp.calm"),
  SHADOWED('CREATE TYPE pg_temp.calms AS (v below)', "SELECT '(SSN-leak-77)'::calms"),
  SHADOWED('CREATE TYPE pg_temp.calms AS (v below[])', "SELECT '({SSN-leak-77})'::calms"),
]);

/** The server's own queries for keys, rows that go to another partition, classes that values are sorted by. */
export const calledForKeysAndOrder = family('called for keys and order', [
  after(PLANNED(KEYS('sx')), 'INSERT INTO sy VALUES (1)'),
  after(PLANNED(KEYS('sx')), { copyIn: 'COPY sy FROM STDIN', data: '1\n' }),
  after(`${PLANNED(KEYS('sx'))}; INSERT INTO sy VALUES (NULL)`, 'UPDATE sy SET id = 1'),
  after(PLANNED(KEYS('sy')), 'DELETE FROM sx'),
  after(PLANNED(KEYS('sy')), 'UPDATE sx SET id = 2'),
  after(KEY_OPERATOR, "DELETE FROM kx WHERE v = 'b'"),
  after(KEY_OPERATOR, "INSERT INTO ky VALUES ('b')"),
  after(
    PLANNED(
      'CREATE TABLE sx (id int); CREATE INDEX ON sx ((id + quiet(abs(abs(abs(abs(abs(abs(abs(1))))))))))',
    ),
    'SELECT id FROM sx',
  ),
  after(MOVED('BEFORE INSERT ON pm2', 'EXECUTE FUNCTION tg()'), 'UPDATE pm SET k = 3'),
  after(MOVED('BEFORE INSERT ON pm2', 'EXECUTE FUNCTION tg()'), 'UPDATE pt SET id = 2 WHERE id = 1'),
  after(MOVED('AFTER DELETE ON pm', 'EXECUTE FUNCTION tg()'), 'UPDATE pm SET k = 3'),
  after(
    MOVED('BEFORE INSERT ON pm2', "WHEN (peek(NEW.id) LIKE '%-7') EXECUTE FUNCTION stamp()"),
    'UPDATE pm SET k = 3 RETURNING changes',
  ),
  after(PLANNED(KEYS('sx')), 'ALTER TABLE plain ADD FOREIGN KEY (id) REFERENCES sx'),
  after(
    `${PLANNED(KEYS('sx'))}; ALTER TABLE sy ADD CONSTRAINT later FOREIGN KEY (id) REFERENCES sx NOT VALID`,
    'ALTER TABLE sy VALIDATE CONSTRAINT later',
  ),
  after(`${PLANNED(KEYS('sx'))}; INSERT INTO sy VALUES (1)`, 'ALTER TABLE sy ALTER id TYPE bigint'),
  pairs('ANALYZE pairs'),
  pairs('CREATE INDEX ON pairs (p)'),
  pairs('ALTER TABLE pairs ADD PRIMARY KEY (p)'),
  pairs('ALTER TABLE pairs ADD COLUMN q pair[] UNIQUE DEFAULT ARRAY[(1, 2)::pair]'),
  pairs('SELECT p FROM pairs ORDER BY p'),
  pairs('SELECT DISTINCT p FROM pairs'),
  pairs('SELECT count(*) FROM pairs GROUP BY p'),
  pairs('SELECT count(*) FROM pairs GROUP BY l'),
  pairs('SELECT p FROM pairs UNION SELECT p FROM pairs'),
  pairs('SELECT row_number() OVER (ORDER BY pairs) FROM pairs'),
  pairs("SELECT x FROM (VALUES ('(1,2)'::pair), ('(3,4)')) v (x) ORDER BY x"),
  after(COMPARED('point', 'SELECT 1'), 'SELECT x FROM (SELECT point(id, id) AS x FROM plain) v ORDER BY x'),
  after(
    `${QUIET}; CREATE OPERATOR CLASS calm_ops FOR TYPE text USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 bttextcmp(text, text); CREATE FUNCTION loud_image(oid) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$BEGIN RAISE NOTICE 'image %', (SELECT max(secret) FROM public.clients); RETURN true; END$$; CREATE TABLE fam (v text)`,
    'SELECT v FROM fam',
    {
      owner: 'ALTER OPERATOR FAMILY calm_ops USING btree ADD FUNCTION 4 (text, text) loud_image(oid)',
    },
    NOTICED,
    'CREATE INDEX ON fam (v calm_ops)',
  ),
  after(
    "CREATE FUNCTION loud_cmp(text, text) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$BEGIN RAISE NOTICE 'cmp %', (SELECT max(secret) FROM public.clients); RETURN 0; END$$; CREATE TABLE fam (v text); INSERT INTO fam VALUES ('a'), ('b')",
    'SELECT v FROM fam',
    {
      owner:
        'CREATE OPERATOR CLASS loud_ops FOR TYPE text USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 loud_cmp(text, text)',
    },
    NOTICED,
    'CREATE INDEX ON fam (v loud_ops)',
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
