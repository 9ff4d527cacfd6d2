import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { nothing } from '../catalogue/a-relation.fixture.ts';
import { Catalogue } from '../catalogue/catalogue.ts';
import { ready } from '../parse/parser.ts';
import { misreadName } from './encoded-names.ts';

before(() => ready);

const inEncoding = (name: string) => new Catalogue({ ...nothing, encoding: [{ name }] });
const long = 'é'.repeat(40);

const MISREAD = [
  `SELECT * FROM "${long}"`,
  `SELECT * FROM "a${long}"`,
  'SELECT * FROM É',
  'SELECT * FROM aÉ',
  'SELECT t.É FROM t',
  'SELECT 1 AS É',
  'SELECT * FROM U&"aaaaaaaaaaaaaaa\\00e9"',
];
const UNDERSTOOD = [
  'SELECT * FROM "É", U&"\\00e9"',
  `SELECT * FROM "${'é'.repeat(15)}", "${'a'.repeat(80)}"`,
  `SELECT '${long}', E'é', $$É$$, $é$x$é$ FROM "é" /* É */ -- É`,
  'SELECT U&\'\\00e9\', a, "a" FROM plain',
  `SELECT * FROM ${'a'.repeat(80)}`,
];

test('what another encoding folds or cuts in another way is not understood there', () => {
  const catalogue = inEncoding('LATIN1');
  assert.deepEqual(
    MISREAD.filter((text) => misreadName(catalogue, text) === null),
    [],
  );
  assert.deepEqual(
    UNDERSTOOD.filter((text) => misreadName(catalogue, text) !== null),
    [],
  );
});

test('in UTF-8 every name is', () => {
  assert.deepEqual(
    MISREAD.filter((text) => misreadName(inEncoding('UTF8'), text) !== null),
    [],
  );
});
