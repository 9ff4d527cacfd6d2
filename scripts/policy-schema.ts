import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { policyTestJsonSchema } from '../gateway/src/core/policy/expectations/json-schema.ts';
import { policyJsonSchema } from '../gateway/src/core/policy/language/json-schema.ts';

/** Writes the JSON Schemas of docs/ anew, after a change of the policy language or of its expectations. */
const root = fileURLToPath(new URL('../', import.meta.url));
const texts = {
  [`${root}docs/policy.schema.json`]: policyJsonSchema(),
  [`${root}docs/policy-test.schema.json`]: policyTestJsonSchema(),
};
for (const [file, text] of Object.entries(texts)) writeFileSync(file, text);
execFileSync(`${root}node_modules/.bin/biome`, ['format', '--write', ...Object.keys(texts)], {
  stdio: 'inherit',
});
