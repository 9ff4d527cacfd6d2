import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { aRelation, nothing } from '../catalogue/a-relation.fixture.ts';
import { Catalogue } from '../catalogue/catalogue.ts';
import { ready } from '../parse/parser.ts';
import { qualifiedCondition } from './condition.ts';

before(() => ready);

/** A relation with a column of each of these types of pg_catalog, called as they are. */
function relationOf(...types: string[]) {
  const table = aRelation(1, 'table', 'r', types);
  const columns = table.columns.map((column) => ({ ...column, type: column.name, baseType: column.name }));
  return new Catalogue({ ...nothing, relations: [{ ...table, columns }] }).relationByOid(1) ?? assert.fail();
}

const made = (condition: string) =>
  qualifiedCondition(
    condition,
    relationOf(
      'date',
      'timestamptz',
      'timestamp',
      'interval',
      'money',
      'regclass',
      'tstzrange',
      'text',
      'int4',
    ),
    null,
  );

test('constants that mean the same in every session are compared', () => {
  for (const condition of [
    "date >= '2026-01-31'",
    "timestamptz BETWEEN '2026-01-31 12:30:00.5Z' AND 'infinity'",
    "coalesce(timestamptz, '2026-01-31 12:30+02:00') > '2026-01-31T00:00-05'",
    "timestamp < '2026-01-31'",
    "interval <> '30 days'",
    "date IN ('2026-01-31', '2026-02-28')",
    "text = '01/02/2026' AND int4 <> 3 AND text <> 'now'",
    'money IS NULL OR regclass IS NOT NULL',
  ])
    assert.ok('sql' in made(condition), condition);
});

test('what a setting of the session would make another condition is refused', () => {
  for (const condition of [
    "date = '01/02/2026'",
    "date = 'today'",
    "date IN ('2026-01-31', '01/02/2026')",
    "timestamptz >= '2026-01-31'",
    "timestamptz >= '2026-01-31 12:30'",
    "timestamptz >= '2026-01-31 12:30 Europe/Paris'",
    "coalesce(timestamptz, '2026-01-31') > '2026-01-31T00:00-05'",
    "timestamptz > coalesce(NULL, '2026-01-31')",
    "timestamp < 'now'",
    'timestamptz >= timestamp',
    'date <= timestamptz',
    "interval <> '-1 2:00:00'",
    "money <> '2,50'",
    "regclass <> 'pg_proc'",
    "tstzrange = '[2026-01-01,2026-01-02)'",
    'lower(tstzrange) = timestamptz',
  ]) {
    const { problem } = { problem: '', ...made(condition) };
    assert.match(problem, /^its condition uses /, condition);
  }
});

test('what raises an error on some value is refused, and two texts compare by no collation of a column', () => {
  const sqlOf = (condition: string) => {
    const found = qualifiedCondition(
      condition,
      relationOf('text', 'varchar', 'int4', 'int8', 'numeric', 'float8', 'oid', 'bytea'),
      null,
    );
    return 'sql' in found ? found.sql : found.problem;
  };
  for (const [condition, why] of [
    ['text LIKE varchar', /a pattern that is no constant/],
    ["text LIKE 'abc\\'", /ends in a lone \\/],
    ["text NOT ILIKE 'abc\\\\\\'", /ends in a lone \\/],
    ['numeric <= float8', /a numeric beside a float8/],
    ['oid = int8', /a oid beside a int8/],
    ['length(text) = float8', /a int4 beside a float8/],
  ] as const)
    assert.match(sqlOf(condition), why);
  assert.equal(
    sqlOf("text LIKE 'a\\\\' OR varchar ILIKE 'b%'"),
    `(("text" COLLATE pg_catalog."default") OPERATOR(pg_catalog.~~) 'a\\\\') OR ` +
      `(("varchar" COLLATE pg_catalog."default") OPERATOR(pg_catalog.~~*) 'b%')`,
  );
  assert.match(
    sqlOf('coalesce(text, varchar) = lower(varchar)'),
    /^COALESCE\(\("text" COLLATE .*COLLATE.*COLLATE/,
  );
  assert.equal(sqlOf("text = 'a'"), `"text" OPERATOR(pg_catalog.=) 'a'`);
  assert.equal(sqlOf("bytea LIKE 'a'"), `"bytea" OPERATOR(pg_catalog.~~) 'a'`);
  assert.match(sqlOf('int4 < int8 AND int8 <> numeric'), /int4/);
});
