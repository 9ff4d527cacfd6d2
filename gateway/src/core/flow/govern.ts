import type { ApprovalRequest } from '../../../contract/approval-request.ts';
import type { Approval, Decision } from '../../../contract/decision.ts';
import type { ColumnRef, Facts, ThroughRef } from '../../../contract/facts.ts';
import type { RecordId } from '../../../contract/ids.ts';
import type { Principal } from '../../../contract/principal.ts';
import type { RecordedQuestion, RecordingPlace, RecordOutcome } from '../../../contract/record.ts';
import { Grant } from '../access/grant.ts';
import type { Approvals, Draft, Use } from '../approvals/approvals.ts';
import { effectOf, shapeOf } from '../approvals/effect.ts';
import type { Hold } from '../approvals/hold.ts';
import { notApproved } from '../approvals/not-approved.ts';
import type { Circumstances, Policy, PolicyInForce, Question, Recording } from '../policy/policy.ts';
import type { OpeningRecord, Recorder } from '../recording/recorder.ts';
import { blocked } from './blocked.ts';
import { constantsLeftOut } from './constants-left-out.ts';
import { type LookupLimit, tooManyLookups } from './lookup-limit.ts';
import type { FlowMeter } from './meter.ts';
import type { PlanCache } from './plan-cache.ts';
import { newRecordId } from './record-id.ts';
import type { SeenPlans } from './seen-plans.ts';
import type { Session } from './session.ts';

/** One statement, command or request, as a protocol room states it. */
export type Action = {
  session: Session;
  /** As the person sent it. */
  statement: string;
  /** The statement as it is recorded where the policy leaves constants out; without it, it has none to leave out. */
  withoutConstants?: () => string;
  /** Null when it could not be parsed; `unparsed` then says why. */
  facts: Facts | null;
  unparsed: string | null;
  /** Columns of the relations it touches, for tags and masks. */
  columns: readonly ColumnRef[];
  /** What it works on without naming it. */
  through: readonly ThroughRef[];
  /** Everything that `facts` and the enforcement depend on (text, catalogue version, session state). */
  planKey: string;
  /** What an approver is shown and an approval is bound to, besides the plan's key. Without it nothing is held. */
  asked?: Asked;
  /**
   * It makes lasting, or has checked, what was done before it (COMMIT): recorded first like a change, though policies see
   * a read.
   */
  concludes?: boolean;
  /** Where its session's recording shows it. */
  recording?: RecordingPlace;
};

/** An action as an approver is shown it. */
export type Asked = {
  /** In their text form; null is NULL. */
  parameters: ReadonlyArray<string | null>;
  /** Everything that tells these parameters from others. */
  parametersKey: string;
  /** What the plan's key would be without the statement's constants; null where there is no such thing. */
  shapeKey: string | null;
  /** Asked before an approval is used: throws, in words for the client, where what it was decided on has changed since. */
  confirm?: () => Promise<void>;
};

/** The protocol room's part: turns a decision into what will run, or says why it can't hold. */
export type Enforce<Payload> = (decision: Decision) => Promise<Enforcement<Payload>>;
export type Enforcement<Payload> =
  | { kind: 'enforced'; payload: Payload }
  | { kind: 'refused'; why: string; next: string };

/** The record of a granted action. */
export type OpenRecord = {
  id: RecordId;
  /** How much of its answer it keeps. */
  keeps: Pick<Recording, 'maxRows' | 'maxBytes'>;
  /** Has the opening written; resolves when it is on disk. Nothing of the answer is released before. */
  durable(): Promise<void>;
  /** Resolves when the end is on disk. The end of the answer is released after. */
  close(outcome: RecordOutcome): Promise<void>;
};

export type Governed<Payload> =
  | { kind: 'granted'; grant: Grant<Payload>; record: OpenRecord }
  | { kind: 'refused'; decision: Decision; record: RecordId }
  /** Somebody else must agree first. */
  | { kind: 'held'; held: Held }
  /** The principal's access is gone: the session must end. */
  | { kind: 'revoked' };

/** An action that waits. Once it may run it is governed again, as it is then. */
export type Held = {
  hold: Hold;
  decision: Decision;
  /**
   * What became of it. A refusal is on disk when this resolves.
   * @throws SluiceError `record.unavailable`
   */
  settled: Promise<Settled>;
};
export type Settled = { kind: 'mayRun' } | { kind: 'refused'; decision: Decision; record: RecordId };

export type GovernServices<Payload> = {
  approvals: Approvals;
  policy: PolicyInForce;
  recorder: Recorder;
  plans: PlanCache<Payload>;
  /** Without it nothing may be looked up. */
  lookups?: LookupLimit;
  meter?: FlowMeter;
  now: () => Date;
};

/**
 * The one flow: decide → (hold) → grant → record, for every surface. A refusal is on disk when this resolves.
 * An action that may change something, or concludes a change, is on disk before its grant is returned; for another one
 * the write overlaps with the execution and `record.durable` tells when the answer may be released. Such an action
 * whose plan stands in `seen` is granted at once, without a promise.
 *
 * @throws SluiceError `record.unavailable` when the record can't be kept; the caller closes its session.
 */
export function govern<Payload>(
  action: Action,
  enforce: Enforce<Payload>,
  services: GovernServices<Payload>,
  seen: SeenPlans<Payload> | null = null,
): Governed<Payload> | Promise<Governed<Payload>> {
  const startedAtMs = performance.now();
  const principal = action.session.principal.current();
  if (principal === null) return { kind: 'revoked' };
  const policy = services.policy.current();
  const plan = action.facts === null ? undefined : seen?.get(action.facts, principal, policy);
  // Lookups are counted each time.
  const isCounted = plan?.decision.lookups !== undefined;
  if (plan?.kind === 'granted' && !isRecordedFirst(action) && !isCounted) {
    const governed = granted(action, openingOf(action, principal, plan, services), plan, services);
    services.meter?.answered(action.session, performance.now() - startedAtMs);
    return governed;
  }
  return metered(action, services, startedAtMs, governAnew(action, enforce, services, seen));
}

function isRecordedFirst({ facts, concludes = false }: Action): boolean {
  return facts?.readOnly !== true || concludes;
}

async function metered<Payload>(
  { session }: Action,
  { meter }: GovernServices<Payload>,
  startedAtMs: number,
  governing: Promise<Governed<Payload>>,
): Promise<Governed<Payload>> {
  const governed = await governing;
  if (governed.kind === 'granted' || governed.kind === 'refused') {
    meter?.answered(session, performance.now() - startedAtMs);
  }
  return governed;
}

async function governAnew<Payload>(
  action: Action,
  enforce: Enforce<Payload>,
  services: GovernServices<Payload>,
  seen: SeenPlans<Payload> | null,
): Promise<Governed<Payload>> {
  const principal = action.session.principal.current();
  if (principal === null) return { kind: 'revoked' };
  const policy = services.policy.current();
  const startedAtMs = performance.now();
  const { plan: made, cacheable } = await planAnew(action, principal, policy, enforce, services);
  services.meter?.decided(action.session, performance.now() - startedAtMs);
  // Making a plan takes a while; what was revoked or changed meanwhile already counts for this action.
  const now = action.session.principal.current();
  if (now?.epoch !== principal.epoch || services.policy.current().version !== policy.version) {
    return governAnew(action, enforce, services, seen);
  }
  if (cacheable && action.facts !== null) seen?.set(action.facts, principal, policy, made);
  const plan = withinLimit(made, action, principal, services);
  if (plan.kind === 'refused') return refusedNow(action, principal, plan.decision, services);
  if (plan.kind === 'asking') return approvedOrHeld(action, principal, plan, services);
  const governed = granted(action, openingOf(action, principal, plan, services), plan, services);
  if (isRecordedFirst(action)) await governed.record.durable();
  return governed;
}

/** A plan that looks up more than its principal may in a minute is refused; without a limit, none may. */
function withinLimit<Payload>(
  plan: Plan<Payload>,
  { session }: Action,
  { id }: Principal,
  { lookups, now }: GovernServices<Payload>,
): Plan<Payload> {
  if (plan.kind !== 'granted' || plan.decision.lookups === undefined) return plan;
  if (lookups?.takes(id, session.target.name, plan.decision, now()) === true) return plan;
  return { kind: 'refused', decision: tooManyLookups(plan.decision) };
}

function openingOf<Payload>(
  action: Action,
  principal: Principal,
  { decision }: Plan<Payload>,
  { now, policy }: GovernServices<Payload>,
): OpeningRecord {
  const at = now();
  const opening: OpeningRecord = {
    id: newRecordId(at),
    at: at.toISOString(),
    sessionId: action.session.id,
    surface: action.session.surface,
    principal: principal.id,
    principalName: principal.name,
    target: action.session.target.name,
    statement: action.statement,
    facts: action.facts,
    decision,
    ...(action.facts === null ? {} : { question: recordedQuestion(action, principal) }),
    ...(action.recording === undefined ? {} : { recording: action.recording }),
  };
  const { withoutConstants } = action;
  const { constants } = policy.current().recordingFor(action.session.target);
  if (constants === 'keep' || withoutConstants === undefined) return opening;
  return constantsLeftOut({ ...opening, statement: withoutConstants() });
}

function recordedQuestion({ session, columns, through }: Action, principal: Principal): RecordedQuestion {
  const { target, network } = session;
  return { principal, labels: target.labels, network, columns, through };
}

/** Runs on an approval that stands for exactly this, or waits for one. */
async function approvedOrHeld<Payload>(
  action: Action,
  principal: Principal,
  plan: Extract<Plan<Payload>, { kind: 'asking' }>,
  services: GovernServices<Payload>,
): Promise<Governed<Payload>> {
  const { approvals, lookups, now } = services;
  const { session, asked } = action;
  // What isn't known in whole is nothing that anybody has agreed to.
  if (asked === undefined) return refusedNow(action, principal, plan.decision, services);
  const wanted = useOf(action, asked, principal, plan.decision);
  const stands = approvals.standsFor(wanted);
  const mayLookUp =
    plan.decision.lookups === undefined ||
    !stands ||
    lookups?.takes(principal.id, session.target.name, plan.decision, now()) === true;
  if (!mayLookUp) return refusedNow(action, principal, tooManyLookups(plan.decision), services);
  if (stands) await asked.confirm?.();
  const approved = await approvals.use(wanted);
  if (approved === null) return held(action, principal, plan.decision, services);
  const decision: Decision = { ...plan.decision, approval: approvalOf(approved) };
  const opening = openingOf(action, principal, { ...plan, decision }, services);
  const governed = granted(action, opening, { ...plan, decision }, services);
  await governed.record.durable();
  return governed;
}

/**
 * Lets an action wait that asks and is not approved `times` over. Null for every other: nothing is used up, recorded or
 * run.
 */
export async function holdIfAsked<Payload>(
  action: Action,
  enforce: Enforce<Payload>,
  services: GovernServices<Payload>,
  times = 1,
): Promise<Governed<Payload> | null> {
  const principal = action.session.principal.current();
  if (principal === null) return { kind: 'revoked' };
  const plan = await planFor(action, principal, services.policy.current(), enforce, services);
  const { asked } = action;
  if (plan.kind !== 'asking' || asked === undefined) return null;
  if (services.approvals.standsFor(useOf(action, asked, principal, plan.decision), times)) return null;
  return held(action, principal, plan.decision, services);
}

function useOf(
  { session, planKey }: Action,
  { parametersKey, shapeKey }: Asked,
  principal: Principal,
  decision: Decision,
): Use {
  const place = { principal, target: session.target.name, policyVersion: decision.policyVersion };
  return {
    principal,
    session: session.id,
    effect: effectOf(place, [planKey, parametersKey]),
    shape: shapeKey === null ? null : shapeOf(place, [shapeKey]),
    asks: decision.asks,
  };
}

function approvalOf({ id, votes, bounds, status }: ApprovalRequest): Approval {
  return {
    request: id,
    by: votes.map(({ by }) => by),
    maxRows: bounds.maxRows,
    brokenGlass: status === 'brokenGlass',
  };
}

/** What approval of an action would be asked for; null when it can't be: nobody knows all that it depends on. */
export function draftOf(
  action: Action,
  principal: Principal,
  decision: Decision,
): Omit<Draft, 'reason' | 'ticket'> | null {
  const { session, asked, statement } = action;
  if (asked === undefined) return null;
  const { effect, shape } = useOf(action, asked, principal, decision);
  return {
    principal,
    surface: session.surface,
    target: session.target.name,
    wanted: { kind: 'statement', statement, parameters: [...asked.parameters] },
    effect,
    shape,
    decision,
  };
}

async function held<Payload>(
  action: Action,
  principal: Principal,
  decision: Decision,
  services: GovernServices<Payload>,
): Promise<Governed<Payload>> {
  const draft = draftOf(action, principal, decision);
  if (draft === null) return refusedNow(action, principal, decision, services);
  const hold = await services.approvals.hold({ ...draft, reason: '', ticket: '' }, action.session.id);
  const settled = hold.settled.then(async (request): Promise<Settled> => {
    if (request.status === 'approved' || request.status === 'brokenGlass') return { kind: 'mayRun' };
    const refusal = notApproved(decision, request);
    const { record } = await refusedNow(action, principal, refusal, services);
    return { kind: 'refused', decision: refusal, record };
  });
  settled.catch(() => undefined);
  return { kind: 'held', held: { hold, decision, settled } };
}

async function refusedNow<Payload>(
  action: Action,
  principal: Principal,
  decision: Decision,
  services: GovernServices<Payload>,
): Promise<Extract<Governed<Payload>, { kind: 'refused' }>> {
  const opening = openingOf(action, principal, { kind: 'refused', decision }, services);
  await services.recorder.keep({ ...opening, outcome: REFUSED });
  return { kind: 'refused', decision, record: opening.id };
}

/** Mints the grant and opens the record. */
function granted<Payload>(
  { session }: Action,
  opening: OpeningRecord,
  plan: Extract<Plan<Payload>, { kind: 'granted' | 'asking' }>,
  { policy, recorder }: GovernServices<Payload>,
): Extract<Governed<Payload>, { kind: 'granted' }> {
  const { id } = opening;
  const keeps = policy.current().recordingFor(session.target);
  const opened = recorder.open(opening);
  return {
    kind: 'granted',
    grant: Grant.mint(plan.payload, plan.decision, id),
    record: {
      id,
      keeps,
      durable: () => opened.durable(),
      close: (outcome) => recorder.close(id, outcome),
    },
  };
}

const REFUSED: RecordOutcome = { status: 'refused', sqlState: null, rows: 0, bytes: 0, durationMs: 0 };

/** What will be done with an action: cached by everything it depends on, and by nothing less. */
export type Plan<Payload> =
  | { kind: 'granted'; decision: Decision; payload: Payload }
  /** It would run like this, once somebody agreed. */
  | { kind: 'asking'; decision: Decision; payload: Payload }
  | { kind: 'refused'; decision: Decision };

/** The plan for an action, cached by everything it depends on and by nothing less: what preparing decides. */
export async function planFor<Payload>(
  action: Action,
  principal: Principal,
  policy: Policy,
  enforce: Enforce<Payload>,
  services: GovernServices<Payload>,
): Promise<Plan<Payload>> {
  return (await planAnew(action, principal, policy, enforce, services)).plan;
}

async function planAnew<Payload>(
  action: Action,
  principal: Principal,
  policy: Policy,
  enforce: Enforce<Payload>,
  services: GovernServices<Payload>,
): Promise<{ plan: Plan<Payload>; cacheable: boolean }> {
  const key = JSON.stringify([
    action.session.target.name,
    principal.id,
    principal.epoch,
    policy.version,
    action.session.network,
    action.planKey,
  ]);
  const cached = services.plans.get(key);
  if (cached !== undefined) return { plan: cached, cacheable: true };
  const made = await makePlan(action, principal, policy, enforce, services.now());
  if (made.cacheable) services.plans.set(key, made.plan);
  return made;
}

function questionOf({ columns, through }: Action, facts: Facts, circumstances: Circumstances): Question {
  return facts.protocol === 'sql'
    ? { ...circumstances, facts, columns, through }
    : { ...circumstances, facts };
}

/** Decide and enforce, without recording or running: also what a preview shows. */
export async function makePlan<Payload>(
  action: Action,
  principal: Principal,
  policy: Policy,
  enforce: Enforce<Payload>,
  at: Date,
): Promise<{ plan: Plan<Payload>; cacheable: boolean }> {
  if (action.facts === null) {
    const why = action.unparsed ?? 'the statement could not be read';
    return { plan: { kind: 'refused', decision: blocked(policy.version, why, '') }, cacheable: true };
  }
  const { target, network } = action.session;
  const { decision, cacheable } = policy.decide(
    questionOf(action, action.facts, { principal, target, at, network }),
  );
  if (decision.outcome === 'block') return { plan: { kind: 'refused', decision }, cacheable };
  const enforcement = await enforce(decision);
  if (enforcement.kind === 'enforced') {
    const kind = decision.outcome === 'approve' ? 'asking' : 'granted';
    return { plan: { kind, decision, payload: enforcement.payload }, cacheable };
  }
  const refusal: Decision = {
    ...decision,
    outcome: 'block',
    sentence: enforcement.why,
    next: enforcement.next,
  };
  return { plan: { kind: 'refused', decision: refusal }, cacheable };
}
