import assert from 'node:assert/strict';
import { test } from 'node:test';
import { facts } from '../../../core/policy/a-question.fixture.ts';
import { summaryOf } from './words.ts';

test('one row of many is told in words that agree', () => {
  const update = facts({ kind: 'update', writes: { customers: 'update' } });
  const one = { rows: 1, how: 'counted' } as const;
  assert.equal(summaryOf(update, one, 1000), 'Changes 1 of about 1,000 rows of public.customers.');
  assert.equal(summaryOf(update, one, null), 'Changes 1 row of public.customers.');
  assert.equal(summaryOf(update, { ...one, rows: 3 }, null), 'Changes 3 rows of public.customers.');
  const unknown = 'Changes some rows of public.customers; how many is not known.';
  assert.equal(summaryOf(update, null, 1000), unknown);
});
