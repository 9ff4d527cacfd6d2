import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { splitStatements, statementAt } from './split.ts';

const texts = (sql: string) => splitStatements(sql).map(({ start, end }) => sql.slice(start, end));

const samples: [string, string, string[]][] = [
  ['nothing', ' ;; -- only a comment\n', []],
  ['two, the last without a semicolon', 'select 1; select 2', ['select 1', 'select 2']],
  ['quotes', `select ';', "a;b", 'it''s;'; select 2`, [`select ';', "a;b", 'it''s;'`, 'select 2']],
  ['escape strings', String.raw`select E'\';'; select 2`, [String.raw`select E'\';'`, 'select 2']],
  ['a backslash is plain otherwise', String.raw`select '\'; select 2`, [String.raw`select '\'`, 'select 2']],
  ['dollar quotes', 'do $x$ a; $$ b; $x$; select $1', ['do $x$ a; $$ b; $x$', 'select $1']],
  ['nested comments', '/* a /* ; */ ; */ select 1; -- ;\nselect 2', ['select 1', 'select 2']],
  [
    'a rule with several actions',
    'create rule r as on insert to t do (select 1; select 2); select 3',
    ['create rule r as on insert to t do (select 1; select 2)', 'select 3'],
  ],
  [
    'a standard function body',
    'create function f() returns int begin atomic select case when true then 1 end; select 2; end; select 3',
    [
      'create function f() returns int begin atomic select case when true then 1 end; select 2; end',
      'select 3',
    ],
  ],
  ['a transaction is not a body', 'begin; select 1; end', ['begin', 'select 1', 'end']],
  ['unterminated', "select 'a; select 2", ["select 'a; select 2"]],
];

for (const [name, sql, expected] of samples) {
  test(`splits: ${name}`, () => assert.deepEqual(texts(sql), expected));
}

test('spans are in order, never overlap, and never hold outer blanks', () => {
  const piece = fc.constantFrom(
    "'",
    '"',
    '$$',
    '$a$',
    ';',
    '--',
    '/*',
    '*/',
    '\n',
    ' ',
    'e',
    '\\',
    '(',
    ')',
    'é',
    'begin atomic',
    'end',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const sql = pieces.join('');
      let last = 0;
      for (const { start, end } of splitStatements(sql)) {
        assert.ok(last <= start && start < end && end <= sql.length);
        assert.ok(!/^[\s;]/.test(sql.slice(start, end)));
        last = end;
      }
    }),
  );
});

test('finds the statement at the cursor', () => {
  const sql = 'select 1;\n\n  select\n 2 ; -- two\n';
  const at = (offset: number) => {
    const span = statementAt(sql, offset);
    return span === null ? null : sql.slice(span.start, span.end);
  };
  assert.equal(at(0), 'select 1');
  assert.equal(at(9), 'select 1', 'behind the semicolon');
  assert.equal(at(10), null, 'on an empty line');
  assert.equal(at(11), 'select\n 2', 'in the indent before it');
  assert.equal(at(sql.indexOf('two')), 'select\n 2', 'in the comment behind it');
});
