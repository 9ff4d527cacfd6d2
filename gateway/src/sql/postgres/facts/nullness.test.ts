import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ready } from '../parse/parser.ts';
import { flowOf } from './a-view.fixture.ts';
import { isPlain } from './scope.ts';

before(() => ready);

/** Whether looking whether a view's column is NULL tells of no value. */
function isTold(value: string, from = 'public.pay'): boolean {
  const [column] = flowOf(`SELECT ${value} AS a FROM ${from}`).columns;
  assert.ok(column);
  return isPlain(column);
}

test('what is NULL exactly as its columns are', () => {
  for (const value of [
    'name',
    'upper(name)',
    "(name || ', '::text) || note",
    'COALESCE(name, note)',
    'GREATEST(wage, bonus)',
    'wage = bonus',
    'wage / 12',
    'name::character varying(3)',
    'name IS NULL',
    "CASE WHEN name IS NULL THEN NULL::text ELSE '•••••'::text END",
    "CASE WHEN wage > 5 THEN 'high'::text ELSE 'low'::text END",
    "CASE WHEN name IS NULL THEN NULL::text ELSE CASE WHEN int4gt(strpos(name, '@'::text), 0) THEN textcat('•@'::text, split_part(name, '@'::text, '-1'::integer)) ELSE '•••••'::text END END",
  ])
    assert.ok(isTold(value), value);
  assert.ok(isTold('x.n', '(SELECT upper(p.name) AS n FROM public.pay p) x'));
  assert.ok(
    isTold('x.n', '(SELECT p.name AS n FROM public.pay p UNION ALL SELECT p.note FROM public.pay p) x'),
  );
});

test('what is NULL, or fails, because of values', () => {
  for (const value of [
    "CASE WHEN wage > 5 THEN 'high'::text END",
    "CASE WHEN wage > 5 THEN NULL::text ELSE 'low'::text END",
    "CASE name WHEN 'a'::text THEN NULL::text ELSE 'b'::text END",
    "CASE WHEN wage > 5 THEN name ELSE 'low'::text END",
    'wage > 5 AND bonus > 5',
    'NULLIF(wage, 5)',
    '1 / wage',
    'wage + bonus',
    'name::integer',
    "substring(name, 'a.*'::text)",
    'lag(name) OVER (ORDER BY wage)',
    'max(name)',
    'public.f(name)',
    '(SELECT p.name FROM public.pay p WHERE p.wage = pay.bonus)',
    'concat(name, NULLIF(note, name))',
    'upper(NULLIF(note, name))',
  ])
    assert.ok(!isTold(value), value);
  assert.ok(!isTold('upper(x.n)', '(SELECT NULLIF(p.name, p.note) AS n FROM public.pay p) x'));
  assert.ok(
    !isTold(
      'x.n',
      '(SELECT NULLIF(p.name, p.note) AS n FROM public.pay p UNION ALL SELECT p.note FROM public.pay p) x',
    ),
  );
});
