import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { offlineProblems } from './offline-problems.ts';
import type { Schema } from './schema.ts';

const fileOf = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
const policy = JSON.parse(fileOf('docs/policy.schema.json')) as Schema;
const tests = JSON.parse(fileOf('docs/policy-test.schema.json')) as Schema;

function told(text: string, schema = policy): [marked: string, what: string][] {
  return offlineProblems(text, schema).map(({ start, end, what }) => [text.slice(start, end), what]);
}

test('the examples have no problem', () => {
  for (const name of ['shop.yaml', 'personal-data.yaml'])
    assert.deepEqual(told(fileOf(`examples/policy/${name}`)), []);
  assert.deepEqual(told(fileOf('examples/policy/shop.test.yaml'), tests), []);
});

test('unknown keys, unknown words and missing keys are told where they stand', () => {
  const text = `version: 1
rules:
  - id: a
    owner: dba
    who: everyone
    on: { tabels: [orders] }
    doing: [selct]
    then: alow
`;
  const problems = told(text);
  const marked = problems.map(([word]) => word);
  assert.deepEqual(marked, ['tabels', 'selct', 'alow', 'id']);
  assert.match(problems[0]?.[1] ?? '', /"tabels" is not known here. Known are targets, labels/);
  assert.match(problems[2]?.[1] ?? '', /write allow, block/);
  assert.match(problems[3]?.[1] ?? '', /"because" is missing/);
});

test('YAML that can’t be read is told, and nothing else', () => {
  const [[, what] = []] = told('version: 1\nrules: [\n');
  assert.match(what ?? '', /this is not valid YAML/);
});
