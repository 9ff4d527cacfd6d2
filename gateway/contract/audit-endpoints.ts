import * as z from 'zod';
import { Person } from './approval-request.ts';
import { endpoint } from './endpoint.ts';

const none = z.object({});
const Reason = z.string().trim().min(1).max(500);
const errors = ['identity.tokenInvalid', 'identity.forbidden', 'request.invalid'] as const;

/** What no purge takes: all of a person (`person:ana@shop.example`), of a target, or of a session. */
export const HeldOf = z.object({
  kind: z.enum(['principal', 'target', 'session']),
  value: z.string().trim().min(1).max(200),
});
export type HeldOf = z.infer<typeof HeldOf>;

/** A legal hold that is in force. */
export const LegalHold = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'a hold is 1 to 63 of a-z, 0-9, ".", "_" and "-"'),
  of: HeldOf,
  reason: Reason,
  by: Person,
  at: z.iso.datetime(),
});
export type LegalHold = z.infer<typeof LegalHold>;

/** The log as a whole (docs/AUDIT.md). Every change is an event in it. */
export const auditEndpoints = {
  auditCheckpoint: endpoint({
    method: 'GET',
    path: '/v1/audit/checkpoint',
    summary:
      'A signed checkpoint of the log (C2SP tlog-checkpoint) that covers all that was recorded until now; for administrators and auditors.',
    auth: 'bearer',
    params: none,
    body: none,
    reply: z.object({ checkpoint: z.string() }),
    errors: ['identity.tokenInvalid', 'identity.forbidden'],
  }),
  rotateAuditKey: endpoint({
    method: 'POST',
    path: '/v1/audit/key',
    summary:
      'For administrators: checkpoints are signed with a new key from here on, which the old one vouches for.',
    auth: 'bearer',
    params: none,
    body: z.object({ reason: Reason }),
    reply: z.object({ key: z.string() }),
    errors,
  }),
  purge: endpoint({
    method: 'POST',
    path: '/v1/audit/purges',
    summary:
      'For administrators: takes the contents of records out of the log that were made before a time and are of no legal hold. Their hashes stay.',
    auth: 'bearer',
    params: none,
    body: z.object({ before: z.iso.datetime({ offset: true }), reason: Reason }),
    takesLong: true,
    reply: z.object({ count: z.int().nonnegative() }),
    errors,
  }),
  legalHolds: endpoint({
    method: 'GET',
    path: '/v1/audit/holds',
    summary: 'Legal holds that are in force; for administrators and auditors.',
    auth: 'bearer',
    params: none,
    body: none,
    reply: z.object({ holds: z.array(LegalHold) }),
    errors: ['identity.tokenInvalid', 'identity.forbidden'],
  }),
  placeHold: endpoint({
    method: 'POST',
    path: '/v1/audit/holds',
    summary: 'For administrators: keeps what is of a person, a target or a session out of purges.',
    auth: 'bearer',
    params: none,
    body: LegalHold.pick({ name: true, of: true, reason: true }),
    /** `isKnown`: the log has something that it keeps. */
    reply: LegalHold.extend({ isKnown: z.boolean() }),
    errors,
  }),
  liftHold: endpoint({
    method: 'POST',
    path: '/v1/audit/holds/{name}/lift',
    summary: 'For administrators: ends a legal hold.',
    auth: 'bearer',
    params: LegalHold.pick({ name: true }),
    body: z.object({ reason: Reason }),
    reply: LegalHold,
    errors: [...errors, 'request.notFound'],
  }),
};
