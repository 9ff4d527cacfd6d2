import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ready } from '../parse/parser.ts';
import { namesReadOtherwise } from './encoded-names.ts';

before(() => ready);

const long = `"${'a'.repeat(62)}é"`;

test('names beyond ASCII are the same in a database in UTF-8', () => {
  assert.deepEqual(namesReadOtherwise(`SELECT É, ${long}, U&"\\00e9"`, 'UTF8'), []);
});

test('in any other those are told that it may fold or cut', () => {
  for (const encoding of ['LATIN1', 'SQL_ASCII', 'EUC_JP']) {
    const of = (text: string) => namesReadOtherwise(text, encoding);
    assert.deepEqual(of('SELECT É.a, b AS straße'), ['É', 'straße']);
    assert.deepEqual(of(`SELECT ${long}.a FROM ${long}`), [long, long]);
    assert.deepEqual(of('SELECT U&"aaaaaaaaaaaaaaa\\00e9"'), ['U&"aaaaaaaaaaaaaaa\\00e9"']);
  }
});

test('neither are short names in quotes, nor strings, nor comments', () => {
  const text = `SELECT "Straße", 'É', E'\\u00e9', U&'\\00e9', N'é', $é$ É $é$, U&"\\00e9" /* É */ FROM t -- É`;
  assert.deepEqual(namesReadOtherwise(text, 'LATIN1'), []);
  assert.deepEqual(namesReadOtherwise(`SELECT ${'a'.repeat(80)}`, 'LATIN1'), []);
});
