import { writeFile } from 'node:fs/promises';
import { policyJsonSchema } from '../gateway/src/core/policy/language/json-schema.ts';

/** Writes docs/policy.schema.json anew, after a change of the policy language. */
await writeFile(new URL('../docs/policy.schema.json', import.meta.url), policyJsonSchema());
