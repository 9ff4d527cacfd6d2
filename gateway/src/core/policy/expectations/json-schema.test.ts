import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { policyTestJsonSchema } from './json-schema.ts';
import { readTests } from './read.ts';

test('docs/policy-test.schema.json is what the language of expectations says', async () => {
  const file = new URL('../../../../../docs/policy-test.schema.json', import.meta.url);
  const expected: unknown = JSON.parse(policyTestJsonSchema());
  assert.deepEqual(
    JSON.parse(await readFile(file, 'utf8')),
    expected,
    'run `node scripts/published-schemas.ts` and commit what it wrote',
  );
});

test('the example of docs/POLICY-CHANGES.md is a file of expectations', async () => {
  const text = await readFile(new URL('../../../../../docs/POLICY-CHANGES.md', import.meta.url), 'utf8');
  const [, example = ''] = /^```yaml test\n(.*?)^```/ms.exec(text) ?? [];
  const result = readTests('example.test.yaml', example);
  assert.deepEqual(result.kind === 'invalid' ? result.problems : [], []);
  assert.notEqual(example, '');
});
