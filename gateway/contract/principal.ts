import * as z from 'zod';
import { ColumnRef } from './facts.ts';
import { PrincipalId, RuleId, TargetName } from './ids.ts';

/** A column whose masks, by these rules, somebody has agreed to lift for a while. */
export const Lift = z.object({ target: TargetName, column: ColumnRef, rules: z.array(RuleId) });
export type Lift = z.infer<typeof Lift>;

/**
 * Who acts, as the identity room established it. `epoch` grows whenever groups or claims change, so that a
 * decision cached for an older epoch is never reused.
 */
export const Principal = z.object({
  id: PrincipalId,
  kind: z.enum(['person', 'service', 'agent']),
  /** For people to read: "Ana Ruiz". */
  name: z.string(),
  email: z.string().optional(),
  groups: z.array(z.string()),
  /** Further claims that CEL conditions may read as `claims.NAME`. */
  claims: z.record(z.string(), z.json()),
  epoch: z.int(),
  /** For an agent: the person it acts for. */
  actsFor: z.object({ id: PrincipalId, name: z.string() }).optional(),
  /** Masks that were lifted for a while; absent when there is none. */
  lifts: z.array(Lift).optional(),
});
export type Principal = z.infer<typeof Principal>;
