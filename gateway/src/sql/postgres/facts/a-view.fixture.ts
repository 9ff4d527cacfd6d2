import assert from 'node:assert/strict';
import { aRelation, nothing, textColumn } from '../catalogue/a-relation.fixture.ts';
import { Catalogue } from '../catalogue/catalogue.ts';
import { Findings } from './findings.ts';
import { Names } from './names.ts';
import { type ViewFlow, viewFlow } from './view.ts';

const number = (at: number, name: string) => ({ ...textColumn(at, name), type: 'integer', baseType: 'int4' });

/** Names as a session sees them that has set nothing and made nothing temporary. */
export const namesIn = (catalogue: Catalogue): Names =>
  new Names(catalogue, new Findings(), {
    searchPath: ['pg_catalog'],
    temporary: [],
    reviewedFunctions: new Set(),
  });

/** What a view of one column `a` does whose query reads `public.pay (name text, note text, wage int, bonus int)`. */
export function flowOf(query: string): ViewFlow {
  const catalogue = new Catalogue({
    ...nothing,
    relations: [
      aRelation(1, 'pay', 'r', ['name', 'note', number(3, 'wage'), number(4, 'bonus')]),
      aRelation(2, 'v', 'v', ['a'], query),
    ],
  });
  const view = catalogue.relation('public', 'v');
  assert.ok(view);
  return viewFlow(namesIn(catalogue), view);
}
