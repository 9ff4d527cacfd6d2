import * as z from 'zod';
import { endpoint } from './endpoint.ts';
import { RequestId } from './ids.ts';

/** What of a request for approval is told outside of the editor. */
export const WebhookEvent = z.enum(['made', 'decided', 'lapsed', 'brokenGlass']);
export type WebhookEvent = z.infer<typeof WebhookEvent>;

/** A message that nobody took, and that is not tried any more. */
export const DeadLetter = z.object({
  /** The webhook's name in the configuration. */
  webhook: z.string(),
  event: WebhookEvent,
  request: RequestId,
  at: z.iso.datetime(),
  tries: z.int().nonnegative(),
  /** Why the last try failed, a sentence. */
  why: z.string(),
});
export type DeadLetter = z.infer<typeof DeadLetter>;

export const webhookEndpoints = {
  deadLetters: endpoint({
    method: 'GET',
    path: '/v1/webhooks/dead-letters',
    summary: 'Messages that webhooks did not take, newest first; for administrators and auditors.',
    auth: 'bearer',
    params: z.object({}),
    body: z.object({}),
    reply: z.object({ deadLetters: z.array(DeadLetter) }),
    errors: ['identity.tokenInvalid', 'identity.forbidden'],
  }),
};
