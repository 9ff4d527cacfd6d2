import * as z from 'zod';
import { auditEndpoints } from './audit-endpoints.ts';
import { CatalogueView } from './catalogue.ts';
import { endpoint } from './endpoint.ts';
import { fileEndpoints } from './file-endpoints.ts';
import { Hello } from './hello.ts';
import { TargetName } from './ids.ts';
import { policyDraftEndpoints } from './policy-draft-endpoints.ts';
import { policyEndpoints } from './policy-endpoints.ts';
import { Principal } from './principal.ts';
import { ActionRecord } from './record.ts';
import { RecordSearch } from './record-search.ts';
import { requestEndpoints } from './request-endpoints.ts';
import { sessionEndpoints } from './session-endpoints.ts';
import { sshEndpoints } from './ssh-endpoints.ts';
import { Target } from './target.ts';
import { Verdict } from './verdict.ts';
import { webhookEndpoints } from './webhook-endpoints.ts';

const none = z.object({});

/** A credential for other clients (psql, DBeaver). It lives minutes and is shown once. */
export const ConnectCredential = z.object({
  user: z.string(),
  password: z.string(),
  database: TargetName,
  host: z.string(),
  port: z.int(),
  /** PEM of the certificate to trust. */
  caCertificate: z.string(),
  expiresAt: z.iso.datetime(),
});
export type ConnectCredential = z.infer<typeof ConnectCredential>;

/** Every endpoint of version 1. The query channel is the WebSocket at `QUERY_CHANNEL_PATH`. */
export const endpoints = {
  hello: endpoint({
    method: 'GET',
    path: '/v1/hello',
    summary: 'Says who this gateway is, which contract it speaks and where to sign in.',
    auth: 'none',
    params: none,
    body: none,
    reply: Hello,
    errors: [],
  }),
  me: endpoint({
    method: 'GET',
    path: '/v1/me',
    summary: 'The signed-in principal, with the groups that policy sees.',
    auth: 'bearer',
    params: none,
    body: none,
    reply: Principal,
    errors: ['identity.tokenInvalid'],
  }),
  targets: endpoint({
    method: 'GET',
    path: '/v1/targets',
    summary: 'The targets that this principal may see.',
    auth: 'bearer',
    params: none,
    body: none,
    reply: z.object({ targets: z.array(Target) }),
    errors: ['identity.tokenInvalid'],
  }),
  catalogue: endpoint({
    method: 'GET',
    path: '/v1/targets/{target}/catalogue',
    summary: "A target's schemas, relations, columns and functions, with the masks this principal would see.",
    auth: 'bearer',
    params: z.object({ target: TargetName }),
    body: none,
    reply: CatalogueView,
    errors: ['identity.tokenInvalid', 'target.unknown', 'target.unreachable', 'catalogue.unavailable'],
  }),
  verdicts: endpoint({
    method: 'POST',
    path: '/v1/targets/{target}/verdicts',
    summary: 'What the policy would do to each statement of a text, with positions. Runs nothing.',
    auth: 'bearer',
    params: z.object({ target: TargetName }),
    body: z.object({ text: z.string().max(1_000_000) }),
    reply: z.object({ verdicts: z.array(Verdict) }),
    errors: ['identity.tokenInvalid', 'target.unknown', 'target.unreachable', 'catalogue.unavailable'],
  }),
  credential: endpoint({
    method: 'POST',
    path: '/v1/targets/{target}/credentials',
    summary: 'Mints a short-lived credential for clients that speak the target’s own protocol.',
    auth: 'bearer',
    params: z.object({ target: TargetName }),
    body: none,
    reply: ConnectCredential,
    errors: ['identity.tokenInvalid', 'target.unknown'],
  }),
  records: endpoint({
    method: 'GET',
    path: '/v1/records',
    summary:
      "Recorded actions that were searched for, newest first: of one's own, or of everybody's for auditors.",
    auth: 'bearer',
    params: RecordSearch.extend({
      /** What each answer held is left out unless it is asked for: it may be long. */
      answers: z.enum(['include', 'leaveOut']).default('leaveOut'),
      before: z.string().optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    body: none,
    /** Long records make a page shorter than `limit`: `next` alone says whether more follow, and what `before` is for them. */
    reply: z.object({ records: z.array(ActionRecord), next: z.string().nullable() }),
    errors: ['identity.tokenInvalid', 'request.invalid'],
  }),
  ...requestEndpoints,
  ...webhookEndpoints,
  ...auditEndpoints,
  ...sshEndpoints,
  ...sessionEndpoints,
  ...fileEndpoints,
  ...policyEndpoints,
  ...policyDraftEndpoints,
};

/** WebSocket: `?target=NAME`, subprotocol `sluice.query.v1`, bearer token in the Authorization header. */
export const QUERY_CHANNEL_PATH = '/v1/query';
export const QUERY_CHANNEL_SUBPROTOCOL = 'sluice.query.v1';
