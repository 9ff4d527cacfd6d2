import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { glob } from '../../../gateway/src/core/policy/compile/glob.ts';
import { isLike, part, yamlText } from './names.ts';

test('patterns mean what they mean to the gateway', () => {
  const sign = fc.constantFrom('a', 'b', '*', '?', '.');
  const pattern = fc.array(sign, { maxLength: 8 }).map((signs) => signs.join(''));
  const text = fc.array(fc.constantFrom('a', 'b', '.'), { maxLength: 8 }).map((signs) => signs.join(''));
  fc.assert(fc.property(pattern, text, (one, other) => isLike(one, other) === glob(one)(other)));
});

test('a pattern of many stars is answered at once', () => {
  assert.equal(isLike(`${'*a'.repeat(200)}b`, 'a'.repeat(5000)), false);
});

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
