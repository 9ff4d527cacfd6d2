import * as z from 'zod';
import { Ask } from './ask.ts';
import { Decision } from './decision.ts';
import { ColumnRef } from './facts.ts';
import { EffectHash, PrincipalId, RequestId, SessionId, TargetName } from './ids.ts';
import { Impact } from './impact.ts';
import { Surface } from './surface.ts';

/** Somebody, as others are shown them. */
export const Person = z.object({ id: PrincipalId, name: z.string() });
export type Person = z.infer<typeof Person>;

/** What is asked for. */
export const Wanted = z.discriminatedUnion('kind', [
  /** That one statement runs, with these parameters in their text form (null: NULL; "<12 bytes>": binary). */
  z.object({
    kind: z.literal('statement'),
    statement: z.string(),
    parameters: z.array(z.string().nullable()),
  }),
  /** That columns come unmasked for a while. */
  z.object({ kind: z.literal('unmask'), columns: z.array(ColumnRef).min(1), forSeconds: z.int().positive() }),
]);
export type Wanted = z.infer<typeof Wanted>;

/** One person's yes or no. */
export const Vote = z.object({
  by: Person,
  at: z.iso.datetime(),
  verdict: z.enum(['approve', 'deny']),
  reason: z.string(),
  /** Groups of the asks that they were in at that time. */
  groups: z.array(z.string()),
});
export type Vote = z.infer<typeof Vote>;

/** How far an approval goes; of several people's the narrowest holds. */
export const Bounds = z.object({
  /** More rows than these are rolled back; null: as many as it takes. */
  maxRows: z.int().nonnegative().nullable(),
  /** Statements of the same shape run for so long; null: this statement, once. */
  windowSeconds: z.int().positive().nullable(),
});
export type Bounds = z.infer<typeof Bounds>;

/** What approver and requester say to each other before it is decided. */
export const Remark = z.object({ by: Person, at: z.iso.datetime(), text: z.string() });
export type Remark = z.infer<typeof Remark>;

/**
 * A narrower statement that an approver agrees to: once the requester runs exactly that, without parameters and in the
 * same state, it counts as approved by them. It ends when the request would have lapsed.
 */
export const Proposal = z.object({
  by: Person,
  at: z.iso.datetime(),
  statement: z.string(),
  reason: z.string(),
  /** What exactly is agreed to; null where it needs nobody's approval. */
  effect: EffectHash.nullable(),
  /** Groups of the asks that they were in at that time. */
  groups: z.array(z.string()),
});
export type Proposal = z.infer<typeof Proposal>;

/**
 * Where a request stands. Only `pending` can change to anything; `approved` becomes `used` (or stays, for its
 * window); `brokenGlass` ran without approval and waits for `reviewed`. Nothing else ever changes again.
 */
export const RequestStatus = z.enum([
  'pending',
  'approved',
  'used',
  'denied',
  'withdrawn',
  'lapsed',
  'brokenGlass',
  'reviewed',
]);
export type RequestStatus = z.infer<typeof RequestStatus>;

/**
 * One request for approval. What an approval lets through is `effect`: a hash of everything that the statement's
 * meaning depends on. A statement whose effect is another needs a request of its own.
 */
export const ApprovalRequest = z.object({
  id: RequestId,
  at: z.iso.datetime(),
  lapsesAt: z.iso.datetime(),
  status: RequestStatus,
  requester: Person.extend({ kind: z.enum(['person', 'service', 'agent']), groups: z.array(z.string()) }),
  /** For whom an agent acts. */
  actsFor: Person.nullable(),
  surface: Surface,
  /** The session that waits for it; null when none does: asked for beforehand, or the gateway was restarted. */
  session: SessionId.nullable(),
  target: TargetName,
  wanted: Wanted,
  effect: EffectHash,
  /** What a window may let through: the statement's shape, without its constants; null where there is none. */
  shape: EffectHash.nullable(),
  asks: z.array(Ask).min(1),
  decision: Decision,
  reason: z.string(),
  ticket: z.string(),
  impact: Impact.nullable(),
  votes: z.array(Vote),
  bounds: Bounds,
  remarks: z.array(Remark),
  proposal: Proposal.nullable(),
  /** The request whose proposal this one takes up; null when it takes up none. */
  takesUp: RequestId.nullable(),
  /** When an approval ends that was not used, or its window; null before it is approved. */
  endsAt: z.iso.datetime().nullable(),
  /** How often something ran on it. */
  uses: z.int().nonnegative(),
  /** Grows with every change, so that nobody shows an older state over a newer one. */
  revision: z.int().nonnegative(),
});
export type ApprovalRequest = z.infer<typeof ApprovalRequest>;

/** What this person may do with a request now. */
export const RequestAct = z.enum([
  'approve',
  'deny',
  'remark',
  'propose',
  'withdraw',
  'explain',
  'breakGlass',
  'review',
]);
export type RequestAct = z.infer<typeof RequestAct>;

/** A request as one person is shown it. */
export const ShownRequest = z.object({ request: ApprovalRequest, acts: z.array(RequestAct) });
export type ShownRequest = z.infer<typeof ShownRequest>;

/** Whether nothing can become of it any more: it neither waits for somebody nor lets anything run. */
export function isSettled({ status }: Pick<ApprovalRequest, 'status'>): boolean {
  return !['pending', 'approved', 'brokenGlass'].includes(status);
}
