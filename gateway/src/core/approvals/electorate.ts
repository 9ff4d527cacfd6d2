import type { ApprovalRequest, RequestAct } from '../../../contract/approval-request.ts';
import type { Principal } from '../../../contract/principal.ts';

/** Somebody who acts on requests, with the groups that they count for: their own, and those delegated to them. */
export type Elector = { principal: Principal; groups: readonly string[] };

/** Why somebody may not vote on a request; null when they may. One sentence. */
export function whyNoVote(request: ApprovalRequest, { principal, groups }: Elector): string | null {
  if (principal.kind !== 'person') return 'Only people approve: a service or an agent can not.';
  if (isOnesOwn(request, principal)) return 'Nobody decides on a request of their own.';
  if (votingGroups(request, groups).length === 0) {
    return `You are in none of the groups that may decide on this request: ${askedGroups(request).join(', ')}.`;
  }
  return null;
}

/** The person behind it is the same: oneself, or an agent of oneself. */
export function isOnesOwn({ requester, actsFor }: ApprovalRequest, principal: Principal): boolean {
  const asking = [requester.id, actsFor?.id];
  return (
    asking.includes(principal.id) ||
    (principal.actsFor !== undefined && asking.includes(principal.actsFor.id))
  );
}

/** Those of somebody's groups that a request's asks name. */
export function votingGroups(request: ApprovalRequest, groups: readonly string[]): string[] {
  return askedGroups(request).filter((group) => groups.includes(group));
}

/**
 * Whether every rule that asks lets this person go ahead with a request of theirs without approval, with a reason. Only in
 * groups of their own: who stands in for a group approves in its place, and nothing else.
 */
export function mayBreakGlass(
  { asks, requester }: ApprovalRequest,
  { id, kind, groups }: Principal,
): boolean {
  if (kind !== 'person' || id !== requester.id) return false;
  return asks.every(({ breakGlass }) => breakGlass.some((group) => groups.includes(group)));
}

function askedGroups({ asks }: ApprovalRequest): string[] {
  return [...new Set(asks.flatMap(({ groups }) => groups))];
}

/** Whether somebody is shown a request: it is their own, or they may decide on it. */
export function maySee(request: ApprovalRequest, elector: Elector): boolean {
  return isOnesOwn(request, elector.principal) || votingGroups(request, elector.groups).length > 0;
}

/** What somebody may do with a request as it stands. */
export function actsOf(request: ApprovalRequest, elector: Elector): RequestAct[] {
  const { status } = request;
  const mayVote = whyNoVote(request, elector) === null;
  if (status === 'brokenGlass') return mayVote ? ['review'] : [];
  if (status !== 'pending') return [];
  const acts: RequestAct[] = [];
  if (mayVote) {
    if (!request.votes.some(({ by }) => by.id === elector.principal.id)) acts.push('approve');
    acts.push('deny', 'propose', 'remark');
  }
  if (isOnesOwn(request, elector.principal)) {
    acts.push('remark', 'explain', 'withdraw');
    if (mayBreakGlass(request, elector.principal)) acts.push('breakGlass');
  }
  return acts;
}
