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

/** Where in a recording something stands: `GET /v1/sessions/{session}/recording?terminal=N`. */
export const RecordingPlace = z.object({
  terminal: z.int().positive(),
  /** Seconds since the recording began. */
  atS: z.number().nonnegative(),
});
export type RecordingPlace = z.infer<typeof RecordingPlace>;

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
  /** Where its session's recording shows it; absent where it was not asked for at a terminal. */
  recording: RecordingPlace.optional(),
});
export type ActionRecord = z.infer<typeof ActionRecord>;
