import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RuleId } from '../../../../contract/ids.ts';
import { aRelation, nothing } from '../catalogue/a-relation.fixture.ts';
import { Catalogue, type Constraint } from '../catalogue/catalogue.ts';
import { namesIn } from '../facts/a-view.fixture.ts';
import { movesRows } from '../facts/moved.ts';
import { EffectiveMasks } from '../masks/effective.ts';
import { cascade, isAskedAnew } from './telling-updates.ts';

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
      keys: [],
      nullsDistinct: true,
      columns: [1],
      referenced: 0,
      referencedColumns: [],
    },
    ...{ onDelete: '', onUpdate: '', validated, inherited, alone: false },
  });
  assert.ok(isAskedAnew(of('c', false, false), false));
  assert.ok(!isAskedAnew(of('c', true, false), false));
  // Of a row that the same transaction has written before.
  assert.ok(isAskedAnew(of('f', false, true), false));
  assert.ok(!isAskedAnew(of('f', true, false), false));
  for (const type of ['c', 'u', 'computed'] as const) {
    assert.ok(isAskedAnew(of(type, false, false), false));
    assert.ok(isAskedAnew(of(type, true, false), true));
    assert.ok(!isAskedAnew(of(type, true, true), true));
  }
  assert.ok(isAskedAnew(of('f', true, true), true));
});

test('a trigger that compares is asked of rows that go with those removed', () => {
  const kept = new Catalogue({
    ...nothing,
    relations: [relation(1, 'parents', 'r'), relation(2, 'children', 'r')],
    constraints: [
      {
        ...{ relation: 2, type: 'f', columns: [1], referenced: 1, referencedColumns: [1] },
        ...{ onDelete: 'c', onUpdate: 'a', validated: true, inherited: false, alone: false },
      },
    ],
    triggers: [
      {
        ...{ relation: 2, name: 't', schema: 'pg_catalog', function: 'suppress_redundant_updates_trigger' },
        ...{ type: 1 | 2 | 8, compared: [3], arguments: [] },
      },
    ],
  });
  const names = namesIn(kept);
  const why = (column: string, removed: boolean) => {
    const mask = {
      column: { schema: 'public', relation: 'children', column },
      mask: { method: 'null' },
      rule: RuleId.parse('r'),
    } as const;
    const parents = kept.relationByOid(1);
    assert.ok(parents);
    return cascade({ relation: parents, removed, written: [] }, names, new EffectiveMasks(names, [mask]));
  };
  assert.match(why('sort', true) ?? '', /trigger t of public.children compares public.children.sort/);
  assert.equal(why('part', true), null);
  assert.equal(why('sort', false), null);
});
