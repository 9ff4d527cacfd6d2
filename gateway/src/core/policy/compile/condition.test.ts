import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileCondition } from './condition.ts';

const LIST = '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]';

/** Lists within lists, so many. */
const nested = (depth: number): string =>
  depth === 0 ? 'true' : `${LIST}.all(x${depth}, ${nested(depth - 1)})`;

test('a condition that takes as long as it likes is none', () => {
  assert.ok('condition' in compileCondition(`${nested(2)} && ${nested(1)}`));
  assert.ok('problem' in compileCondition(nested(3)));
  assert.ok('problem' in compileCondition(`${LIST}.all(x, ${nested(2)})`));
  assert.ok('problem' in compileCondition(`network == '${'x'.repeat(4000)}'`));
});
