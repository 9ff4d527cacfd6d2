import fc from 'fast-check';
import type { Ask } from '../../gateway/contract/ask.ts';
import type { Decision } from '../../gateway/contract/decision.ts';
import {
  type EffectHash,
  PolicyVersion,
  PrincipalId,
  RuleId,
  SessionId,
  TargetName,
} from '../../gateway/contract/ids.ts';
import type { Principal } from '../../gateway/contract/principal.ts';
import type { Draft } from '../../gateway/src/core/approvals/approvals.ts';
import type { Elector } from '../../gateway/src/core/approvals/electorate.ts';

/** People, agents and services of many groups, what they ask for, and what they do about it, at random. */

const GROUPS = ['dba', 'security', 'leads'];

function somebody(id: string, kind: Principal['kind'], groups: string[], actsFor?: string): Elector {
  const principal: Principal = {
    id: PrincipalId.parse(id),
    kind,
    name: id,
    groups,
    claims: {},
    epoch: 1,
    ...(actsFor === undefined ? {} : { actsFor: { id: PrincipalId.parse(actsFor), name: actsFor } }),
  };
  return { principal, groups };
}

export const PEOPLE: readonly Elector[] = [
  somebody('person:ana', 'person', ['developers']),
  // In every group: nobody decides on their own, admins included.
  somebody('person:root', 'person', ['developers', 'admins', ...GROUPS]),
  somebody('person:bo', 'person', ['dba']),
  somebody('person:cy', 'person', ['dba', 'security']),
  somebody('person:di', 'person', ['security', 'leads']),
  somebody('agent:ana', 'agent', GROUPS, 'person:ana'),
  somebody('agent:root', 'agent', GROUPS, 'person:root'),
  somebody('service:ci', 'service', GROUPS),
];

export const SESSIONS = ['s1', 's2'].map((id) => SessionId.parse(id));
export const EFFECTS = ['e1', 'e2', 'e3'] as EffectHash[];
export const SHAPES = ['h1', 'h2'] as EffectHash[];
const TARGET = TargetName.parse('shop');

export const anAsk: fc.Arbitrary<Ask> = fc.record({
  rule: fc.constantFrom(RuleId.parse('r1'), RuleId.parse('r2')),
  groups: fc.subarray(GROUPS, { minLength: 1 }),
  of: fc.constantFrom('any', 'each'),
  quorum: fc.integer({ min: 1, max: 3 }),
  waitSeconds: fc.constantFrom(60, 900),
  windowSeconds: fc.constantFrom(null, 600, 3600),
  breakGlass: fc.constantFrom([], ['developers']),
});

export const asks = fc.uniqueArray(anAsk, { minLength: 1, maxLength: 2, selector: ({ rule }) => rule });

export function draftOf(
  { principal }: Elector,
  effect: EffectHash,
  shape: EffectHash | null,
  asked: readonly Ask[],
): Draft {
  const decision: Decision = {
    outcome: 'approve',
    rules: [],
    masks: [],
    asks: [...asked],
    sentence: '',
    next: '',
    policyVersion: PolicyVersion.parse('p'),
  };
  return {
    principal,
    surface: 'postgres',
    target: TARGET,
    wanted: { kind: 'statement', statement: `${effect}`, parameters: [] },
    effect,
    shape,
    decision,
    reason: '',
    ticket: '',
  };
}

const who = fc.nat({ max: PEOPLE.length - 1 });
/** Mostly the newest. */
const which = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.nat({ max: 5 }) },
);
/** Mostly what the request itself has. */
const orIts = <Value>(values: readonly Value[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom(...values) });
const bounds = fc.record({
  maxRows: fc.constantFrom(null, 0, 10),
  windowSeconds: fc.constantFrom(null, 300, 3600, 86_400),
});

const hold = fc.record({
  do: fc.constant('hold' as const),
  who,
  effect: fc.constantFrom(...EFFECTS),
  shape: fc.constantFrom(null, ...SHAPES),
  asks,
  session: fc.constantFrom(null, ...SESSIONS),
});
const approve = fc.record({
  do: fc.constant('approve' as const),
  who,
  which,
  effect: orIts(EFFECTS),
  bounds,
});
const act = fc.record({
  do: fc.constantFrom('deny', 'withdraw', 'breakGlass', 'review', 'propose', 'remark'),
  who: orIts(PEOPLE.map((_, index) => index)),
  which,
});
const use = fc.record({
  do: fc.constant('use' as const),
  who: orIts(PEOPLE.map((_, index) => index)),
  which,
  effect: orIts(EFFECTS),
  shape: orIts(SHAPES),
  session: orIts(SESSIONS),
});
const pass = fc.record({
  do: fc.constant('pass' as const),
  seconds: fc.constantFrom(1, 59, 301, 901, 4000, -100, -5000),
});

/** One thing that happens. `which` picks a request by its age; null stands for what the request itself has. */
export const step = fc.oneof(
  { weight: 3, arbitrary: hold },
  { weight: 8, arbitrary: approve },
  { weight: 2, arbitrary: act },
  { weight: 6, arbitrary: use },
  { weight: 1, arbitrary: pass },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
);
export type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
