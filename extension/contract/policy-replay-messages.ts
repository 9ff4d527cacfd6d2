import * as z from 'zod';
import { RecordId, SessionId, TargetName } from '../../gateway/contract/ids.ts';
import { PolicyProblem, ReplayOrder } from '../../gateway/contract/policy-endpoints.ts';
import { ReplayReport } from '../../gateway/contract/policy-replay.ts';
import { type Protocol, request } from './protocol.ts';

/** How far back actions are asked again. */
export const ReplaySpan = z.enum(['day', 'week', 'month', 'all']);
export type ReplaySpan = z.infer<typeof ReplaySpan>;

/** What a person chooses before a replay. */
export const ReplayChoice = z.object({
  span: ReplaySpan,
  /** On these alone; on all where there are none. */
  targets: z.array(TargetName),
  against: ReplayOrder.shape.against.unwrap(),
  dryRun: z.boolean(),
});
export type ReplayChoice = z.infer<typeof ReplayChoice>;

/** A file of the candidate, by its name below the policy's folder. */
export const CandidateFile = z.object({ file: z.string(), isUnsaved: z.boolean() });
export type CandidateFile = z.infer<typeof CandidateFile>;

export const PolicyReplayStatus = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('asking'),
    /** Another replay runs, and this one follows. */
    isWaiting: z.boolean(),
    read: z.int().nonnegative(),
    changed: z.int().nonnegative(),
    backTo: z.iso.datetime().nullable(),
  }),
  z.object({
    kind: z.literal('done'),
    report: ReplayReport,
    /** There may be older records: as many as are asked at most were read. */
    isCut: z.boolean(),
  }),
  z.object({ kind: z.literal('invalid'), problems: z.array(PolicyProblem) }),
  z.object({ kind: z.literal('failed'), message: z.string(), next: z.string(), needsSignIn: z.boolean() }),
  z.object({ kind: z.literal('cancelled') }),
]);
export type PolicyReplayStatus = z.infer<typeof PolicyReplayStatus>;

export const PolicyReplayState = z.object({
  /** The policy's folder or file, as people call it. */
  name: z.string(),
  files: z.array(CandidateFile),
  choice: ReplayChoice,
  status: PolicyReplayStatus,
  /** The files were edited since. */
  isStale: z.boolean(),
});
export type PolicyReplayState = z.infer<typeof PolicyReplayState>;

const nothing = z.object({});

/** What the view may say to the host. */
export const policyReplayView = {
  requests: {
    /** Asked once when the view has loaded. */
    ready: request(nothing, PolicyReplayState),
    /** Asks again with what the files are now; what runs is cancelled. */
    run: request(ReplayChoice, nothing),
    cancel: request(nothing, nothing),
    signIn: request(nothing, nothing),
    /** Opens the replay of the session that an action was part of, there where it happened. */
    openAction: request(z.object({ session: SessionId, record: RecordId }), nothing),
    /** Opens a file of the candidate; lines and columns count from 1. */
    openFile: request(
      z.object({ file: z.string(), line: z.int().positive(), column: z.int().positive() }),
      nothing,
    ),
    /** Asks the person for a file and writes the report as JSON. */
    export: request(nothing, nothing),
  },
  events: {},
} satisfies Protocol;

/** What the host may say to the view. */
export const policyReplayHost = {
  requests: {},
  events: { state: PolicyReplayState, stale: nothing },
} satisfies Protocol;

export type PolicyReplayView = typeof policyReplayView;
export type PolicyReplayHost = typeof policyReplayHost;
