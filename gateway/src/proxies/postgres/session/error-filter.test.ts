import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatementKind } from '../../../../contract/facts.ts';
import type { AnalysedStatement } from '../../../sql/engine.ts';
import { withoutValues } from './error-filter.ts';

const statement = (kind: StatementKind): AnalysedStatement => ({
  ...{ start: 0, end: 0, text: '', touched: [], through: [], outputs: null, copyTo: null },
  ...{ parameters: 0, naming: null, effect: 'none', concludes: false, shaped: false },
  facts: {
    ...{ protocol: 'sql', kind, node: '', readOnly: true, hasWhere: null, reads: [], writes: [] },
    ...{ disclosed: [], conditions: [], functions: [], settings: [], unknowns: [] },
  },
});

test('a name that was read from a value is withheld, one that stands in the text is not', () => {
  const fields = { code: '42704', message: 'type "card00000007" does not exist' };
  assert.match(String(withoutValues(fields, statement('select')).message), /withheld/);
  assert.match(String(withoutValues(fields).message), /withheld/);
  assert.equal(withoutValues({ ...fields, position: '8' }, statement('select')).message, fields.message);
  assert.equal(withoutValues(fields, statement('drop')).message, fields.message);
});

test('the size of a row or a key is withheld, other limits are told', () => {
  const sized = { code: '54000', message: 'index row size 2960 exceeds btree version 4 maximum 2704' };
  assert.match(String(withoutValues(sized, statement('update')).message), /withheld/);
  const deep = { code: '54001', message: 'stack depth limit exceeded' };
  assert.equal(withoutValues(deep, statement('select')).message, deep.message);
});
