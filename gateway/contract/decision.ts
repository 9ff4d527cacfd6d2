import * as z from 'zod';
import { ColumnRef } from './facts.ts';
import { PolicyVersion, RuleId } from './ids.ts';

/** From weakest to strictest; the strictest that any rule asks for wins. */
export const Outcome = z.enum(['allow', 'mask', 'approve', 'block']);
export type Outcome = z.infer<typeof Outcome>;

export const MaskMethod = z.discriminatedUnion('method', [
  /** A fixed text for text types, NULL for every other type. */
  z.object({ method: z.literal('redact') }),
  /** Keeps the last characters (a card), or an e-mail's domain; stars for the rest. */
  z.object({ method: z.literal('partial'), keep: z.enum(['last4', 'domain']) }),
  /** Keyed HMAC: equal values give equal tokens, so joins and GROUP BY still line up. */
  z.object({ method: z.literal('token') }),
  z.object({ method: z.literal('null') }),
]);
export type MaskMethod = z.infer<typeof MaskMethod>;

/** A rule that counted, with what people are told about it. */
export const CountedRule = z.object({
  id: RuleId,
  outcome: Outcome,
  /** Whose rule it is, as the policy says: "data-protection@shop.example". */
  owner: z.string(),
  because: z.string(),
});
export type CountedRule = z.infer<typeof CountedRule>;

export const ColumnMask = z.object({ column: ColumnRef, mask: MaskMethod, rule: RuleId });
export type ColumnMask = z.infer<typeof ColumnMask>;

/**
 * The answer for one action. `masks` lists every masked column of every relation the statement touches,
 * disclosed or not: they are masked where the relation is read, so that nothing can be inferred.
 */
export const Decision = z.object({
  outcome: Outcome,
  rules: z.array(CountedRule),
  masks: z.array(ColumnMask),
  /** For `approve`: groups of whom any one may approve. */
  approvers: z.array(z.string()),
  /** What happened and why, one sentence, for people. */
  sentence: z.string(),
  /** What to do next, one sentence; empty when there is nothing to do. */
  next: z.string(),
  policyVersion: PolicyVersion,
});
export type Decision = z.infer<typeof Decision>;
