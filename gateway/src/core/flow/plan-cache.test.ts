import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PolicyVersion } from '../../../contract/ids.ts';
import { blocked } from './blocked.ts';
import type { Plan } from './govern.ts';
import { PlanCache } from './plan-cache.ts';

const plan = (why: string): Plan<never> => ({
  kind: 'refused',
  decision: blocked(PolicyVersion.parse('v'), why, ''),
});

test('the least recently used plan goes first', () => {
  const cache = new PlanCache<never>(2);
  const [a, b, c] = [plan('a'), plan('b'), plan('c')];
  cache.set('a', a);
  cache.set('b', b);
  assert.equal(cache.get('a'), a);
  cache.set('c', c);
  assert.deepEqual([cache.get('a'), cache.get('b'), cache.get('c')], [a, undefined, c]);
});

test('setting a plan again replaces it and crowds out no other', () => {
  const cache = new PlanCache<never>(2);
  const [a, b] = [plan('a'), plan('b')];
  cache.set('a', plan('old'));
  cache.set('b', b);
  cache.set('a', a);
  assert.deepEqual([cache.get('a'), cache.get('b')], [a, b]);
});

test('huge statements are not kept', () => {
  const cache = new PlanCache<never>(2);
  const key = 'x'.repeat(100_000);
  cache.set(key, plan('huge'));
  assert.equal(cache.get(key), undefined);
});
