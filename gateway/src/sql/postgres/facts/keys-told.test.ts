import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aRelation, nothing } from '../catalogue/a-relation.fixture.ts';
import { Catalogue } from '../catalogue/catalogue.ts';
import type { Snapshot } from '../catalogue/snapshot.ts';
import { checkedApart, keysBelow, partingBelow } from './keys-told.ts';

type Check = Pick<Snapshot['constraints'][number], 'relation' | 'columns'> &
  Partial<Snapshot['constraints'][number]>;

/** `sales` with children `north` and `south`, which alone have `tax`; `north` has a child `far`. */
const withChecks = (checks: readonly Check[], partitionKeys: Snapshot['partitionKeys'] = []) =>
  new Catalogue({
    ...nothing,
    relations: [
      aRelation(1, 'sales', 'r', ['id', 'region']),
      aRelation(2, 'north', 'r', ['id', 'region', 'tax']),
      aRelation(3, 'south', 'r', ['id', 'region', 'tax']),
      aRelation(4, 'far', 'r', ['id', 'region', 'tax', 'miles']),
    ],
    inheritance: [
      { child: 2, parent: 1 },
      { child: 3, parent: 1 },
      { child: 4, parent: 2 },
    ],
    partitionKeys,
    constraints: checks.map((check) => ({
      ...{ type: 'c', referenced: 0, referencedColumns: [], onDelete: '', onUpdate: '' },
      ...{ validated: true, inherited: false, alone: false },
      ...check,
    })),
  });

function told(catalogue: Catalogue, what: typeof partingBelow): Record<string, string[]> {
  const found = [...catalogue.userRelations()].map(
    (relation) =>
      [
        relation.name,
        what(catalogue, relation).map((column) => `${column.relation.name}.${column.name}`),
      ] as const,
  );
  return Object.fromEntries(found.filter(([, columns]) => columns.length > 0));
}

test('a check that a child has and its parent has not says which rows are there', () => {
  const catalogue = withChecks([{ relation: 2, columns: [2] }]);
  assert.deepEqual(told(catalogue, partingBelow), { sales: ['north.region'] });
  assert.deepEqual(told(catalogue, checkedApart), { north: ['north.region'] });
  assert.deepEqual(told(catalogue, keysBelow), {});
});

test('one that the parent has too says it of all rows', () => {
  const catalogue = withChecks([
    { relation: 1, columns: [2] },
    { relation: 2, columns: [2], inherited: true },
  ]);
  assert.deepEqual(told(catalogue, partingBelow), {});
});

test('what no other table has tells of no other rows', () => {
  assert.deepEqual(told(withChecks([{ relation: 4, columns: [4] }]), partingBelow), {});
  assert.deepEqual(told(withChecks([{ relation: 2, columns: [3] }]), checkedApart), { north: ['north.tax'] });
});

test('a check that children have not says which rows are in none of them', () => {
  const catalogue = withChecks([{ relation: 1, columns: [2], alone: true }]);
  assert.deepEqual(told(catalogue, partingBelow), { sales: ['sales.region'] });
  assert.deepEqual(told(withChecks([{ relation: 3, columns: [2], alone: true }]), checkedApart), {
    south: ['south.region'],
  });
});

test('rows of partitions are where their key says', () => {
  const catalogue = withChecks([{ relation: 2, columns: [3] }], [{ relation: 1, columns: [2] }]);
  assert.deepEqual(told(catalogue, partingBelow), { sales: ['sales.region'] });
  assert.deepEqual(told(catalogue, checkedApart), {});
});
