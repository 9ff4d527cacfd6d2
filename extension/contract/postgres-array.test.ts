import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ArrayValue, parseArray } from './postgres-array.ts';

/** Writes an array as PostgreSQL's array_out does, every text quoted. */
function write(value: ArrayValue): string {
  const parts = value.map((element) => {
    if (element === null) return 'NULL';
    return typeof element === 'string' ? `"${element.replaceAll(/[\\"]/g, '\\$&')}"` : write(element);
  });
  return `{${parts.join(',')}}`;
}

test('what PostgreSQL writes is read back', () => {
  const { array } = fc.letrec<{ array: ArrayValue; element: ArrayValue[number] }>((tie) => ({
    array: fc.array(tie('element'), { maxLength: 4 }),
    element: fc.oneof({ depthSize: 'small' }, fc.string(), fc.constant(null), tie('array')),
  }));
  fc.assert(fc.property(array, (value) => assert.deepEqual(parseArray(write(value)), value)));
});

test('arrays by example, and what is none', () => {
  assert.deepEqual(parseArray('{1,2}'), ['1', '2']);
  assert.deepEqual(parseArray('[0:1]={a,NULL}'), ['a', null]);
  assert.deepEqual(parseArray('{}'), []);
  for (const text of ['', '*****', '{', '{a', '{a}b', '{"a}', '{,}', '{a,}'])
    assert.equal(parseArray(text), null, text);
});
