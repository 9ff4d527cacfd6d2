import type { Decision } from '../../../contract/decision.ts';
import type { ColumnRef, Facts, ThroughRef } from '../../../contract/facts.ts';
import type { RecordId } from '../../../contract/ids.ts';
import type { Principal } from '../../../contract/principal.ts';
import type { RecordOutcome } from '../../../contract/record.ts';
import { Grant } from '../access/grant.ts';
import type { Policy, PolicyInForce } from '../policy/policy.ts';
import type { OpeningRecord, Recorder } from '../recording/recorder.ts';
import { blocked } from './blocked.ts';
import { type LookupLimit, tooManyLookups } from './lookup-limit.ts';
import type { PlanCache } from './plan-cache.ts';
import { newRecordId } from './record-id.ts';
import type { SeenPlans } from './seen-plans.ts';
import type { Session } from './session.ts';

/** One statement, command or request, as a protocol room states it. */
export type Action = {
  session: Session;
  /** As the person sent it. */
  statement: string;
  /** Null when it could not be parsed; `unparsed` then says why. */
  facts: Facts | null;
  unparsed: string | null;
  /** Columns of the relations it touches, for tags and masks. */
  columns: readonly ColumnRef[];
  /** What it works on without naming it. */
  through: readonly ThroughRef[];
  /** Everything that `facts` and the enforcement depend on (text, catalogue version, session state). */
  planKey: string;
};

/** The protocol room's part: turns a decision into what will run, or says why it can't hold. */
export type Enforce<Payload> = (decision: Decision) => Promise<Enforcement<Payload>>;
export type Enforcement<Payload> =
  | { kind: 'enforced'; payload: Payload }
  | { kind: 'refused'; why: string; next: string };

/** The record of a granted action. */
export type OpenRecord = {
  id: RecordId;
  /** Resolves when the opening is on disk. Nothing of the answer is released before. */
  durable: Promise<void>;
  /** Resolves when the end is on disk. The end of the answer is released after. */
  close(outcome: RecordOutcome): Promise<void>;
};

export type Governed<Payload> =
  | { kind: 'granted'; grant: Grant<Payload>; record: OpenRecord }
  | { kind: 'refused'; decision: Decision; record: RecordId }
  /** The principal's access is gone: the session must end. */
  | { kind: 'revoked' };

export type GovernServices<Payload> = {
  policy: PolicyInForce;
  recorder: Recorder;
  plans: PlanCache<Payload>;
  /** Without it nothing may be looked up. */
  lookups?: LookupLimit;
  now: () => Date;
};

/**
 * The one flow: decide → (hold) → grant → record, for every surface. A refusal is on disk when this resolves.
 * An action that may change something is on disk before its grant is returned; for a read-only one the write
 * overlaps with the execution and `record.durable` tells when the answer may be released. A read-only action whose
 * plan stands in `seen` is granted at once, without a promise.
 *
 * @throws SluiceError `record.unavailable` when the record can't be kept; the caller closes its session.
 */
export function govern<Payload>(
  action: Action,
  enforce: Enforce<Payload>,
  services: GovernServices<Payload>,
  seen: SeenPlans<Payload> | null = null,
): Governed<Payload> | Promise<Governed<Payload>> {
  const principal = action.session.principal.current();
  if (principal === null) return { kind: 'revoked' };
  const policy = services.policy.current();
  const plan = action.facts === null ? undefined : seen?.get(action.facts, principal, policy);
  // Lookups are counted each time.
  const isCounted = plan?.decision.lookups !== undefined;
  if (plan?.kind === 'granted' && action.facts?.readOnly === true && !isCounted) {
    return granted(openingOf(action, principal, plan, services), plan, services.recorder);
  }
  return governAnew(action, enforce, services, seen);
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
  const { plan: made, cacheable } = await planAnew(action, principal, policy, enforce, services);
  // Making a plan takes a while; what was revoked or changed meanwhile already counts for this action.
  const now = action.session.principal.current();
  if (now?.epoch !== principal.epoch || services.policy.current().version !== policy.version) {
    return governAnew(action, enforce, services, seen);
  }
  if (cacheable && action.facts !== null) seen?.set(action.facts, principal, policy, made);
  const plan = withinLimit(made, action, principal, services);
  const opening = openingOf(action, principal, plan, services);
  if (plan.kind === 'refused') {
    await services.recorder.keep({ ...opening, outcome: REFUSED });
    return { kind: 'refused', decision: plan.decision, record: opening.id };
  }
  const governed = granted(opening, plan, services.recorder);
  if (action.facts?.readOnly !== true) await governed.record.durable;
  return governed;
}

/** A plan that looks up more than its principal may in a minute is refused; without a limit, none may. */
function withinLimit<Payload>(
  plan: Plan<Payload>,
  { session }: Action,
  { id }: Principal,
  { lookups, now }: GovernServices<Payload>,
): Plan<Payload> {
  if (plan.kind === 'refused' || plan.decision.lookups === undefined) return plan;
  if (lookups?.takes(id, session.target.name, plan.decision, now()) === true) return plan;
  return { kind: 'refused', decision: tooManyLookups(plan.decision) };
}

function openingOf<Payload>(
  action: Action,
  principal: Principal,
  { decision }: Plan<Payload>,
  { now }: GovernServices<Payload>,
): OpeningRecord {
  const at = now();
  return {
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
  };
}

/** Mints the grant and opens the record. */
function granted<Payload>(
  opening: OpeningRecord,
  plan: Extract<Plan<Payload>, { kind: 'granted' }>,
  recorder: Recorder,
): Extract<Governed<Payload>, { kind: 'granted' }> {
  const { id } = opening;
  const durable = recorder.open(opening);
  // A rejection is seen by whoever awaits `durable`; until then it must not count as unhandled.
  durable.catch(() => undefined);
  return {
    kind: 'granted',
    grant: Grant.mint(plan.payload, plan.decision, id),
    record: { id, durable, close: (outcome) => recorder.close(id, outcome) },
  };
}

const REFUSED: RecordOutcome = { status: 'refused', sqlState: null, rows: 0, bytes: 0, durationMs: 0 };

/** What will be done with an action: cached by everything it depends on, and by nothing less. */
export type Plan<Payload> =
  | { kind: 'granted'; decision: Decision; payload: Payload }
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
  const { decision, cacheable } = policy.decide({
    principal,
    target: action.session.target,
    facts: action.facts,
    columns: action.columns,
    through: action.through,
    at,
    network: action.session.network,
  });
  if (decision.outcome === 'block' || decision.outcome === 'approve') {
    return { plan: { kind: 'refused', decision }, cacheable };
  }
  const enforcement = await enforce(decision);
  if (enforcement.kind === 'enforced') {
    return { plan: { kind: 'granted', decision, payload: enforcement.payload }, cacheable };
  }
  const refusal: Decision = {
    ...decision,
    outcome: 'block',
    sentence: enforcement.why,
    next: enforcement.next,
  };
  return { plan: { kind: 'refused', decision: refusal }, cacheable };
}
