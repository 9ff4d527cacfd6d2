import * as z from 'zod';
import { endpoint } from './endpoint.ts';
import { TargetName } from './ids.ts';
import { CatalogueNames, DraftReport, PolicyNames, TouchReport } from './policy-draft.ts';
import { PolicyFile } from './policy-endpoints.ts';

/** The whole draft, files of expectations too; names are below its folder. */
const documents = z.array(PolicyFile).min(1).max(500);

/** What an editor asks while somebody writes a policy. For administrators and auditors; nothing of a draft is kept. */
export const policyDraftEndpoints = {
  policyCheck: endpoint({
    method: 'POST',
    path: '/v1/policy/check',
    summary:
      'What is wrong with a draft of a policy, and which of its expectations it does not meet; for administrators and auditors. Nothing runs.',
    auth: 'bearer',
    params: z.object({}),
    body: z.object({ documents }),
    reply: DraftReport,
    errors: ['identity.tokenInvalid', 'identity.forbidden', 'request.invalid'],
  }),
  policyTouches: endpoint({
    method: 'POST',
    path: '/v1/policy/touches',
    summary:
      'What a rule of a draft, or one of its patterns, is about now: targets, tables, columns, people, recorded actions; for administrators and auditors.',
    auth: 'bearer',
    params: z.object({}),
    body: z.object({
      documents,
      file: z.string(),
      /** Where the part stands in the file: ["rules", 0], ["rules", 0, "on", "tables", 1], ["tags", "shop.*.*.email"]. */
      path: z.array(z.union([z.string(), z.int().nonnegative()])).max(20),
    }),
    reply: TouchReport,
    errors: ['identity.tokenInvalid', 'identity.forbidden', 'request.invalid'],
  }),
  policyNames: endpoint({
    method: 'GET',
    path: '/v1/policy/names',
    summary: 'Targets, groups and people that a policy may speak of; for administrators and auditors.',
    auth: 'bearer',
    params: z.object({}),
    body: z.object({}),
    reply: PolicyNames,
    errors: ['identity.tokenInvalid', 'identity.forbidden'],
  }),
  policyTargetNames: endpoint({
    method: 'GET',
    path: '/v1/policy/names/{target}',
    summary:
      "The schemas, tables, columns and functions of a target's catalogue, by name; for administrators and auditors.",
    auth: 'bearer',
    params: z.object({
      target: TargetName,
      /** The version that the asker has. */
      known: z.string().optional(),
    }),
    body: z.object({}),
    reply: CatalogueNames,
    errors: [
      'identity.tokenInvalid',
      'identity.forbidden',
      'target.unknown',
      'target.unreachable',
      'catalogue.unavailable',
    ],
  }),
};
