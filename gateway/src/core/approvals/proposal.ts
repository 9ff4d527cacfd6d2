import type { ApprovalRequest, Vote } from '../../../contract/approval-request.ts';
import { votingGroups } from './electorate.ts';
import { hasPassed, whereMet } from './transitions.ts';

/** What a proposal still counts in: nothing ran, and nothing may, on the request that it was made to. */
const OPEN: ReadonlyArray<ApprovalRequest['status']> = ['pending', 'denied', 'withdrawn'];

/**
 * A request just made, with the vote of whoever proposed exactly that on an earlier one; null where `earlier` proposes
 * nothing that it is. They vote only where they could: in groups that they were in then and that it asks now, never on
 * their own, and no longer than the earlier request would have waited.
 */
export function takeUp(made: ApprovalRequest, earlier: ApprovalRequest, at: Date): ApprovalRequest | null {
  const { proposal } = earlier;
  if (proposal === null || proposal.effect === null || proposal.effect !== made.effect) return null;
  if (earlier.requester.id !== made.requester.id) return null;
  if (!OPEN.includes(earlier.status) || hasPassed(earlier.lapsesAt, at)) return null;
  const { by, reason } = proposal;
  if (by.id === made.requester.id || by.id === made.actsFor?.id) return null;
  const groups = votingGroups(made, proposal.groups);
  if (groups.length === 0) return null;
  const vote: Vote = { by, at: at.toISOString(), verdict: 'approve', reason, groups };
  return whereMet({ ...made, votes: [vote], takesUp: earlier.id }, at);
}
