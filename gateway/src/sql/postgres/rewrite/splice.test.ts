import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sameTree, spliced, substituted } from './splice.ts';

test('edits that touch nothing in common can be made in any order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.string(), fc.string())), (parts) => {
      let text = '';
      const edits = parts.map(([kept, old, text2], index) => {
        const start = text.length + kept.length + 1;
        text += `${kept}|${old}`;
        return { start, end: text.length, text: `${text2}${index}` };
      });
      const expected = parts.map(([kept, , text2], index) => `${kept}|${text2}${index}`).join('');
      assert.equal(spliced(text, edits), expected);
      assert.equal(spliced(text, edits.toReversed()), expected);
    }),
  );
});

test('overlapping edits are no edit', () => {
  const edits = [
    { start: 0, end: 3, text: 'x' },
    { start: 2, end: 4, text: 'y' },
  ];
  assert.equal(spliced('abcdef', edits), null);
});

test('trees are the same when only positions differ', () => {
  assert.equal(sameTree({ a: [{ location: 1, b: 'x' }] }, { a: [{ location: 7, b: 'x' }] }), true);
  assert.equal(sameTree({ a: [{ b: 'x' }] }, { a: [{ b: 'x', c: true }] }), false);
  assert.equal(sameTree({ a: 1 }, { b: 1 }), false);
  const node = { relname: 't' };
  const becomes = new Map<object, unknown>([[node, { tag: 'RangeSubselect', body: { alias: 1 } }]]);
  assert.deepEqual(substituted({ from: [{ RangeVar: node }] }, becomes), {
    from: [{ RangeSubselect: { alias: 1 } }],
  });
});
