import { z } from 'zod';

/** How the Postgres surface behaves; every setting has a default. */
export const PostgresSettings = z.object({
  /** Longest message that is held whole (statements, binds, errors). Rows and COPY data stream and don't count. */
  maxFrameBytes: z
    .int()
    .min(1024)
    .default(16 * 1024 * 1024),
  /** From connect to logged in. */
  loginGraceMs: z.int().positive().default(30_000),
  /** A session without a statement for this long is closed. */
  idleMs: z
    .int()
    .positive()
    .default(8 * 60 * 60 * 1000),
  /** Connecting and logging in to the target. */
  connectMs: z.int().positive().default(10_000),
  maxConnections: z.int().positive().default(500),
  /** Let clients from this machine (127.0.0.0/8, ::1) connect without TLS. */
  plaintextOnLoopback: z.boolean().default(true),
  /** How long a look at a target's catalogue counts: what somebody else changed is noticed that late at most. */
  catalogueCheckMs: z.int().nonnegative().default(500),
  /** Values of masked columns that one principal may look up on a target in a minute. */
  lookupsPerMinute: z.int().nonnegative().default(60),
  /** A statement waits so long for approval in an open transaction, whose locks stand in others' way meanwhile. */
  lockedHoldSeconds: z.int().positive().default(120),
});
export type PostgresSettings = z.infer<typeof PostgresSettings>;
