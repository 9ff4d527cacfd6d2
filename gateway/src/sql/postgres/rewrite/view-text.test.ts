import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { nothing } from '../catalogue/a-relation.fixture.ts';
import { Catalogue } from '../catalogue/catalogue.ts';
import type { Snapshot } from '../catalogue/snapshot.ts';
import { ready } from '../parse/parser.ts';
import { qualifiedQuery } from './view-text.ts';

before(() => ready);

const aType = (name: string, kind: string): Snapshot['types'][number] => ({
  oid: 20000,
  schema: 'own',
  name,
  kind,
  extension: null,
  base: 0,
  element: 0,
  parts: [],
});
const anOperator = (name: string): Snapshot['operators'][number] => ({
  schema: 'own',
  name,
  functionSchema: 'own',
  function: 'compared',
  extension: null,
});
const catalogue = new Catalogue({
  ...nothing,
  types: [aType('mood', 'e'), aType('pair', 'c'), aType('span', 'r'), aType('day', 'd')],
  operators: [anOperator('~~~'), anOperator('~~~'), anOperator('~~>')],
});

const isRead = (constant: string) =>
  qualifiedQuery(`SELECT id FROM t WHERE a = ${constant}`, catalogue) !== null;

test('a constant that every session reads alike stays one', () => {
  for (const constant of [
    "'x'::text",
    "'2020-03-02'::date",
    "'2020-03-02 01:30:00.5+05:30'::timestamp with time zone",
    "'2020-03-02 01:30:00'::timestamp without time zone",
    "'1 year 2 mons 03:00:00'::interval",
    "'00:00:01'::interval",
    "'{1,2}'::integer[]",
    '\'{a,"b c"}\'::text[]',
    "'sad'::own.mood",
    '(0.5)::double precision',
    "'{}'::jsonb",
  ])
    assert.ok(isRead(constant), constant);
});

test('a constant that settings of a session make another is not read', () => {
  for (const constant of [
    "'02/03/2020'::date",
    "'02.03.2020'::date",
    "'02/03/2020 00:00:00 IST'::timestamp with time zone",
    "'Mon 02 Mar 00:00:00 2020'::timestamp without time zone",
    "'-1 2:00:00'::interval",
    "'1 2:00:00'::interval",
    "'-1 days -02:00:00'::interval",
    "'0.30000000000000004'::double precision",
    "'2.50'::money",
    "'{1,NULL}'::integer[]",
    '\'{"02/03/2020"}\'::date[]',
    "'[02/03/2020,03/03/2020)'::daterange",
    "'(1,02/03/2020)'::own.pair",
    "'[02/03/2020,)'::own.span",
    "'02/03/2020'::own.day",
    "'{sad}'::own.mood[]",
    "'sad'::own.unknown",
    "'pg_class'::regclass",
  ])
    assert.equal(isRead(constant), false, constant);
});

test('of operators that somebody made, one that is there twice is not chosen again', () => {
  const asked = (operator: string) => qualifiedQuery(`SELECT (a ${operator} b) AS d FROM t`, catalogue);
  assert.ok(asked('OPERATOR(own.~~>)') !== null);
  assert.equal(asked('OPERATOR(own.~~~)'), null);
});
