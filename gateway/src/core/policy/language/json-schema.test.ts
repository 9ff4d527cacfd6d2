import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { policyJsonSchema } from './json-schema.ts';

test('docs/policy.schema.json is what the language says', async () => {
  const written = await readFile(new URL('../../../../../docs/policy.schema.json', import.meta.url), 'utf8');
  const expected: unknown = JSON.parse(policyJsonSchema());
  assert.deepEqual(
    JSON.parse(written),
    expected,
    'run `node scripts/published-schemas.ts` and commit what it wrote',
  );
});
