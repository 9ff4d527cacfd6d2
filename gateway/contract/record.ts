import * as z from 'zod';
import { Decision } from './decision.ts';
import { ColumnRef, Facts, ThroughRef } from './facts.ts';
import { PrincipalId, RecordId, SessionId, TargetName } from './ids.ts';
import { Principal } from './principal.ts';
import { Surface } from './surface.ts';

/** A result as the person saw it, masks and all: as much of it as the policy keeps. */
export const RecordedAnswer = z.object({
  columns: z.array(z.string()),
  /** Text forms; null is NULL. What came in binary stands as PostgreSQL writes a bytea. */
  rows: z.array(z.array(z.string().nullable())),
  /** Rows were left out, or cells shortened, for there were more than are kept. */
  isCut: z.boolean(),
});
export type RecordedAnswer = z.infer<typeof RecordedAnswer>;

/**
 * What a decision depended on besides facts and policy: a candidate policy is asked the same question again with it.
 * Where in time it was asked is the record's `at`.
 */
export const RecordedQuestion = z.object({
  principal: Principal,
  /** The target's labels. */
  labels: z.record(z.string(), z.string()),
  network: z.string(),
  columns: z.array(ColumnRef).readonly(),
  through: z.array(ThroughRef).readonly(),
});
export type RecordedQuestion = z.infer<typeof RecordedQuestion>;

/**
 * How an action ended. `refused` is the gateway's no; `failed` is the target's error. Whether what is `done` was kept, the
 * record of what concluded its transaction tells.
 */
export const RecordOutcome = z.object({
  status: z.enum(['done', 'refused', 'failed', 'cancelled', 'lost']),
  /** The target's SQLSTATE, or null. */
  sqlState: z.string().nullable(),
  rows: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  durationMs: z.number().nonnegative(),
  /** How often each detector found something in the answer; never what it was. */
  detected: z.record(z.string(), z.int().positive()).optional(),
  answer: RecordedAnswer.optional(),
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
  /** Absent in records of gateways that did not keep it. */
  question: RecordedQuestion.optional(),
  outcome: RecordOutcome.nullable(),
  /** Where its session's recording shows it; absent where it was not asked for at a terminal. */
  recording: RecordingPlace.optional(),
});
export type ActionRecord = z.infer<typeof ActionRecord>;
