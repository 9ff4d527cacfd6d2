import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { MaskMethod } from '../../../../contract/decision.ts';
import { RuleId } from '../../../../contract/ids.ts';
import { aRelation, nothing, textColumn } from '../catalogue/a-relation.fixture.ts';
import { Catalogue } from '../catalogue/catalogue.ts';
import { namesIn } from '../facts/a-view.fixture.ts';
import { ready } from '../parse/parser.ts';
import { EffectiveMasks } from './effective.ts';
import { maskExpression } from './expression.ts';

before(() => ready);

const catalogue = new Catalogue({
  ...nothing,
  relations: [
    aRelation(1, 'letters', 'r', ['title', 'body', textColumn(3, 'first', 'COALESCE(body, title)')]),
    aRelation(
      2,
      'shown',
      'v',
      ['title', 'body', 'some', 'first', 'loud', 'whole', 'hidden'],
      `SELECT l.title, l.body, CASE WHEN (l.body IS NULL) THEN 'none'::text END AS some, l.first, upper(l.body) AS loud,
        (l.title || ' '::text) || l.body AS whole, l.tail AS hidden
      FROM ( SELECT k.title, k.body, k.first, CASE WHEN (k.body IS NULL) THEN NULL::text ELSE '•••••'::text END AS tail
        FROM public.letters k) l`,
    ),
  ],
});
const names = namesIn(catalogue);

/** How the columns of a relation come where `letters.body` is masked; null for those that come as they are. */
function shown(name: string, mask: MaskMethod): Array<string | null> {
  const column = { schema: 'public', relation: 'letters', column: 'body' };
  const masks = new EffectiveMasks(names, [{ column, mask, rule: RuleId.parse('r') }]);
  return (catalogue.relation('public', name)?.columns ?? []).map((own) => {
    const method = masks.maskOf(own);
    return method === null ? null : maskExpression(own, method, 'UTF8');
  });
}

const UNSEEN = 'NULL::pg_catalog."text"';
const redacted = (name: string) =>
  `(CASE WHEN "${name}" IS NULL THEN NULL ELSE ('•••••'::pg_catalog.text) END)::pg_catalog."text"`;

test('what is computed of a masked column is looked at only where NULL tells no more than the column’s own', () => {
  assert.deepEqual(shown('letters', { method: 'redact' }), [null, redacted('body'), redacted('first')]);
  assert.deepEqual(shown('shown', { method: 'partial', keep: 'last4' }).slice(2), [
    UNSEEN,
    ...['first', 'loud', 'whole', 'hidden'].map(redacted),
  ]);
});

test('where not even that there is a value may be told, what is computed tells nothing either', () => {
  assert.deepEqual(shown('letters', { method: 'null' }).slice(1), [UNSEEN, UNSEEN]);
  assert.deepEqual(new Set(shown('shown', { method: 'null' }).slice(1)), new Set([UNSEEN]));
});

test('a column that one partition generates in its own way tells of what parts them', () => {
  const parted = (own: string) => {
    const columns = (expression: string) => ['town', 'name', textColumn(3, 'short', expression)];
    const family = new Catalogue({
      ...nothing,
      relations: [
        aRelation(1, 'people', 'p', columns('lower(name)')),
        aRelation(2, 'people_a', 'r', columns('lower(name)')),
        aRelation(3, 'people_b', 'r', columns(own)),
      ],
      inheritance: [
        { child: 2, parent: 1 },
        { child: 3, parent: 1 },
      ],
      partitionKeys: [{ relation: 1, columns: [1] }],
    });
    const town = { schema: 'public', relation: 'people', column: 'town' };
    const mask = { method: 'redact' } as const;
    const masks = new EffectiveMasks(namesIn(family), [{ column: town, mask, rule: RuleId.parse('r') }]);
    const [people] = family.userRelations();
    assert.ok(people);
    return masks.maskedColumns(people).map(({ name }) => name);
  };
  assert.deepEqual(parted('lower(name)'), ['town']);
  assert.deepEqual(parted('upper(name)'), ['town', 'short']);
});
