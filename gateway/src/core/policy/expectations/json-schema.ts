import { z } from 'zod';
import { PolicyTests } from './schema.ts';

/** Files of expectations as JSON Schema (draft 2020-12); docs/policy-test.schema.json is its text. */
export function policyTestJsonSchema(): string {
  const described = {
    title: 'Expectations of a Sluice policy',
    description: 'Kept beside the policy as NAME.test.yaml; docs/POLICY.md explains them.',
    ...z.toJSONSchema(PolicyTests, { io: 'input' }),
  };
  return `${JSON.stringify(described, null, 2)}\n`;
}
