import * as z from 'zod';
import { Decision } from './decision.ts';
import { Facts } from './facts.ts';
import { PrincipalId, RecordId, SessionId, TargetName } from './ids.ts';
import { Surface } from './surface.ts';

/** How an action ended. `refused` is the gateway's no; `failed` is the target's error. */
export const RecordOutcome = z.object({
  status: z.enum(['done', 'refused', 'failed', 'cancelled', 'lost']),
  /** The target's SQLSTATE, or null. */
  sqlState: z.string().nullable(),
  rows: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  durationMs: z.number().nonnegative(),
  /** How often each detector found something in the answer; never what it was. */
  detected: z.record(z.string(), z.int().positive()).optional(),
});
export type RecordOutcome = z.infer<typeof RecordOutcome>;

/** One action as it is kept. `outcome` is null while it runs. */
export const ActionRecord = z.object({
  id: RecordId,
  at: z.iso.datetime(),
  sessionId: SessionId,
  surface: Surface,
  principal: PrincipalId,
  principalName: z.string(),
  target: TargetName,
  /** The statement as the person sent it. */
  statement: z.string(),
  facts: Facts.nullable(),
  decision: Decision,
  outcome: RecordOutcome.nullable(),
});
export type ActionRecord = z.infer<typeof ActionRecord>;
