import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { parse, ready } from '../parse/parser.ts';
import { outlineOf } from './outline.ts';

before(() => ready);

function outline(text: string) {
  const parsed = parse(text);
  assert.ok(parsed.kind === 'parsed', text);
  const [statement] = parsed.statements;
  assert.ok(statement);
  return outlineOf(statement, []);
}

const sampleOf = (text: string) => outline(text).found?.sample ?? null;

test('the rows that an UPDATE or DELETE finds, in its own words', () => {
  for (const [statement, sample] of [
    ['delete from t', 'SELECT "t".* FROM t LIMIT 5'],
    [
      'DELETE FROM only public.t AS "A" WHERE "A".id = 1 RETURNING *',
      'SELECT "A".* FROM only public.t AS "A" WHERE "A".id = 1 LIMIT 5',
    ],
    [
      'delete from t using a join b using (x) where t.id = a.id',
      'SELECT "t".* FROM t WHERE EXISTS (SELECT 1 FROM a join b using (x) WHERE t.id = a.id) LIMIT 5',
    ],
    [
      'update t set a = (select 1 from x where y), b = c is distinct from d where e',
      'SELECT "t".* FROM t WHERE e LIMIT 5',
    ],
    [
      'update t x set a = 1 from u where u.id = x.id',
      'SELECT "x".* FROM t x WHERE EXISTS (SELECT 1 FROM u WHERE u.id = x.id) LIMIT 5',
    ],
    [
      "update t set a = ' where ' /* where */ where b = 'from'",
      'SELECT "t".* FROM t WHERE b = \'from\' LIMIT 5',
    ],
  ] as const) {
    assert.equal(sampleOf(statement), sample);
  }
});

test('what can not be told from the text is not guessed', () => {
  for (const statement of [
    'with d as (select 1) delete from t where id in (select * from d)',
    'delete from t where current of c',
    'insert into t values (1)',
    'select 1',
  ]) {
    assert.equal(sampleOf(statement), null, statement);
  }
});

test('parameters are counted anew, and those of other clauses are left out', () => {
  const found = outline('update t set a = $1, b = $2 where id = $3 or id = $1 returning $4').found;
  assert.equal(found?.sample, 'SELECT "t".* FROM t WHERE id = $1 or id = $2 LIMIT 5');
  assert.deepEqual(found?.parameters, [3, 1]);
});

test('what DDL locks and does', () => {
  for (const [statement, lock, effect] of [
    ['alter table t add column a int', 'AccessExclusiveLock', /without touching the rows/],
    ['alter table t add column a int default 5', 'AccessExclusiveLock', /without touching the rows/],
    ['alter table t add column a serial', 'AccessExclusiveLock', /rewrites the table to fill it/],
    ['alter table t alter column a type text', 'AccessExclusiveLock', /Rewrites the table and its indexes/],
    [
      'alter table t drop column a cascade',
      'AccessExclusiveLock',
      /Drops column a with its values, and whatever depends/,
    ],
    ['alter table t alter column a set not null', 'AccessExclusiveLock', /Reads all rows/],
    [
      'alter table t add constraint c foreign key (a) references u',
      'ShareRowExclusiveLock',
      /Reads all rows/,
    ],
    ['alter table t add constraint c check (a > 0) not valid', 'AccessExclusiveLock', null],
    ['alter table t validate constraint c', 'ShareUpdateExclusiveLock', /Reads all rows/],
    ['alter table t set (fillfactor = 70)', 'ShareUpdateExclusiveLock', null],
    ['create index on t (a)', 'ShareLock', /nobody writes meanwhile/],
    ['create index concurrently on t (a)', 'ShareUpdateExclusiveLock', /in the background/],
    ['drop table t', 'AccessExclusiveLock', /Drops the table with all its rows\.$/],
    ['truncate t cascade', 'AccessExclusiveLock', /Tables that refer to it are emptied/],
    ['vacuum (full) t', 'AccessExclusiveLock', /Rewrites/],
    ['vacuum t', 'ShareUpdateExclusiveLock', null],
    ['lock table t in share mode', 'ShareLock', null],
    ['refresh materialized view concurrently t', 'ExclusiveLock', /can be read meanwhile/],
  ] as const) {
    const { definition } = outline(statement);
    assert.equal(definition?.lock, lock, statement);
    if (effect === null) assert.deepEqual(definition?.effects, [], statement);
    else assert.match(definition?.effects.join(' ') ?? '', effect, statement);
  }
  assert.equal(outline('select 1').definition, null);
});
