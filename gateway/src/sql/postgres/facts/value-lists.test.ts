import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { aRelation, nothing } from '../catalogue/a-relation.fixture.ts';
import { Catalogue } from '../catalogue/catalogue.ts';
import { ready } from '../parse/parser.ts';
import { namesIn } from './a-view.fixture.ts';
import { Findings } from './findings.ts';
import { listedColumns, toldByLists } from './value-lists.ts';

before(() => ready);

const catalogue = new Catalogue({
  ...nothing,
  relations: [aRelation(1, 'emp', 'r', ['region', 'city', 'salary', 'age'])],
  valueLists: [{ relation: 1, columns: [1, 2, 3], computes: false }],
});
const names = namesIn(catalogue);
const emp = catalogue.relation('public', 'emp');
const column = (name: string) => {
  const found = emp?.byName.get(name);
  assert.ok(found);
  return found;
};

function asking(...conditions: string[]): Findings {
  const findings = new Findings();
  const node = { relname: 'emp' };
  assert.ok(emp);
  findings.references.set(node, { relation: emp, role: 'read', node, sampled: false });
  findings.condition(new Set(conditions.map(column)));
  return findings;
}

const told = (masked: string, hidesRows: boolean, ...conditions: string[]) =>
  toldByLists(names, asking(...conditions), (own) => own.name === masked, hidesRows)?.name;

test('how often two values come together tells of a masked third that is listed with them', () => {
  assert.equal(told('salary', false, 'region', 'city'), 'salary');
  assert.equal(told('salary', false, 'region'), undefined);
  assert.equal(told('salary', false, 'region', 'age'), undefined);
  assert.equal(told('age', false, 'region', 'city'), undefined);
  // Which conditions a row filter adds is not known.
  assert.equal(told('salary', true), 'salary');
});

test('what would be told were it masked is listed', () => {
  const listed = (...conditions: string[]) =>
    listedColumns(names, asking(...conditions)).map(({ name }) => name);
  assert.deepEqual(listed('region', 'city'), ['salary']);
  assert.deepEqual(listed('region'), []);
});
