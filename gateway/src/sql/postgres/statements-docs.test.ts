import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { EXAMPLES } from './facts/examples.ts';
import { treatmentOf } from './facts/treatment.ts';
import type { Tag } from './parse/node.ts';
import { ready } from './parse/parser.ts';
import { statementsDocument } from './statements-docs.ts';

const kept = readFileSync(new URL('../../../../docs/STATEMENTS.md', import.meta.url), 'utf8');

/** The node list that comes with the parser, made from the grammar's own sources. */
function statementsOfTheGrammar(): string[] {
  const types = readFileSync(new URL(import.meta.resolve('@pgsql/types/types.d.ts')), 'utf8');
  const union = /^export type Node = \{$([\s\S]*?)^\};$/m.exec(types)?.[1] ?? '';
  return [...union.matchAll(/^\s+(\w+Stmt): /gm)].map(([, tag = '']) => tag).toSorted();
}

test('docs/STATEMENTS.md has one row for each statement of the grammar, and no other', () => {
  const rows = [...kept.matchAll(/^\| (\w+Stmt) \|/gm)].map(([, tag = '']) => tag);
  assert.ok(rows.length > 100);
  assert.deepEqual(rows, statementsOfTheGrammar());
});

test('docs/STATEMENTS.md is what the facts make of the examples', async () => {
  await ready;
  assert.equal(kept, statementsDocument(), 'run: node gateway/src/sql/postgres/statements-docs.ts');
});

test('each statement of the grammar has exactly one decided treatment', () => {
  for (const tag of Object.keys(EXAMPLES) as Tag[]) assert.notEqual(treatmentOf(tag), null, tag);
  assert.equal(treatmentOf('ColumnRef'), null);
});
