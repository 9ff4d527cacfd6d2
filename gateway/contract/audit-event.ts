import * as z from 'zod';
import { ApprovalRequest, Person } from './approval-request.ts';
import { PolicyVersion, RecordId, SessionId, TargetName } from './ids.ts';
import { Surface } from './surface.ts';

/** What happened besides actions on targets. Nothing in it is a secret. */
export const AuditFact = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('gatewayStarted'), version: z.string() }),
  z.object({ kind: z.literal('gatewayStopped') }),
  /** Somebody signed in, or was refused; `why` says how, or what was against it. */
  z.object({ kind: z.literal('signIn'), accepted: z.boolean(), why: z.string(), network: z.string() }),
  /** A credential of minutes for another client was made. */
  z.object({ kind: z.literal('credential'), target: TargetName.nullable(), expiresAt: z.iso.datetime() }),
  z.object({
    kind: z.literal('sessionOpened'),
    session: SessionId,
    target: TargetName,
    surface: Surface,
    /** On a host; null where there is no such thing. */
    account: z.string().nullable(),
    network: z.string(),
  }),
  z.object({ kind: z.literal('sessionClosed'), session: SessionId, why: z.string() }),
  /** Somebody began to look on. */
  z.object({ kind: z.literal('watched'), session: SessionId }),
  /** What somebody did to a session of theirs or another's. */
  z.object({
    kind: z.literal('sessionAct'),
    act: z.enum(['end', 'lock', 'unlock']),
    session: SessionId,
    target: TargetName,
    /** Whose it is. */
    of: Person,
    reason: z.string(),
  }),
  /** A request for approval as it is after a change: made, decided, withdrawn, used. */
  z.object({ kind: z.literal('request'), request: ApprovalRequest }),
  /** A policy came into force. `documents`: SHA-256, hex, of each of its files. */
  z.object({
    kind: z.literal('policy'),
    version: PolicyVersion,
    before: PolicyVersion.nullable(),
    documents: z.record(z.string(), z.string()),
    reason: z.string(),
  }),
  /** A terminal's recording is complete: what its file holds. */
  z.object({
    kind: z.literal('recording'),
    session: SessionId,
    terminal: z.int().positive(),
    bytes: z.int().nonnegative(),
    sha256: z.hex(),
  }),
  /** Checkpoints are signed with another key from here on (C2SP signed-note verifier keys). */
  z.object({ kind: z.literal('auditKey'), key: z.string(), before: z.string().nullable() }),
  /** Bodies of these leaves, from one to before another, are gone; their hashes stay. */
  z.object({
    kind: z.literal('purged'),
    from: z.int().nonnegative(),
    to: z.int().nonnegative(),
    count: z.int().nonnegative(),
    /** Which of them, each from one to before another; absent in what older gateways wrote. */
    ranges: z.array(z.tuple([z.int().nonnegative(), z.int().nonnegative()])).optional(),
    reason: z.string(),
    /** Whose files were deleted. */
    recordings: z.array(z.object({ session: SessionId, terminal: z.int().positive() })).optional(),
  }),
  z.object({
    kind: z.literal('legalHold'),
    name: z.string(),
    /** What no purge takes while it is placed: all of a person, a target or a session. */
    of: z.object({ kind: z.enum(['principal', 'target', 'session']), value: z.string() }).optional(),
    state: z.enum(['placed', 'lifted']),
    reason: z.string(),
  }),
  /**
   * Anything else that an administrator or auditor did or read: "read records of everybody (target shop)", "asked who can
   * see customers.ssn on shop".
   */
  z.object({ kind: z.literal('adminAct'), act: z.string(), reason: z.string() }),
]);
export type AuditFact = z.infer<typeof AuditFact>;

/** An entry of the log that is no action on a target. */
export const AuditEvent = z.object({
  id: RecordId,
  at: z.iso.datetime(),
  /** Who did it; null: the gateway itself. */
  by: Person.nullable(),
  fact: AuditFact,
});
export type AuditEvent = z.infer<typeof AuditEvent>;
