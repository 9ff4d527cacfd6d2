import assert from 'node:assert/strict';
import { test } from 'node:test';
import { part, yamlText } from './names.ts';

test('names are written as the language and YAML read them', () => {
  assert.deepEqual(['orders', 'odd.name', 'a"b'].map(part), ['orders', '"odd.name"', '"a""b"']);
  assert.deepEqual(['orders', 'null', '1a', 'a: b', '*'].map(yamlText), [
    'orders',
    '"null"',
    '"1a"',
    '"a: b"',
    '"*"',
  ]);
});
