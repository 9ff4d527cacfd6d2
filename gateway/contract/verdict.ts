import * as z from 'zod';
import { Decision, MaskMethod } from './decision.ts';
import { ColumnRef, Facts } from './facts.ts';
import { RuleId } from './ids.ts';

/** Why a result column is masked: enough to explain itself on the cell. */
export const MaskReason = z.object({
  rule: RuleId,
  owner: z.string(),
  because: z.string(),
  mask: MaskMethod,
  /** Where the value comes from. More than one when an expression combines masked columns. */
  sources: z.array(ColumnRef),
});
export type MaskReason = z.infer<typeof MaskReason>;

export const VerdictColumn = z.object({ name: z.string(), masked: MaskReason.nullable() });
export type VerdictColumn = z.infer<typeof VerdictColumn>;

/** What the policy would do to one statement of a text, computed by the engine that runs it. */
export const Verdict = z.object({
  /** UTF-16 offsets into the text that was asked about; `end` is exclusive. */
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
  facts: Facts.nullable(),
  decision: Decision,
  /** Result columns in order, or null when the statement returns none or they are unknown. */
  columns: z.array(VerdictColumn).nullable(),
});
export type Verdict = z.infer<typeof Verdict>;
