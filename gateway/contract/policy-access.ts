import * as z from 'zod';
import { StatementKind } from './facts.ts';
import { PolicyVersion, PrincipalId, RuleId, TargetName } from './ids.ts';

/** A rule as it is told to those who ask what it does. */
export const ToldRule = z.object({
  id: RuleId,
  owner: z.string(),
  because: z.string(),
  /** "allow", "block", "approval by dba", "mask: domain", "rows: region = claims.region", "detect: cards". */
  does: z.string(),
  /** "everyone but groups dba". */
  who: z.string(),
  /** "select, copyTo on targets shop, schemas public". */
  about: z.string(),
  /** What else must hold: its condition in CEL, or what of the person is not known here. Null: nothing. */
  when: z.string().nullable(),
});
export type ToldRule = z.infer<typeof ToldRule>;

/** Somebody known by name, members of one group alone, or those who are in no group that the policy names. */
export const Subject = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('person'), id: PrincipalId, name: z.string(), groups: z.array(z.string()) }),
  z.object({ kind: z.literal('group'), name: z.string() }),
  z.object({ kind: z.literal('others') }),
]);
export type Subject = z.infer<typeof Subject>;

/**
 * What rules without conditions come to. `onlyWhen`: nothing opens it but rules with conditions; `masked`: some of what was
 * asked about.
 */
export const AccessOutcome = z.enum(['clear', 'masked', 'onlyWhen', 'no']);
export type AccessOutcome = z.infer<typeof AccessOutcome>;

export const Access = z.object({
  outcome: AccessOutcome,
  /** Who must agree before, in words; null: nobody. */
  approval: z.string().nullable(),
  masks: z.array(z.object({ column: z.string(), mask: z.string(), rule: RuleId })),
  /** Only rows that pass these are there. */
  rows: z.array(z.string()),
  /** The rules that it comes from. */
  rules: z.array(ToldRule),
  /** Rules that may change it, by conditions that remain. */
  conditions: z.array(ToldRule),
});
export type Access = z.infer<typeof Access>;

/** Who may do something with a table or one of its columns, and why. */
export const WhoReport = z.object({
  policy: PolicyVersion,
  target: TargetName,
  schema: z.string(),
  relation: z.string(),
  columns: z.array(z.string()),
  doing: StatementKind,
  /** Groups that the policy names, those in none, and people who are known from records. */
  subjects: z.array(z.object({ subject: Subject, access: Access })),
  /** People among these. `afterApproval`: of all others than `no`. */
  people: z.object({
    clear: z.int(),
    masked: z.int(),
    onlyWhen: z.int(),
    no: z.int(),
    afterApproval: z.int(),
  }),
});
export type WhoReport = z.infer<typeof WhoReport>;

/** What somebody may do on a target. */
export const WhatReport = z.object({
  policy: PolicyVersion,
  target: TargetName,
  person: Subject,
  /** Every rule there that is about them. */
  rules: z.array(ToldRule),
  /** Null where the target has no tables, or its catalogue can't be read. */
  relations: z
    .array(
      z.object({
        schema: z.string(),
        relation: z.string(),
        /** How each is: "yes", "approval by dba", "when …", "no". */
        doing: z.record(z.string(), z.string()),
        masked: z.array(z.string()),
      }),
    )
    .nullable(),
});
export type WhatReport = z.infer<typeof WhatReport>;
