import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { SqlFacts } from '../../../../contract/facts.ts';
import { parse, ready } from '../parse/parser.ts';
import { constantFree, isShaped, withoutConstants } from './constant-free.ts';

before(() => ready);

const FACTS: SqlFacts = {
  protocol: 'sql',
  kind: 'delete',
  node: 'DeleteStmt',
  readOnly: false,
  hasWhere: true,
  reads: [],
  writes: [],
  disclosed: [],
  conditions: [],
  functions: [],
  settings: [],
  unknowns: [],
};

function shapeOf(text: string, facts = FACTS): string | null {
  const parsed = parse(text);
  assert.ok(parsed.kind === 'parsed', text);
  const [statement] = parsed.statements;
  assert.ok(statement);
  return isShaped(statement.text, statement.tree, facts.kind) ? constantFree(statement.text, facts) : null;
}

test('constants of every kind, blanks and comments make no other shape', () => {
  const shape = shapeOf('delete from t where a = 1');
  assert.ok(shape);
  for (const constant of [
    "'x'",
    "'it''s'",
    "e'\\'x'",
    '$1',
    '$$a $b$ c$$',
    '$q$ $$ $q$',
    '1.5e-3',
    '0xff',
    '.5',
    "x'1f'",
    "b'01'",
  ]) {
    assert.equal(shapeOf(`delete from t  where a = ${constant}`), shape, constant);
  }
  assert.equal(shapeOf('delete /* a /* b */ c */ from t where a = 2 -- end'), shape);
});

test('anything else does', () => {
  const shapes = [
    'delete from t where a = 1',
    'delete from t where a <> 1',
    'delete from t where b = 1',
    'delete from "T" where a = 1',
    'delete from t where a = -1',
    'delete from t where a = null',
    'delete from t where a in (1, 2)',
    'delete from t where a in (1, 2, 3)',
    'delete from t where a = 1 and b',
    'delete from t t1 where a = 1',
  ].map((text) => shapeOf(text));
  assert.equal(new Set(shapes).size, shapes.length);
  assert.ok(!shapes.includes(null));
  const other = { ...FACTS, functions: [{ schema: 'public', name: 'f', volatility: 'stable' as const }] };
  assert.notEqual(shapeOf('delete from t where a = 1'), shapeOf('delete from t where a = 1', other));
});

test('a string with escapes goes on behind a line’s end: what follows is none of it', () => {
  const texts = [
    "delete from t where a <> E'a'\n'\\' ' and id = 7 and a <> 'y'",
    "delete from t where a <> E'a'\n'\\' ' or id <> 7 or a <> 'y'",
    "delete from t where a <> E'a' \n \t'\\' ' or id <> 7 and a <> 'y'",
  ];
  assert.equal(new Set(texts.map((text) => shapeOf(text))).size, texts.length);
  assert.equal(
    withoutConstants("insert into t values (E'x'\n'\\' the secret 4111 words', 'y')"),
    'insert into t values (?, ?)',
  );
});

test('conditions on constants alone have no shape, nor has what is no question of values', () => {
  for (const text of [
    'delete from t where true',
    'delete from t where a = 1 or true',
    'delete from t where a = 1 or 1 = 1',
    'delete from t where not (a = 1 and $1)',
    "delete from t where a = 1 or 't'::bool",
    'delete from t where exists (select 1)',
  ]) {
    assert.equal(shapeOf(text), null, text);
  }
  assert.equal(shapeOf("set search_path = 'x'", { ...FACTS, kind: 'set' }), null);
  assert.equal(shapeOf('delete from t', { ...FACTS, hasWhere: false }) === null, false);
});

test('a text without its constants keeps its words as they were written, and no comment', () => {
  const cases: ReadonlyArray<[text: string, kept: string]> = [
    [
      "update t set ssn = '123-45-6789' /* 'x' */ where id = 4 -- ana's",
      'update t set ssn = ?   where id = ?',
    ],
    ["select $$secret$$, E'a\\'b', U&'c', x'ff', -1.5e3", 'select ?, ?, ?, ?, -?'],
    ['select "it\'s", a1 from "b""1"', 'select "it\'s", a1 from "b""1"'],
    ["execute s('x', 1)", 'execute s(?, ?)'],
  ];
  for (const [text, kept] of cases) assert.equal(withoutConstants(text), kept);
});
