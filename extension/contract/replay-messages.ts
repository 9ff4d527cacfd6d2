import * as z from 'zod';
import { CountedRule, Outcome } from '../../gateway/contract/decision.ts';
import { RecordId, SessionId } from '../../gateway/contract/ids.ts';
import { RecordedAnswer, RecordOutcome } from '../../gateway/contract/record.ts';
import { type Protocol, request } from './protocol.ts';

/** One action of the session that is shown. */
export const ReplayAction = z.object({
  id: RecordId,
  at: z.iso.datetime(),
  /** Seconds since the session began. */
  atS: z.number().nonnegative(),
  statement: z.string(),
  decision: z.object({
    outcome: Outcome,
    rules: z.array(CountedRule),
    /** Masked columns, as people read them: "customers.email". */
    masked: z.array(z.string()),
    sentence: z.string(),
  }),
  outcome: RecordOutcome.pick({ status: true, sqlState: true, rows: true, durationMs: true }).nullable(),
  /** Whether its result was kept, and can be asked for. */
  hasAnswer: z.boolean(),
});
export type ReplayAction = z.infer<typeof ReplayAction>;

/** A session that is shown again: the whole of what is not in its recordings. */
export const ReplaySession = z.object({
  id: SessionId,
  who: z.string(),
  target: z.string(),
  kind: z.enum(['terminal', 'database']),
  startedAt: z.iso.datetime(),
  /** It is open now: what happens is shown as it happens. */
  isLive: z.boolean(),
  /** Numbers of its recordings. */
  terminals: z.array(z.int().positive()),
  /** Oldest first. */
  actions: z.array(ReplayAction),
});
export type ReplaySession = z.infer<typeof ReplaySession>;

/** Some of a recording: whole lines of asciicast v2. `at`: more is there already, it happens now, or it is over. */
export const TapePiece = z.object({ lines: z.string(), at: z.enum(['recorded', 'live', 'ended']) });
export type TapePiece = z.infer<typeof TapePiece>;

const nothing = z.object({});
const terminal = z.object({ terminal: z.int().positive() });

/** What the replay may say to the host. */
export const replayView = {
  requests: {
    /** Asked once when the view has loaded. */
    ready: request(nothing, ReplaySession),
    /** From the recording's begin on; what was asked for before is no longer read. */
    open: request(terminal, nothing),
    /** What follows. Waits where it happens now, and answers with no lines when nothing does. */
    read: request(nothing, TapePiece),
    answer: request(z.object({ record: RecordId }), RecordedAnswer.nullable()),
    /** Asks the person for a file and writes what is shown, which takes as long as it takes. */
    export: request(nothing, nothing),
  },
  events: {},
} satisfies Protocol;

/** What the host may say to the replay. */
export const replayHost = {
  requests: {},
  events: {
    /** The session as it is known now: of one that is open there comes more. */
    session: ReplaySession,
    /** Shows an action, there where it happened; `terminal` is null where no recording shows it. */
    show: z.object({ record: RecordId, terminal: z.int().positive().nullable() }),
  },
} satisfies Protocol;

export type ReplayView = typeof replayView;
export type ReplayHost = typeof replayHost;
