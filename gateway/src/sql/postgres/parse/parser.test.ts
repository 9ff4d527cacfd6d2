import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { utf16Offsets } from './offsets.ts';
import { maxStatementBytes, parse, ready, tokensOf } from './parser.ts';

before(() => ready);

const texts = (sql: string) => {
  const parsed = parse(sql);
  assert.equal(parsed.kind, 'parsed');
  return parsed.kind === 'parsed' ? parsed.statements.map(({ text, start, end }) => [text, start, end]) : [];
};

test('splits at the grammar, not at semicolons', () => {
  assert.deepEqual(texts("select ';' ; -- ;\n/* ; */ select 2;;"), [
    ["select ';'", 0, 10],
    ['select 2', 26, 34],
  ]);
  assert.deepEqual(texts(''), []);
  assert.deepEqual(texts(' -- nothing'), []);
});

test('locations count UTF-16, whatever stands before', () => {
  const sql = "select 'é𝔘•'; select é from t";
  for (const [text, start, end] of texts(sql)) assert.equal(sql.slice(Number(start), Number(end)), text);
  const offset = utf16Offsets('é𝔘x');
  assert.deepEqual([0, 2, 6, 7].map(offset), [0, 1, 3, 4]);
});

test('tokens have the place of their text and leave comments out', () => {
  const sql = "select 'é', c.a from only (customers) c -- x";
  assert.deepEqual(
    tokensOf(sql).map(({ start, end }) => sql.slice(start, end)),
    tokensOf(sql).map(({ text }) => text),
  );
  assert.equal(tokensOf(sql).at(-1)?.text, 'c');
});

test('what is no SQL is an answer with its place', () => {
  const parsed = parse('select 𝔘 from from');
  assert.equal(parsed.kind, 'unparsed');
  assert.match(parsed.kind === 'unparsed' ? parsed.message : '', /syntax error at or near "from"/);
  assert.equal(parse('select 1\0; drop table x').kind, 'unparsed');
  assert.equal(parse(`select '${'x'.repeat(maxStatementBytes)}'`).kind, 'unparsed');
  assert.equal(parse('select \ud800').kind, 'unparsed');
});

test('a statement is the same with a semicolon, blanks and comments after it as alone', () => {
  for (const alone of ['select 1', "select 'é;🦑'", 'select a /* ; */ from b', 'values (1)']) {
    const [expected] = statementsOf(alone);
    for (const after of [';', ' ; ', ';;', '\n;\n-- done', '\t', ' ;/* ; */']) {
      assert.deepEqual(statementsOf(alone + after), [expected], alone + after);
    }
    const blankBefore = statementsOf(` ${alone};`)[0];
    assert.deepEqual([blankBefore?.text, blankBefore?.tree], [expected?.text, expected?.tree]);
    for (const before of ['\n\t ', '-- é\n', ' /* ; */ ']) {
      const [found] = statementsOf(before + alone);
      assert.deepEqual(found?.tree, expected?.tree);
      assert.equal((before + alone).slice(found?.start, found?.end), alone);
    }
  }
  const wrong = parse(' \n select 1 from from');
  assert.equal(wrong.kind === 'unparsed' && wrong.position, 17);
});

test('a text keeps what only other languages call blanks: to the server those are letters of names', () => {
  for (const letter of ['\u00a0', '\u1680', '\u2003', '\u2028', '\u3000', '\ufeff']) {
    const alone = `select 1 from clients${letter}`;
    for (const text of [alone, `${alone};`, `${alone} \n`, `-- c\n${alone} ;`, `select 2; ${alone}`]) {
      assert.equal(statementsOf(text).at(-1)?.text, alone, JSON.stringify(text));
    }
    assert.equal(parse(letter).kind, 'unparsed');
  }
});

function statementsOf(text: string) {
  const parsed = parse(text);
  assert.ok(parsed.kind === 'parsed', text);
  return parsed.statements;
}
