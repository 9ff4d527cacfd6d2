import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { RuleId } from '../../../../contract/ids.ts';
import { aRelation, nothing, textColumn } from '../catalogue/a-relation.fixture.ts';
import { Catalogue } from '../catalogue/catalogue.ts';
import { EffectiveMasks } from '../masks/effective.ts';
import { ready } from '../parse/parser.ts';
import { namesIn } from './a-view.fixture.ts';
import { triggerSources } from './filled-by-trigger.ts';

before(() => ready);

const words = (number: number, name: string) => ({
  ...textColumn(number, name),
  ...{ type: 'tsvector', baseType: 'tsvector', typeOid: 3614 },
});

const filling = (called: string, ...given: string[]) => ({
  ...{ relation: 1, name: 'fills', schema: 'pg_catalog', function: called, type: 7, compared: [] },
  arguments: given,
});

function filledBy(trigger: ReturnType<typeof filling>) {
  const catalogue = new Catalogue({
    ...nothing,
    relations: [
      aRelation(1, 'letters', 'r', ['title', 'body', words(3, 'vis'), words(4, 'other'), 'config']),
      aRelation(2, 'drafts', 'r', ['title', 'body', words(3, 'vis')]),
    ],
    inheritance: [{ child: 2, parent: 1 }],
    triggers: [trigger],
  });
  const names = namesIn(catalogue);
  const vis = catalogue.relation('public', 'letters')?.byName.get('vis');
  assert.ok(vis);
  const rule = RuleId.parse('r');
  const column = { schema: 'public', relation: 'letters', column: 'body' };
  const masks = new EffectiveMasks(names, [{ column, mask: { method: 'token' }, rule, lookup: 'exact' }]);
  const masked = [...catalogue.userRelations()].flatMap((relation) =>
    masks.maskedColumns(relation).map(({ name }) => `${relation.name}.${name}`),
  );
  return {
    masked,
    sources: [...(triggerSources(catalogue, vis) ?? [])].map(({ name }) => name),
    isLookedUp: masks.allowsLookup(vis),
  };
}

const BY_NAME = 'tsvector_update_trigger';

test('what a trigger puts together of a masked column is masked, in children as well, and not looked up', () => {
  const { masked, sources, isLookedUp } = filledBy(
    filling(BY_NAME, 'vis', 'pg_catalog.simple', 'title', 'body'),
  );
  assert.deepEqual(sources, ['title', 'body']);
  assert.deepEqual(masked, ['letters.body', 'letters.vis', 'drafts.body', 'drafts.vis']);
  assert.equal(isLookedUp, false);
});

test('what it puts together of others is not', () => {
  const { masked } = filledBy(filling(BY_NAME, 'vis', 'pg_catalog.simple', 'title'));
  assert.deepEqual(masked, ['letters.body', 'drafts.body']);
});

test('a column that names the configuration is one of its sources, and any may be one that is named no more', () => {
  const byColumn = filling('tsvector_update_trigger_column', 'vis', 'config', 'title');
  assert.deepEqual(filledBy(byColumn).sources, ['config', 'title']);
  assert.deepEqual(filledBy(filling(BY_NAME, 'vis', 'pg_catalog.simple', 'gone')).sources, [
    'title',
    'body',
    'config',
  ]);
});
