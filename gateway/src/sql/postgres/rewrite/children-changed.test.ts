import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { aRelation, nothing } from '../catalogue/a-relation.fixture.ts';
import { Catalogue } from '../catalogue/catalogue.ts';
import { examine } from '../facts/statement.ts';
import { EffectiveMasks } from '../masks/effective.ts';
import { parse, ready } from '../parse/parser.ts';
import { refusalOf } from './refusals.ts';

before(() => ready);

const catalogue = new Catalogue({
  ...nothing,
  relations: [aRelation(1, 'folk', 'r', ['id']), aRelation(2, 'workers', 'r', ['id', 'salary'])],
  inheritance: [{ child: 2, parent: 1 }],
});

/** What becomes of a statement where `workers.salary` is masked. */
function outcome(text: string): string {
  const parsed = parse(text);
  const [statement] = parsed.kind === 'parsed' ? parsed.statements : [];
  assert.ok(statement, text);
  const session = {
    searchPath: ['public'],
    role: 'r',
    temporary: [],
    prepared: new Map(),
    cursors: new Map(),
  };
  const examined = examine(statement, catalogue, {
    text,
    catalogue: '' as never,
    session,
    reviewedFunctions: new Set(),
  });
  const column = { schema: 'public', relation: 'workers', column: 'salary' };
  const mask = { column, mask: { method: 'redact' }, lookup: null } as never;
  return refusalOf(examined, new EffectiveMasks(examined.names, [mask]))?.why ?? 'runs';
}

test('a column that becomes a masked one of a child is not added, nor is anything asked of it', () => {
  for (const change of [
    'ADD COLUMN salary int',
    'ADD COLUMN salary int CHECK (salary > 1)',
    'ADD COLUMN salary int, ADD CHECK (salary > 1)',
    'ADD COLUMN salary int CHECK (folk IS NOT NULL AND salary > 1)',
  ]) {
    assert.match(outcome(`ALTER TABLE folk ${change}`), /a change to public\.folk can show/, change);
  }
  assert.equal(outcome('ALTER TABLE folk ADD COLUMN age int CHECK (age > id)'), 'runs');
  assert.equal(outcome('ALTER TABLE folk ADD CHECK (id > 0)'), 'runs');
});
