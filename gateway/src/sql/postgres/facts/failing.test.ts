import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { parse, ready } from '../parse/parser.ts';
import { flowOf } from './a-view.fixture.ts';
import { computesUnread } from './failing.ts';

before(() => ready);

/** Columns of which a view's query computes what may fail, with those of which it does unread. */
function failing(query: string): string[][] {
  const flow = flowOf(query);
  return [flow.failing, flow.failingUnread].map((columns) => [...columns].map(({ name }) => name));
}

test('arithmetic with other columns, casts and unknown functions may fail', () => {
  assert.deepEqual(failing('SELECT wage + bonus AS a FROM public.pay'), [['wage', 'bonus'], []]);
  assert.deepEqual(failing('SELECT 1 / wage AS a FROM public.pay'), [['wage'], []]);
  assert.deepEqual(failing('SELECT name::int AS a FROM public.pay'), [['name'], []]);
  assert.deepEqual(failing('SELECT name::public.text AS a FROM public.pay'), [['name'], []]);
  assert.deepEqual(failing('SELECT public.f(name) AS a FROM public.pay'), [['name'], []]);
  assert.deepEqual(failing('SELECT name AS a FROM public.pay WHERE name LIKE note'), [['name', 'note'], []]);
  assert.deepEqual(failing('SELECT name AS a FROM public.pay LIMIT (SELECT 1)'), [[], []]);
  assert.deepEqual(failing('SELECT sum(name::numeric) AS a FROM public.pay'), [['name'], []]);
  assert.deepEqual(failing('SELECT substr(name, wage) AS a FROM public.pay'), [['name', 'wage'], []]);
  assert.deepEqual(failing("SELECT substr('name', wage) AS a FROM public.pay"), [['wage'], []]);
  assert.deepEqual(failing("SELECT regexp_replace('x', name, 'y') AS a FROM public.pay"), [['name'], []]);
  assert.deepEqual(failing("SELECT date_trunc(name, '2026-01-01') AS a FROM public.pay"), [['name'], []]);
  assert.deepEqual(failing("SELECT length(name, 'UTF8') AS a FROM public.pay"), [['name'], []]);
});

test('what raises no error, whatever it is given, is none of it', () => {
  for (const value of [
    'name',
    "lower(name) || ', '::text || note",
    'sum(wage)',
    'avg(wage)',
    'count(*) FILTER (WHERE wage > bonus)',
    'wage / 12',
    'wage % (7)::integer',
    "CASE WHEN wage = bonus THEN 'same'::text ELSE COALESCE(name, note) END",
    'wage::text',
    'name::character varying(3)',
    'wage::character(3)',
    'substr(name, 1, 3)',
    'length(name)',
    'array_agg(name)',
    'ARRAY[name, note]',
    'to_jsonb(name)',
    "name ~~ 'a%'::text",
    'rank() OVER (PARTITION BY name ORDER BY wage DESC)',
  ])
    assert.deepEqual(failing(`SELECT ${value} AS a FROM public.pay`), [[], []], value);
});

test('what is too large or small for a type raises an error', () => {
  const typed = (value: string) => failing(`SELECT ${value} AS a FROM public.pay`)[0];
  for (const value of [
    'sum(share)',
    'avg(share)',
    'share / 12',
    'wage / 0.5',
    "date_trunc('month'::text, since)",
    "date_part('year'::text, day)",
    'round_one = round_one',
    // What the server converts unasked stands in the text of a view.
    '(exact)::double precision > (1)::double precision',
    '(5)::oid = (long)::oid',
  ])
    assert.notDeepEqual(typed(value), [], value);
  for (const value of [
    'sum(long)',
    'exact / 12',
    'exact > 1.5',
    'share > 1.5',
    'lasting / 2',
    'EXTRACT(year FROM day)',
    "to_char(since, 'YYYY'::text)",
    'day = since',
    'long = wage',
    'GREATEST(share, wage)',
  ])
    assert.deepEqual(typed(value), [], value);
});

test('one row that a value must be is asked for by what picks it', () => {
  assert.deepEqual(
    failing('SELECT (SELECT p.name FROM public.pay p WHERE p.wage > q.bonus) AS a FROM public.pay q'),
    [['wage', 'bonus'], []],
  );
});

test('unread are a WITH that is not folded, set operations and VALUES', () => {
  const unread = (sql: string) => {
    const parsed = parse(sql);
    const [statement] = parsed.kind === 'parsed' ? parsed.statements : [];
    assert.ok(statement);
    return computesUnread(statement.tree);
  };
  for (const sql of [
    'WITH x AS MATERIALIZED (SELECT 1 AS a) SELECT a FROM x',
    'WITH x AS (SELECT 1 AS a) SELECT x.a FROM x, x y',
    'WITH RECURSIVE x AS (SELECT 1 AS a) SELECT a FROM x',
    'WITH x AS (SELECT 1 AS a FROM t FOR SHARE) SELECT a FROM x',
    'SELECT a FROM (SELECT a FROM t UNION ALL SELECT a FROM u) x',
    'SELECT 1 FROM t, LATERAL (VALUES (t.a)) v',
  ])
    assert.ok(unread(sql), sql);
  for (const sql of [
    'SELECT a FROM (SELECT a, b FROM t OFFSET 0) x',
    'WITH x AS (SELECT 1 AS a) SELECT a FROM x',
    'SELECT GREATEST(a, b) FROM t',
  ])
    assert.ok(!unread(sql), sql);
  assert.deepEqual(
    failing('WITH x AS MATERIALIZED (SELECT name AS a, wage + bonus AS b FROM public.pay) SELECT x.a FROM x'),
    [
      ['wage', 'bonus'],
      ['wage', 'bonus'],
    ],
  );
});

test('unread is what a window is over, what a function in FROM is given, and what stands beside a set', () => {
  const wage = [['wage'], ['wage']];
  assert.deepEqual(failing('SELECT rank() OVER (ORDER BY (1 / wage)) AS a FROM public.pay'), wage);
  assert.deepEqual(failing('SELECT 1 / wage + rank() OVER (ORDER BY name) AS a FROM public.pay'), [
    ['wage', 'name'],
    [],
  ]);
  assert.deepEqual(failing('SELECT p.name AS a FROM public.pay p, LATERAL abs(1 / p.wage) x(n)'), wage);
  assert.deepEqual(failing('SELECT EXISTS (SELECT 1 / wage OFFSET 0) AS a FROM public.pay'), wage);
});
