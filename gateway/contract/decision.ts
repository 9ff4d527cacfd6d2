import * as z from 'zod';
import { Ask } from './ask.ts';
import { assertNever } from './assert-never.ts';
import { DecisionChangeKind } from './decision-change.ts';
import { Detection } from './detection.ts';
import { ColumnLookup, ColumnRef, RelationRef } from './facts.ts';
import { PolicyVersion, PrincipalId, RequestId, RuleId } from './ids.ts';

/** From weakest to strictest; the strictest that any rule asks for wins. */
export const Outcome = z.enum(['allow', 'mask', 'approve', 'block']);
export type Outcome = z.infer<typeof Outcome>;

export const MaskMethod = z.discriminatedUnion('method', [
  /** A fixed text for text types, NULL for every other type; with `fixed` a fixed value of the type, such as 0. */
  z.object({ method: z.literal('redact'), fixed: z.literal(true).optional() }),
  /** Keeps the last characters (a card), or an e-mail's domain; stars for the rest. */
  z.object({ method: z.literal('partial'), keep: z.enum(['last4', 'domain']) }),
  /** Keyed HMAC: equal values give equal tokens, so joins and GROUP BY still line up. */
  z.object({ method: z.literal('token') }),
  /** Keyed: letters stay letters, digits stay digits, the length is kept; another value of the type elsewhere. */
  z.object({ method: z.literal('format') }),
  z.object({ method: z.literal('null') }),
]);
export type MaskMethod = z.infer<typeof MaskMethod>;

/** How little a mask lets through: of several about one column the strictest holds. */
export function strictness(mask: MaskMethod): number {
  switch (mask.method) {
    case 'partial':
      return mask.keep === 'domain' ? 0 : 1;
    case 'format':
      return 2;
    case 'token':
      return 3;
    case 'redact':
      return mask.fixed === true ? 4 : 5;
    // It also hides whether there is a value at all.
    case 'null':
      return 6;
    default:
      return assertNever(mask);
  }
}

/** Whether equal values give equal masks: who could write values of their own could tell others' by comparing. */
export function tellsEquality(mask: MaskMethod): boolean {
  return mask.method === 'token' || mask.method === 'format';
}

/** A rule that counted, with what people are told about it. */
export const CountedRule = z.object({
  id: RuleId,
  outcome: Outcome,
  /** Whose rule it is, as the policy says: "data-protection@shop.example". */
  owner: z.string(),
  because: z.string(),
});
export type CountedRule = z.infer<typeof CountedRule>;

export const ColumnMask = z.object({
  column: ColumnRef,
  mask: MaskMethod,
  rule: RuleId,
  /** `=` with a constant is let through to the raw column: its rows can be found, and not read. */
  lookup: z.literal('exact').optional(),
  /** Who may agree to lift it for a while; absent when nobody may. */
  unmask: z.array(Ask).optional(),
});
export type ColumnMask = z.infer<typeof ColumnMask>;

/** Of a relation only these rows are there: a condition over its own columns, in SQL, with claims filled in. */
export const RowFilter = z.object({ relation: RelationRef, rule: RuleId, condition: z.string() });
export type RowFilter = z.infer<typeof RowFilter>;

/** What let an action run that a rule asks approval for. */
export const Approval = z.object({
  request: RequestId,
  /** Who agreed; nobody where glass was broken. */
  by: z.array(z.object({ id: PrincipalId, name: z.string() })),
  /** More rows than these are rolled back; null: as many as it takes. */
  maxRows: z.int().nonnegative().nullable(),
  /** Ran at once, with a reason that somebody has yet to review. */
  brokenGlass: z.boolean(),
});
export type Approval = z.infer<typeof Approval>;

/**
 * What rules with `dryRun` would make of an action, all of them together, were they in force. They only report: nothing
 * else of the decision depends on them.
 */
export const Shadow = z.object({
  outcome: Outcome,
  /** What the person would read. */
  sentence: z.string(),
  changes: z.array(
    z.object({
      kind: DecisionChangeKind,
      /** "public.customers.email: clear → redact"; empty where the outcome says it. */
      detail: z.string(),
      rules: z.array(RuleId),
    }),
  ),
});
export type Shadow = z.infer<typeof Shadow>;

/**
 * The answer for one action. `masks` lists every masked column of every relation the statement touches,
 * disclosed or not: they are masked where the relation is read, so that nothing can be inferred.
 */
export const Decision = z.object({
  outcome: Outcome,
  rules: z.array(CountedRule),
  masks: z.array(ColumnMask),
  /** Filters of every relation the statement touches, all of which must hold; absent when there is none. */
  rows: z.array(RowFilter).optional(),
  /** Masked columns that it looks values up in; absent when there is none. */
  lookups: z.array(ColumnLookup).optional(),
  /** What is looked for in the values that leave; absent when nothing is. */
  detections: z.array(Detection).optional(),
  /** For `approve`: every one of these must be met. */
  asks: z.array(Ask).default([]),
  /** For `approve`, once it may run: by what. */
  approval: Approval.optional(),
  /** What rules on trial would change; absent when nothing. */
  shadow: Shadow.optional(),
  /** What happened and why, one sentence, for people. */
  sentence: z.string(),
  /** What to do next, one sentence; empty when there is nothing to do. */
  next: z.string(),
  policyVersion: PolicyVersion,
});
export type Decision = z.infer<typeof Decision>;

/** Whether the statement touches anything that is hidden from the person: it then runs rewritten, and tells no more. */
export function isRestricted({ masks, rows = [] }: Pick<Decision, 'masks' | 'rows'>): boolean {
  return masks.length > 0 || rows.length > 0;
}
