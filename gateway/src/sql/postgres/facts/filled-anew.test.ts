import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { aRelation, nothing } from '../catalogue/a-relation.fixture.ts';
import { Catalogue } from '../catalogue/catalogue.ts';
import type { SnapshotFunction } from '../catalogue/snapshot.ts';
import { ready } from '../parse/parser.ts';
import { namesIn } from './a-view.fixture.ts';
import { isFilledAnew } from './filled-anew.ts';

before(() => ready);

const called = (name: string, volatility: SnapshotFunction['volatility']): SnapshotFunction => ({
  ...{ schema: 'pg_catalog', name, kind: 'f', volatility, language: 'internal', extension: null },
  ...{ definer: false, outputs: null, returnType: 0, returnKind: 'b', returnsSet: false },
  ...{ types: [], pinned: true },
});

const known = (oid: number, name: string) => ({
  ...{ oid, schema: 'pg_catalog', name, kind: 'b', extension: null, base: 0, element: 0, parts: [] },
});

test('a default is another value in each row where it calls what is volatile, or what nobody knows', () => {
  const isAnew = (expression: string | null) => {
    const catalogue = new Catalogue({
      ...nothing,
      relations: [aRelation(1, 'people', 'r', ['name'])],
      types: [known(25, 'text'), known(2205, 'regclass')],
      functions: [called('now', 's'), called('upper', 'i'), called('random', 'v'), called('nextval', 'v')],
      defaults: expression === null ? [] : [{ relation: 1, column: 1, expression }],
    });
    const [column] = catalogue.relation('public', 'people')?.columns ?? [];
    assert.ok(column);
    return isFilledAnew(namesIn(catalogue), column);
  };
  for (const same of [null, "'a'::text", 'now()', 'CURRENT_TIMESTAMP', "upper('a'::text)", 'NULL::text'])
    assert.equal(isAnew(same), false, String(same));
  for (const anew of [
    'random()',
    'upper((random())::text)',
    "nextval('s'::regclass)",
    'nextval(identity)',
    'public.made()',
    'not an expression (',
  ])
    assert.equal(isAnew(anew), true, anew);
});
