import type { ApprovalRequest, Bounds, Person, Proposal, Vote } from '../../../contract/approval-request.ts';
import { assertNever } from '../../../contract/assert-never.ts';
import type { EffectHash } from '../../../contract/ids.ts';
import { type Elector, isOnesOwn, mayBreakGlass, votingGroups, whyNoVote } from './electorate.ts';
import { isMet } from './tally.ts';

/** What somebody does with a request. `effect` is what they were shown: they decide on that alone. */
export type Act =
  | { act: 'approve'; effect: EffectHash; reason: string; bounds: Bounds }
  | { act: 'deny'; effect: EffectHash; reason: string }
  | { act: 'remark'; text: string }
  | { act: 'propose'; effect: EffectHash; proposed: Proposed; reason: string }
  | { act: 'explain'; reason: string; ticket: string }
  | { act: 'withdraw' }
  | { act: 'breakGlass'; reason: string }
  | { act: 'review'; reason: string };

/** A statement that its proposer agrees to, and its effect for the requester, in the state of what waits. */
export type Proposed = Pick<Proposal, 'statement' | 'effect'>;

/** Expected outcomes: what became of it, or why it stays as it is and what to do next. */
export type Outcome =
  | { kind: 'changed'; request: ApprovalRequest }
  | { kind: 'refused'; because: 'forbidden' | 'settled' | 'stale' | 'invalid'; why: string; next: string };

/** How long an approval waits to be used where nobody opened a window. */
const UNUSED_SECONDS = 15 * 60;

const MAX_REMARKS = 100;

/** What becomes of a request by an act at a moment. Pure: nothing else ever changes a request but `lapse` and `use`. */
export function transition(request: ApprovalRequest, act: Act, actor: Elector, at: Date): Outcome {
  const closed = whyClosed(request, act, at);
  if (closed !== null) return closed;
  switch (act.act) {
    case 'approve':
      return approve(request, act, actor, at);
    case 'deny':
      return vote(request, act, actor, at, (votes) => ({ ...request, votes, status: 'denied' }));
    case 'remark':
      return remark(request, act.text, actor, at);
    case 'propose':
      return propose(request, act, actor, at);
    case 'explain':
      if (request.votes.length > 0) return SAID_TOO_LATE;
      return own(request, actor, { reason: act.reason, ticket: act.ticket });
    case 'withdraw':
      return own(request, actor, { status: 'withdrawn' });
    case 'breakGlass':
      return breakGlass(request, act.reason, actor, at);
    case 'review':
      return review(request, act.reason, actor, at);
    default:
      return assertNever(act);
  }
}

/** Its time is up: nothing happens to a request that was decided. */
export function lapse(request: ApprovalRequest, at: Date): ApprovalRequest {
  if (request.status === 'pending' && hasPassed(request.lapsesAt, at))
    return changed(request, { status: 'lapsed' });
  if (request.status === 'approved' && hasPassed(request.endsAt, at))
    return changed(request, { status: 'lapsed' });
  return request;
}

/** Whether something may run on it at a moment: once, or as often as a window lets it. */
export function stands({ status, endsAt, bounds, uses }: ApprovalRequest, at: Date): boolean {
  if (hasPassed(endsAt, at)) return false;
  if (status === 'brokenGlass') return uses === 0;
  return status === 'approved' && (uses === 0 || bounds.windowSeconds !== null);
}

/** Something runs on it. Callers ask `stands` before. */
export function use(request: ApprovalRequest): ApprovalRequest {
  const isOnce = request.status === 'approved' && request.bounds.windowSeconds === null;
  return changed(request, { uses: request.uses + 1, ...(isOnce ? { status: 'used' } : {}) });
}

function whyClosed(request: ApprovalRequest, { act }: Act, at: Date): Outcome | null {
  const wanted = act === 'review' ? 'brokenGlass' : 'pending';
  const { status } = request.status === 'pending' ? lapse(request, at) : request;
  if (status === wanted) return null;
  return refused('settled', `Nothing was changed: the request ${STATUS_WORDS[status]}.`, NEXT_WORDS[act]);
}

function approve(
  request: ApprovalRequest,
  { effect, reason, bounds }: Extract<Act, { act: 'approve' }>,
  actor: Elector,
  at: Date,
): Outcome {
  const tooWide = whyTooWide(request, bounds);
  if (tooWide !== null) return refused('invalid', tooWide, 'Approve it for less.');
  return vote(request, { act: 'approve', effect, reason }, actor, at, (votes) => {
    const narrowed = {
      ...request,
      votes,
      bounds: narrower(request.bounds, bounds, request.votes.length === 0),
    };
    return whereMet(narrowed, at);
  });
}

/** Approved as soon as every ask is met. */
export function whereMet(request: ApprovalRequest, at: Date): ApprovalRequest {
  if (!isMet(request.asks, request.votes)) return request;
  const lasts = request.wanted.kind === 'unmask' ? request.wanted.forSeconds : UNUSED_SECONDS;
  const seconds = request.bounds.windowSeconds ?? lasts;
  return { ...request, status: 'approved', endsAt: later(at, seconds) };
}

function vote(
  request: ApprovalRequest,
  act: { act: 'approve' | 'deny'; effect: EffectHash; reason: string },
  actor: Elector,
  at: Date,
  counted: (votes: Vote[]) => ApprovalRequest,
): Outcome {
  const no = whyNoVote(request, actor);
  if (no !== null) return refused('forbidden', no, '');
  if (act.effect !== request.effect) return notShown('decided');
  if (act.act === 'deny' && act.reason.trim() === '') {
    return refused('invalid', 'A denial needs a reason: the requester reads it.', 'Say why.');
  }
  const by = personOf(actor);
  if (act.act === 'approve' && request.votes.some((earlier) => earlier.by.id === by.id)) {
    return refused('settled', 'You have approved it already; somebody else must agree too.', '');
  }
  const groups = votingGroups(request, actor.groups);
  const cast: Vote = { by, at: at.toISOString(), verdict: act.act, reason: act.reason, groups };
  return { kind: 'changed', request: changed(counted([...request.votes, cast]), {}) };
}

function whyTooWide({ asks, shape }: ApprovalRequest, { windowSeconds }: Bounds): string | null {
  if (windowSeconds === null) return null;
  if (shape === null) return 'This can be approved once only: it has no shape that others could share.';
  const shortest = Math.min(...asks.map((ask) => ask.windowSeconds ?? 0));
  if (windowSeconds <= shortest) return null;
  return shortest === 0
    ? 'This can be approved once only: not every rule that asks allows a window.'
    : `This can be approved for ${shortest} seconds at most.`;
}

/** Of several approvals the narrowest holds. */
function narrower(before: Bounds, given: Bounds, isFirst: boolean): Bounds {
  if (isFirst) return given;
  const once = before.windowSeconds === null || given.windowSeconds === null;
  return {
    maxRows: least(before.maxRows, given.maxRows),
    windowSeconds: once ? null : least(before.windowSeconds, given.windowSeconds),
  };
}

function least(left: number | null, right: number | null): number | null {
  if (left === null || right === null) return left ?? right;
  return Math.min(left, right);
}

function remark(request: ApprovalRequest, text: string, actor: Elector, at: Date): Outcome {
  const isMine = isOnesOwn(request, actor.principal);
  if (!isMine && whyNoVote(request, actor) !== null) {
    return refused('forbidden', 'Only the requester and those who may decide write to each other here.', '');
  }
  if (text.trim() === '') return refused('invalid', 'The remark is empty.', 'Write something.');
  if (request.remarks.length >= MAX_REMARKS) {
    return refused('invalid', `There are ${MAX_REMARKS} remarks already.`, 'Talk to each other, and decide.');
  }
  const said = { by: personOf(actor), at: at.toISOString(), text };
  return { kind: 'changed', request: changed(request, { remarks: [...request.remarks, said] }) };
}

function propose(
  request: ApprovalRequest,
  { effect, proposed, reason }: Extract<Act, { act: 'propose' }>,
  actor: Elector,
  at: Date,
): Outcome {
  const no = whyNoVote(request, actor);
  if (no !== null) return refused('forbidden', no, '');
  if (effect !== request.effect) return notShown('proposed');
  if (request.wanted.kind !== 'statement') return refused('invalid', 'There is no statement to change.', '');
  if (proposed.effect === effect) {
    return refused('invalid', 'That is the statement that was asked for.', 'Approve it, or change it.');
  }
  const groups = votingGroups(request, actor.groups);
  const proposal = { by: personOf(actor), at: at.toISOString(), ...proposed, reason, groups };
  return { kind: 'changed', request: changed(request, { proposal }) };
}

function notShown(what: string): Outcome {
  const why = `Nothing was ${what}: the request is not the one that was shown.`;
  return refused('stale', why, 'Look at it again.');
}

function own(request: ApprovalRequest, { principal }: Elector, change: Partial<ApprovalRequest>): Outcome {
  if (!isOnesOwn(request, principal)) {
    return refused('forbidden', `Only ${request.requester.name}, whose request it is, may do that.`, '');
  }
  return { kind: 'changed', request: changed(request, change) };
}

/** Whoever voted has read another reason. */
const SAID_TOO_LATE: Outcome = {
  kind: 'refused',
  because: 'settled',
  why: 'Somebody has voted already, on the reason that stands there.',
  next: 'Say it in a remark.',
};

function breakGlass(request: ApprovalRequest, reason: string, actor: Elector, at: Date): Outcome {
  if (!mayBreakGlass(request, actor.principal)) {
    return refused('forbidden', 'No rule lets you run this without approval.', 'Wait for those who decide.');
  }
  if (reason.trim() === '') {
    return refused('invalid', 'Breaking glass needs a reason: it is reviewed.', 'Say why it can not wait.');
  }
  const endsAt = later(at, UNUSED_SECONDS);
  // A window that somebody wanted to open is none: what is reviewed is what was asked for.
  const bounds = { ...request.bounds, windowSeconds: null };
  return { kind: 'changed', request: changed(request, { status: 'brokenGlass', reason, endsAt, bounds }) };
}

function review(request: ApprovalRequest, reason: string, actor: Elector, at: Date): Outcome {
  const no = whyNoVote(request, actor);
  if (no !== null) return refused('forbidden', no, '');
  const said = { by: personOf(actor), at: at.toISOString(), text: reason };
  return {
    kind: 'changed',
    request: changed(request, { status: 'reviewed', remarks: [...request.remarks, said] }),
  };
}

/** The request with a change: one more revision of it. */
export function changed(request: ApprovalRequest, change: Partial<ApprovalRequest>): ApprovalRequest {
  return { ...request, ...change, revision: request.revision + 1 };
}

function personOf({ principal: { id, name } }: Elector): Person {
  return { id, name };
}

export function hasPassed(moment: string | null, at: Date): boolean {
  return moment !== null && at.getTime() >= Date.parse(moment);
}

function later(at: Date, seconds: number): string {
  return new Date(at.getTime() + seconds * 1000).toISOString();
}

function refused(
  because: Extract<Outcome, { kind: 'refused' }>['because'],
  why: string,
  todo: string,
): Outcome {
  return { kind: 'refused', because, why, next: todo };
}

const STATUS_WORDS: Record<ApprovalRequest['status'], string> = {
  pending: 'waits',
  approved: 'was approved already',
  used: 'was approved and used already',
  denied: 'was denied already',
  withdrawn: 'was withdrawn',
  lapsed: 'has lapsed',
  brokenGlass: 'was run without approval, with a reason',
  reviewed: 'was run without approval, and reviewed',
};

const NEXT_WORDS: Record<Act['act'], string> = {
  approve: '',
  deny: '',
  remark: '',
  propose: '',
  explain: 'Run the statement again: that makes a new request.',
  withdraw: '',
  breakGlass: 'Run the statement again: that makes a new request.',
  review: '',
};
