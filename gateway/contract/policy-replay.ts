import * as z from 'zod';
import { Outcome } from './decision.ts';
import { ChangeDirection, DecisionChangeKind } from './decision-change.ts';
import { PolicyVersion, RecordId, RuleId, SessionId, TargetName } from './ids.ts';

/** A rule that a change comes from: one that counts now, or one that counted before. */
export const ReplayRule = z.object({ id: RuleId, owner: z.string(), because: z.string() });
export type ReplayRule = z.infer<typeof ReplayRule>;

/** What either policy says about an action. */
export const ReplayDecision = z.object({
  outcome: Outcome,
  /** What the person would read. */
  sentence: z.string(),
  rules: z.array(ReplayRule),
});
export type ReplayDecision = z.infer<typeof ReplayDecision>;

/** Both decisions about actions that were asked the same, and all that differs between them. */
export const ReplayDifference = z.object({
  before: ReplayDecision,
  after: ReplayDecision,
  changes: z.array(
    z.object({
      kind: DecisionChangeKind,
      direction: ChangeDirection,
      /** As a group's. */
      detail: z.string(),
      rules: z.array(RuleId),
    }),
  ),
});
export type ReplayDifference = z.infer<typeof ReplayDifference>;

/** One recorded action of a group, as its person sent it. */
export const ReplayExample = z.object({
  record: RecordId,
  session: SessionId,
  at: z.iso.datetime(),
  who: z.string(),
  statement: z.string(),
  /** It was longer than what stands here. */
  isCut: z.boolean(),
  /** Which of the report's differences it has. */
  difference: z.int().nonnegative(),
  /** What its person read, or would have by the policy that is compared with. */
  before: z.string(),
  /** What they would read. */
  after: z.string(),
});
export type ReplayExample = z.infer<typeof ReplayExample>;

/** Actions of one shape that change in one way, for one reason. */
export const ReplayGroup = z.object({
  kind: DecisionChangeKind,
  direction: ChangeDirection,
  before: Outcome,
  after: Outcome,
  target: TargetName,
  /** What such actions do: "select public.customers (email, name)". */
  shape: z.string(),
  /** What becomes of what: "public.customers.email: domain → clear". Empty where the outcomes say it. */
  detail: z.string(),
  /** Empty where no rule is about it any more, or none was. */
  rules: z.array(ReplayRule),
  count: z.int().positive(),
  /** How many people did it. */
  people: z.int().positive(),
  /** As many as were asked for; fewer where all of them together would be too much. */
  examples: z.array(ReplayExample),
});
export type ReplayGroup = z.infer<typeof ReplayGroup>;

/** What a candidate policy would have done with recorded actions. */
export const ReplayReport = z.object({
  candidate: PolicyVersion,
  /** The policy that is compared with; null: what was decided when it was recorded. */
  base: PolicyVersion.nullable(),
  /** The first and the last action that was asked again; null where there is none. */
  from: z.iso.datetime().nullable(),
  until: z.iso.datetime().nullable(),
  /** Records that were read. */
  read: z.int().nonnegative(),
  /** Of these, asked again. */
  replayed: z.int().nonnegative(),
  /** Of these, how many would be decided otherwise in any way. */
  changed: z.int().nonnegative(),
  cannotReplay: z.object({
    /** Recorded by a gateway that did not keep what the decision was asked with. */
    withoutQuestion: z.int().nonnegative(),
    /** Not understood then, and therefore blocked by every policy. */
    notUnderstood: z.int().nonnegative(),
    /** No record that could be read. */
    unreadable: z.int().nonnegative(),
  }),
  /** How many were refused for another reason than the policy: denied by somebody, masks that could not be enforced. */
  refusedOtherwise: z.int().nonnegative(),
  /** How many actions change in each way; one can change in several. */
  changes: z.partialRecord(DecisionChangeKind, z.int().positive()),
  /** The same, apart for each direction. */
  ways: z.array(
    z.object({ kind: DecisionChangeKind, direction: ChangeDirection, count: z.int().positive() }),
  ),
  /** How many actions are let do or see more in any way. */
  looser: z.int().nonnegative(),
  /** How many actions change because of each rule, the most first. */
  rules: z.array(ReplayRule.extend({ count: z.int().positive() })),
  /** The largest first. Where there are too many, those that let more through are kept before all others. */
  groups: z.array(ReplayGroup),
  differences: z.array(ReplayDifference),
  /** Groups that were left out, for there are too many. */
  groupsLeftOut: z.int().nonnegative(),
});
export type ReplayReport = z.infer<typeof ReplayReport>;
