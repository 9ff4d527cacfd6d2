import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ThroughRef } from '../../../../contract/facts.ts';
import { WaysTo } from './ways-to.ts';

const ref = (relation: string) => ({ schema: 'public', relation });
const facts = { disclosed: [{ ...ref('events'), column: 'at' }], conditions: [] };
const read = (relation: string, columns: ThroughRef['columns']): ThroughRef => ({
  ...ref(relation),
  by: 'select',
  everyRow: false,
  named: ref('events'),
  columns,
});

test('what is like another relation is used as that one is: what is named of it, and what is behind', () => {
  const shown = [{ by: ref('view'), path: [], columns: [{ column: 'kind', as: 'sort' }] }];
  const ways = new WaysTo(facts, [read('events', shown), read('part', { sameAs: ref('events') })]);
  const named = { by: ref('events'), path: [], columns: [{ column: 'at', as: 'at' }] };
  const behind = { ...shown[0], path: [ref('events')] };
  assert.deepEqual(ways.all({ sameAs: ref('events') }), [named, behind]);
  assert.deepEqual(ways.all({ sameAs: ref('part') }), [
    { by: ref('part'), path: [], columns: [] },
    { ...named, path: [ref('part')] },
    { ...behind, path: [ref('part'), ref('events')] },
  ]);
});

test('of what is like itself, or like what nobody tells the columns of, every column counts', () => {
  const ways = new WaysTo(facts, [
    read('a', { sameAs: ref('b') }),
    read('b', { sameAs: ref('a') }),
    read('c', null),
  ]);
  assert.equal(ways.all({ sameAs: ref('a') }), null);
  assert.equal(ways.all({ sameAs: ref('c') }), null);
});
