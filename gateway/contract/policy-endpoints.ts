import * as z from 'zod';
import { CoverageReport } from './coverage.ts';
import { endpoint } from './endpoint.ts';
import { ErrorBody } from './error.ts';
import { StatementKind } from './facts.ts';
import { PolicyVersion, TargetName } from './ids.ts';
import { WhatReport, WhoReport } from './policy-access.ts';
import { ReplayReport } from './policy-replay.ts';

/** A file of a policy, as an editor holds it: saved or not. */
export const PolicyFile = z.object({ file: z.string().min(1).max(1000), text: z.string().max(1_000_000) });
export type PolicyFile = z.infer<typeof PolicyFile>;

/** One thing wrong with a policy: where (1-based), what, and what to write instead. */
export const PolicyProblem = z.object({
  file: z.string(),
  line: z.int().positive(),
  column: z.int().positive(),
  what: z.string(),
});
export type PolicyProblem = z.infer<typeof PolicyProblem>;

export const ReplayReply = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('replayed'), report: ReplayReport }),
  /** The candidate does not compile, and would never be in force. */
  z.object({ kind: z.literal('invalid'), problems: z.array(PolicyProblem) }),
]);
export type ReplayReply = z.infer<typeof ReplayReply>;

/** How far a replay is; the last one is its end. */
export const ReplayStep = z.discriminatedUnion('kind', [
  /** Another replay runs, and this one follows. */
  z.object({ kind: z.literal('waiting') }),
  z.object({
    kind: z.literal('asking'),
    read: z.int().nonnegative(),
    changed: z.int().nonnegative(),
    /** Newer actions have been asked again; null before the first. */
    backTo: z.iso.datetime().nullable(),
  }),
  ...ReplayReply.options,
  /** It broke off. */
  z.object({ kind: z.literal('failed'), error: ErrorBody }),
]);
export type ReplayStep = z.infer<typeof ReplayStep>;

export const ReplayOrder = z.object({
  /** The whole candidate: every file of its folder. Those of tests are left out. */
  documents: z.array(PolicyFile).max(500),
  /** `inForce`: with the policy in force, asked the same; `recorded`: with what was decided then. */
  against: z.enum(['inForce', 'recorded']).default('inForce'),
  /** As if the candidate's rules on trial were in force. */
  dryRun: z.boolean().default(false),
  /** On these alone; everywhere without it. */
  targets: z.array(TargetName).min(1).max(500).optional(),
  since: z.iso.datetime({ offset: true }).optional(),
  /** The newest so many records are asked again. */
  limit: z.int().min(1).max(1_000_000).default(20_000),
  /** So many actions of each group are told. */
  examples: z.int().min(0).max(1_000).default(3),
});
export type ReplayOrder = z.infer<typeof ReplayOrder>;

/** JSON Lines. */
export const REPLAY_STEPS_MEDIA_TYPE = 'application/jsonl';

/** A policy that came into force. */
export const PolicyActivation = z.object({
  version: PolicyVersion,
  at: z.iso.datetime(),
  /** What was in force before; null where nothing is known. */
  before: PolicyVersion.nullable(),
  /** Who wrote it, as the repository says: "Ana Ruiz <ana@shop.example>"; null where nobody does. */
  by: z.string().nullable(),
  /** Why, from a comment "# reason: …" in a changed file or from the repository; empty where neither says. */
  reason: z.string(),
  /** Files that differ from those before. */
  changed: z.array(z.string()),
  /** SHA-256, hex, of each file. */
  files: z.record(z.string(), z.string()),
});
export type PolicyActivation = z.infer<typeof PolicyActivation>;

const forAudit = ['identity.tokenInvalid', 'identity.forbidden', 'request.invalid'] as const;

/** For administrators and auditors. */
export const policyEndpoints = {
  policyReplay: endpoint({
    method: 'POST',
    path: '/v1/policy/replay',
    summary:
      'What a candidate policy would do otherwise with what was recorded; for administrators and auditors. Nothing runs.',
    auth: 'bearer',
    params: z.object({}),
    body: ReplayOrder,
    takesLong: true,
    reply: ReplayReply,
    errors: forAudit,
  }),
  policyReplaySteps: endpoint({
    method: 'POST',
    path: '/v1/policy/replay/steps',
    summary:
      'The same as it comes: how far it is, a line of JSON for each step, and its end as the last. It ends when nobody reads on.',
    auth: 'bearer',
    params: z.object({}),
    body: ReplayOrder,
    media: REPLAY_STEPS_MEDIA_TYPE,
    reply: z.custom<AsyncIterable<Uint8Array>>(),
    errors: forAudit,
  }),
  policyWho: endpoint({
    method: 'GET',
    path: '/v1/policy/who',
    summary:
      'Who may see a column or do something with a table, by group and by name, and why; for administrators and auditors.',
    auth: 'bearer',
    params: z.object({
      target: TargetName,
      /** "customers" or "public.customers". */
      table: z.string().min(1),
      /** Without it, the whole table. */
      column: z.string().min(1).optional(),
      doing: StatementKind.default('select'),
    }),
    body: z.object({}),
    reply: WhoReport,
    errors: [...forAudit, 'target.unknown', 'target.unreachable', 'catalogue.unavailable'],
  }),
  policyWhat: endpoint({
    method: 'GET',
    path: '/v1/policy/what',
    summary: 'What somebody may do on a target, by rule and by table; for administrators and auditors.',
    auth: 'bearer',
    params: z.object({
      target: TargetName,
      /** "person:ana@shop.example", "ana@shop.example" or "Ana Ruiz"; known from what they did. */
      person: z.string().min(1),
    }),
    body: z.object({}),
    reply: WhatReport,
    errors: [...forAudit, 'target.unknown'],
  }),
  policyVersions: endpoint({
    method: 'GET',
    path: '/v1/policy/versions',
    summary:
      'Policies that were in force, the newest first: when, by whom, why; for administrators and auditors.',
    auth: 'bearer',
    params: z.object({}),
    body: z.object({}),
    reply: z.object({ activations: z.array(PolicyActivation) }),
    errors: ['identity.tokenInvalid', 'identity.forbidden'],
  }),
  policyVersion: endpoint({
    method: 'GET',
    path: '/v1/policy/versions/{version}',
    summary: 'The files of a policy that was in force; for administrators and auditors.',
    auth: 'bearer',
    params: z.object({
      /** Or its beginning. */
      version: z
        .string()
        .regex(/^[0-9a-f]{6,64}$/, 'a version is written in hex, its first 6 digits at least'),
    }),
    body: z.object({}),
    reply: z.object({ activation: PolicyActivation, files: z.array(PolicyFile) }),
    errors: forAudit,
  }),
  coverage: endpoint({
    method: 'GET',
    path: '/v1/coverage',
    summary:
      'What could not be looked into, by target: a figure and a list; for administrators and auditors.',
    auth: 'bearer',
    params: z.object({
      target: TargetName.optional(),
      since: z.iso.datetime({ offset: true }).optional(),
      /** The newest so many records are counted. */
      limit: z.coerce.number().int().min(1).max(1_000_000).default(20_000),
    }),
    body: z.object({}),
    takesLong: true,
    reply: CoverageReport,
    errors: forAudit,
  }),
};
