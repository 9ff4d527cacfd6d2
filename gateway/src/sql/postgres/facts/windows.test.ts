import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Catalogue } from '../catalogue/catalogue.ts';
import { Snapshot } from '../catalogue/snapshot.ts';
import { parse, ready } from '../parse/parser.ts';
import { Findings } from './findings.ts';
import { Names } from './names.ts';
import { query } from './query.ts';
import { emptyScope } from './scope.ts';

before(() => ready);

const nothing = Snapshot.parse(Object.fromEntries(Object.keys(Snapshot.shape).map((name) => [name, []])));

test('windows that are over each other are looked at once', () => {
  const parsed = parse('SELECT sum(1) OVER a, sum(1) OVER (b) WINDOW a AS (b), b AS (c), c AS (a)');
  assert.equal(parsed.kind, 'parsed');
  const findings = new Findings();
  const names = new Names(new Catalogue(nothing), findings, {
    searchPath: ['public'],
    temporary: [],
    reviewedFunctions: new Set(),
  });
  const [statement] = parsed.kind === 'parsed' ? parsed.statements : [];
  assert.equal(query({ names, findings }, statement?.tree, emptyScope(null, null)).columns.length, 2);
});
