import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openApiDocument } from '../gateway/src/api/openapi.ts';
import { policyTestJsonSchema } from '../gateway/src/core/policy/expectations/json-schema.ts';
import { policyJsonSchema } from '../gateway/src/core/policy/language/json-schema.ts';

/** Writes what docs/ publishes of schemas anew: of the policy language, of its expectations, of the API. */
const root = fileURLToPath(new URL('../', import.meta.url));
const texts = {
  [`${root}docs/policy.schema.json`]: policyJsonSchema(),
  [`${root}docs/policy-test.schema.json`]: policyTestJsonSchema(),
  [`${root}docs/openapi.json`]: `${JSON.stringify(openApiDocument(), null, 2)}\n`,
};
for (const [file, text] of Object.entries(texts)) writeFileSync(file, text);
execFileSync(`${root}node_modules/.bin/biome`, ['format', '--write', ...Object.keys(texts)], {
  stdio: 'inherit',
});
