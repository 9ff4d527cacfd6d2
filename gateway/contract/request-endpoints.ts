import * as z from 'zod';
import { Bounds, ShownRequest } from './approval-request.ts';
import { endpoint } from './endpoint.ts';
import { ColumnRef } from './facts.ts';
import { EffectHash, RequestId, TargetName } from './ids.ts';

const none = z.object({});
const byId = z.object({ request: RequestId });
/** What clients of a database can be told: their protocol has no NUL, and no half characters. */
const isText = (text: string) => text.isWellFormed() && !text.includes('\0');
const words = z.string().max(2000).refine(isText, 'holds characters that are none');
const sql = z.string().max(1_000_000).refine(isText, 'holds characters that are none');
const actErrors = [
  'identity.tokenInvalid',
  'request.invalid',
  'approval.unknown',
  'approval.refused',
] as const;

/** Asks beforehand: that a statement may run, or that columns come unmasked for a while. */
export const NewRequest = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('statement'),
    target: TargetName,
    statement: sql,
    reason: words,
    ticket: words.default(''),
  }),
  z.object({
    kind: z.literal('unmask'),
    target: TargetName,
    columns: z.array(ColumnRef).min(1).max(100),
    forSeconds: z.int().positive(),
    reason: words,
    ticket: words.default(''),
  }),
]);
export type NewRequest = z.infer<typeof NewRequest>;

/** What a person does with a request: each is a POST to `/v1/requests/{request}/…` and gives the request as it is then. */
export const requestEndpoints = {
  requests: endpoint({
    method: 'GET',
    path: '/v1/requests',
    summary:
      'Requests of this person, and those they may decide on, newest first; an auditor sees all. `pending`: what waits for a decision, or a review.',
    auth: 'bearer',
    params: z.object({ status: z.enum(['pending', 'all']).default('pending') }),
    body: none,
    reply: z.object({ requests: z.array(ShownRequest) }),
    errors: ['identity.tokenInvalid', 'request.invalid'],
  }),
  newRequest: endpoint({
    method: 'POST',
    path: '/v1/requests',
    summary: 'Asks for approval before running anything.',
    auth: 'bearer',
    params: none,
    body: NewRequest,
    reply: ShownRequest,
    errors: ['identity.tokenInvalid', 'request.invalid', 'target.unknown', 'approval.refused'],
  }),
  request: endpoint({
    method: 'GET',
    path: '/v1/requests/{request}',
    summary: 'One request, for its requester, those who may decide on it, and auditors.',
    auth: 'bearer',
    params: byId,
    body: none,
    reply: ShownRequest,
    errors: ['identity.tokenInvalid', 'approval.unknown'],
  }),
  approve: act('approve', 'Agrees to exactly what was shown, within bounds.', {
    effect: EffectHash,
    reason: words.default(''),
    bounds: Bounds.default({ maxRows: null, windowSeconds: null }),
  }),
  deny: act('deny', 'Says no, with a reason that the requester reads.', {
    effect: EffectHash,
    reason: words,
  }),
  remark: act('remark', 'Asks the requester, or answers the approver.', { text: words }),
  propose: act(
    'propose',
    'Offers a narrower statement, which counts as approved by this person once the requester runs it.',
    {
      effect: EffectHash,
      statement: sql,
      reason: words.default(''),
    },
  ),
  explain: act('explain', "Gives a request of one's own a reason and a ticket.", {
    reason: words,
    ticket: words.default(''),
  }),
  withdraw: act('withdraw', "Takes a request of one's own back.", {}),
  breakGlass: act('break-glass', 'Runs it at once where a rule lets one, with a reason that is reviewed.', {
    reason: words,
  }),
  review: act('review', 'Notes that somebody has looked at what ran without approval.', {
    reason: words.default(''),
  }),
};

function act<Path extends string, Body extends z.ZodRawShape>(path: Path, summary: string, body: Body) {
  return endpoint({
    method: 'POST',
    path: `/v1/requests/{request}/${path}`,
    summary,
    auth: 'bearer',
    params: byId,
    body: z.object(body),
    reply: ShownRequest,
    errors: actErrors,
  });
}

/** WebSocket, bearer token in the Authorization header: requests as they are made and change. */
export const REQUEST_CHANNEL_PATH = '/v1/requests/live';
export const REQUEST_CHANNEL_SUBPROTOCOL = 'sluice.requests.v1';

export const RequestEvent = z.discriminatedUnion('type', [
  /** First, once: all that this person sees and that is not settled. */
  z.object({ type: z.literal('open'), requests: z.array(ShownRequest) }),
  /** A request that is new to this person, or has changed. Older revisions than one that was shown are to be dropped. */
  z.object({ type: z.literal('request'), shown: ShownRequest }),
]);
export type RequestEvent = z.infer<typeof RequestEvent>;
