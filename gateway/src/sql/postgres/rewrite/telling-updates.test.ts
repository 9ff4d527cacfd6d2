import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aRelation, nothing } from '../catalogue/a-relation.fixture.ts';
import { Catalogue, type Constraint } from '../catalogue/catalogue.ts';
import { movesRows } from '../facts/moved.ts';
import { isAskedAnew } from './telling-updates.ts';

const relation = (oid: number, name: string, kind: string) =>
  aRelation(oid, name, kind, ['id', 'part', 'sort']);

/** `whole` is parted by `part`, its partition `half` by `sort`, whose own is `quarter`; `computed` by an expression. */
const catalogue = new Catalogue({
  ...nothing,
  relations: [
    relation(1, 'whole', 'p'),
    relation(2, 'half', 'p'),
    relation(3, 'quarter', 'r'),
    relation(4, 'computed', 'p'),
  ],
  inheritance: [
    { child: 2, parent: 1 },
    { child: 3, parent: 2 },
  ],
  partitionKeys: [
    { relation: 1, columns: [2] },
    { relation: 2, columns: [3] },
    { relation: 4, columns: [0] },
  ],
});

test('an UPDATE moves rows where it writes a column that parts what it names, at any depth', () => {
  const moves = (oid: number, written: string) => {
    const named = catalogue.relationByOid(oid);
    assert.ok(named);
    return movesRows(catalogue, named, ({ name }) => name === written);
  };
  assert.deepEqual(
    ['id', 'part', 'sort'].map((name) => moves(1, name)),
    [false, true, true],
  );
  assert.deepEqual(
    ['id', 'part', 'sort'].map((name) => moves(2, name)),
    [false, false, true],
  );
  assert.deepEqual([moves(3, 'part'), moves(3, 'sort')], [false, false]);
  assert.ok(moves(4, 'id'));
});

test('what an UPDATE has asked that writes none of its columns', () => {
  const of = (type: Constraint['type'], validated: boolean, inherited: boolean): Constraint => ({
    ...{
      relation: 1,
      type,
      name: '',
      primary: false,
      plain: false,
      columns: [1],
      referenced: 0,
      referencedColumns: [],
    },
    ...{ onDelete: '', onUpdate: '', validated, inherited },
  });
  assert.ok(isAskedAnew(of('c', false, false), false));
  assert.ok(!isAskedAnew(of('c', true, false), false));
  assert.ok(!isAskedAnew(of('f', false, false), false));
  for (const type of ['c', 'u', 'computed'] as const) {
    assert.ok(isAskedAnew(of(type, true, false), true));
    assert.ok(!isAskedAnew(of(type, true, true), true));
  }
  assert.ok(isAskedAnew(of('f', true, true), true));
});
