import * as z from 'zod';
import { Bounds, ShownRequest } from '../../gateway/contract/approval-request.ts';
import { EffectHash, RequestId } from '../../gateway/contract/ids.ts';
import { type Protocol, request } from './protocol.ts';

/** Everything the approvals view shows. */
export const ApprovalsState = z.object({
  readiness: z.enum(['ready', 'connecting', 'signedOut', 'offline']),
  /** Who looks at it, by their id; null when nobody is signed in. */
  me: z.string().nullable(),
  /** All that is known, in no order: open ones, and settled ones once they were asked for. */
  requests: z.array(ShownRequest),
});
export type ApprovalsState = z.infer<typeof ApprovalsState>;

const nothing = z.object({});
const words = z.string().max(2000);
const id = z.object({ request: RequestId });
/** Decisions name the effect that was on screen, and nothing else is decided. */
const seen = id.extend({ effect: EffectHash });

/** What the approvals view may say to the host. Each act answers with the request as it is then. */
export const approvalsView = {
  requests: {
    /** Asked once when the view has loaded. */
    ready: request(nothing, z.object({ state: ApprovalsState })),
    /** Asks for settled ones too: they come with the next state. */
    history: request(nothing, nothing),
    approve: request(seen.extend({ reason: words, bounds: Bounds }), ShownRequest),
    deny: request(seen.extend({ reason: words }), ShownRequest),
    remark: request(id.extend({ text: words }), ShownRequest),
    propose: request(seen.extend({ statement: z.string().max(1_000_000) }), ShownRequest),
    explain: request(id.extend({ reason: words, ticket: words }), ShownRequest),
    withdraw: request(id, ShownRequest),
    review: request(id.extend({ reason: words }), ShownRequest),
    /** The one action that an empty state offers. */
    begin: request(z.object({ step: z.enum(['signIn', 'reconnect']) }), nothing),
  },
  events: {},
} satisfies Protocol;

/** What the host may say to the approvals view. */
export const approvalsHost = {
  requests: {},
  events: {
    /** Everything anew. */
    state: ApprovalsState,
    /** Brings a request to the front, as after "Review". */
    show: z.object({ request: RequestId }),
  },
} satisfies Protocol;

export type ApprovalsView = typeof approvalsView;
export type ApprovalsHost = typeof approvalsHost;
