import { z } from 'zod';
import { PolicyDocument } from './schema.ts';

/** The policy language as JSON Schema (draft 2020-12), for editors; docs/policy.schema.json is its text. */
export function policyJsonSchema(): string {
  const schema = z.toJSONSchema(PolicyDocument, { io: 'input' });
  const described = {
    title: 'Sluice policy',
    description: 'Rules for a Sluice gateway; docs/POLICY.md explains them.',
    ...schema,
  };
  return `${JSON.stringify(described, null, 2)}\n`;
}
