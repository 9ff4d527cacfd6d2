import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { policyJsonSchema } from '../gateway/src/core/policy/language/json-schema.ts';

/** Writes docs/policy.schema.json anew, after a change of the policy language. */
const root = fileURLToPath(new URL('../', import.meta.url));
const file = `${root}docs/policy.schema.json`;
writeFileSync(file, policyJsonSchema());
execFileSync(`${root}node_modules/.bin/biome`, ['format', '--write', file], { stdio: 'inherit' });
