import * as z from 'zod';
import { Decision, MaskMethod } from './decision.ts';
import { Replacement } from './detection.ts';
import { ColumnRef, SqlFacts } from './facts.ts';
import { RuleId } from './ids.ts';

/** Why a result column is masked: enough to explain itself on the cell. */
export const MaskReason = z.object({
  rule: RuleId,
  owner: z.string(),
  because: z.string(),
  mask: MaskMethod,
  /** Where the value comes from. More than one when an expression combines masked columns. */
  sources: z.array(ColumnRef),
  /** Through what it comes: "public.customers.email, through view public.rich_orders"; absent when it comes as it stands. */
  path: z.string().optional(),
  /** Who may agree to lift it for a while, in words; absent when nobody may. */
  unmask: z.string().optional(),
});
export type MaskReason = z.infer<typeof MaskReason>;

/** What detectors look for in a result column's values, by which rule. */
export const DetectReason = z.object({
  rule: RuleId,
  owner: z.string(),
  because: z.string(),
  detect: z.array(z.string()),
  replace: Replacement,
  /** What stands where something was replaced: "[card]", "****". */
  marks: z.array(z.string()),
});
export type DetectReason = z.infer<typeof DetectReason>;

export const VerdictColumn = z.object({
  name: z.string(),
  masked: MaskReason.nullable(),
  /** Absent when nothing is looked for. */
  detectors: z.array(DetectReason).optional(),
});
export type VerdictColumn = z.infer<typeof VerdictColumn>;

/** A change of the text after which the policy would let the statement run: that was decided, not guessed. */
export const VerdictFix = z.object({
  /** "Leave out ssn" */
  title: z.string(),
  /** UTF-16 offsets into the text that was asked about; `end` is exclusive. */
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
  replacement: z.string(),
});
export type VerdictFix = z.infer<typeof VerdictFix>;

/** What the policy would do to one statement of a text, computed by the engine that runs it. */
export const Verdict = z.object({
  /** UTF-16 offsets into the text that was asked about; `end` is exclusive. */
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
  facts: SqlFacts.nullable(),
  decision: Decision,
  /** Result columns in order, or null when the statement returns none or they are unknown. */
  columns: z.array(VerdictColumn).nullable(),
  /** Absent when there is none. */
  fixes: z.array(VerdictFix).optional(),
});
export type Verdict = z.infer<typeof Verdict>;
