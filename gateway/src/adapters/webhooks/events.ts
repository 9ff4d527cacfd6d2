import type { RequestStatus } from '../../../contract/approval-request.ts';
import type { WebhookEvent } from '../../../contract/webhook-endpoints.ts';

/** What has happened to a request that was noted in one state (null: not yet) and is in another now. */
export function eventsOf(noted: RequestStatus | null, now: RequestStatus): WebhookEvent[] {
  if (noted === null) return FIRST_SEEN[now] ?? [];
  // What was decided is told once, whatever it is used for afterwards.
  return noted === 'pending' ? (CAME_TO[now] ?? []) : [];
}

/** Nothing is told of what was settled before anybody noted it. */
const FIRST_SEEN: Partial<Record<RequestStatus, WebhookEvent[]>> = {
  pending: ['made'],
  // Somebody had proposed it.
  approved: ['made', 'decided'],
  brokenGlass: ['brokenGlass'],
};

const CAME_TO: Partial<Record<RequestStatus, WebhookEvent[]>> = {
  approved: ['decided'],
  used: ['decided'],
  denied: ['decided'],
  lapsed: ['lapsed'],
  brokenGlass: ['brokenGlass'],
  reviewed: ['brokenGlass'],
};
