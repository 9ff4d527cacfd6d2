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

const typed = (at: number, name: string, type: string) => ({ ...textColumn(at, name), type, baseType: type });

/**
 * What a view of one column `a` does whose query reads `public.pay (name text, note text, wage int, bonus int)`, with a
 * column for each of some other types.
 */
export function flowOf(query: string): ViewFlow {
  const catalogue = new Catalogue({
    ...nothing,
    relations: [
      aRelation(1, 'pay', 'r', [
        'name',
        'note',
        number(3, 'wage'),
        number(4, 'bonus'),
        typed(5, 'share', 'float8'),
        typed(6, 'exact', 'numeric'),
        typed(7, 'long', 'int8'),
        typed(8, 'day', 'date'),
        typed(9, 'since', 'timestamp'),
        typed(10, 'lasting', 'interval'),
        typed(11, 'round_one', 'circle'),
      ]),
      aRelation(2, 'v', 'v', ['a'], query),
    ],
  });
  const view = catalogue.relation('public', 'v');
  assert.ok(view);
  return viewFlow(namesIn(catalogue), view);
}
