import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type { Parser } from 'node-sql-parser';
import { outline } from './outline.ts';

const library: { Parser: new () => Parser } = createRequire(import.meta.url)(
  'node-sql-parser/build/postgresql.js',
);
const parser = new library.Parser();

test('names statements and their tables, and gives up on words alone', () => {
  const sql = 'select * from shop.customers c join orders o on true;\n\nselect from where;\nvacuum full';
  assert.deepEqual(
    outline(sql, parser).map(({ name, detail }) => [name, detail]),
    [
      ['select * from shop.customers c join orders o on true', 'shop.customers, orders'],
      ['select from where', ''],
      ['vacuum full', ''],
    ],
  );
});

test('a long statement is cut, not parsed', () => {
  const [only] = outline(`select ${'x, '.repeat(20_000)} y from t`, parser);
  assert.equal(only?.name.length, 60);
  assert.equal(only?.detail, '');
});
