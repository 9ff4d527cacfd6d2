import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatementKind } from '../../../../contract/facts.ts';
import type { AnalysedStatement } from '../../../sql/engine.ts';
import { mayBeOfRow, ofSomeRow, withoutValues } from './error-filter.ts';

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

test('whichever row fails first, and however, the same is told', () => {
  const failed = [
    { code: '22012', message: 'division by zero' },
    { code: '22P02', message: 'invalid input syntax for type integer: "x6"' },
    { code: '23502', message: 'null value', columnName: 'r', tableName: 'buckets' },
    { code: '42P01', message: 'relation "x3" does not exist' },
    { code: '42501', message: 'new row violates row-level security policy', routine: 'ExecWithCheckOptions' },
    { code: '54000', message: 'requested length too large' },
    { message: 'out of codes' },
  ].map((fields) => ({ severity: 'ERROR', ...fields }));
  const [first] = failed;
  assert.ok(first);
  for (const fields of failed) {
    assert.ok(mayBeOfRow(fields), fields.code);
    assert.deepEqual(ofSomeRow(fields), ofSomeRow(first));
  }
});

test('what no row raises is told as ever', () => {
  for (const fields of [
    { code: '42703', message: 'column "x" does not exist', position: '8' },
    { code: '42501', message: 'permission denied for table buckets', routine: 'aclcheck_error' },
    { code: '42701', message: 'column "r" of relation "buckets" already exists' },
    { code: '40001', message: 'could not serialize access due to concurrent update' },
    { code: '57014', message: 'canceling statement due to user request' },
  ]) {
    assert.equal(mayBeOfRow(fields), false, fields.code);
  }
});
