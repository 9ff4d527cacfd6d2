import { z } from 'zod';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const MAX_TIMER_MS = 2_147_483_647;
const GIB = 1024 ** 3;

/** `limits.ssh` of the configuration: how the SSH surface behaves. */
export const SshLimits = z.strictObject({
  maxConnections: z.int().min(1).max(100_000).default(500).describe('SSH clients connected at one time.'),
  maxStartups: z
    .int()
    .min(1)
    .max(100_000)
    .default(100)
    .describe('Connections that have not logged in yet; one beyond takes the place of another.'),
  signInMs: z
    .int()
    .min(1000)
    .max(600_000)
    .default(120_000)
    .describe(
      'Time that a person has to sign in by a browser where `ssh` has no certificate, in milliseconds.',
    ),
  maxAuthTries: z.int().min(1).max(100).default(6).describe('Failed attempts to log in of one connection.'),
  maxSessions: z
    .int()
    .min(1)
    .max(1000)
    .default(20)
    .describe('Terminals, commands and file transfers that one connection may have open at one time.'),
  maxForwards: z
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .describe(
      'Forwarded connections, and ports listened on for them, that one connection may have at one time.',
    ),
  keepaliveMs: z
    .int()
    .min(1000)
    .max(HOUR_MS)
    .default(15_000)
    .describe('A client or host that answers nothing for three times this long is gone, in milliseconds.'),
  idleMs: z
    .int()
    .min(1000)
    .max(MAX_TIMER_MS)
    .default(8 * HOUR_MS)
    .describe(
      'A connection without an open channel, or a forwarded one that carries nothing, is closed after this long, in milliseconds.',
    ),
  maxLifeMs: z
    .int()
    .min(1000)
    .max(MAX_TIMER_MS)
    .default(24 * HOUR_MS)
    .describe('A connection that is this old is closed, in milliseconds.'),
  rekeyBytes: z
    .int()
    .min(1024 * 1024)
    .max(64 * GIB)
    .default(GIB)
    .describe('Keys are exchanged anew after so many bytes.'),
  rekeyMs: z
    .int()
    .min(1000)
    .max(24 * HOUR_MS)
    .default(HOUR_MS)
    .describe('Keys are exchanged anew after so much time, in milliseconds.'),
});

/** What the SSH surface goes by, wherever it was written; every setting has a default. */
export const SshSettings = z.object({
  ...SshLimits.shape,
  /** From connect to logged in. */
  loginGraceMs: z.int().positive().default(30_000),
  /** Connecting and logging in to the target. */
  connectMs: z.int().positive().default(10_000),
});
export type SshSettings = z.infer<typeof SshSettings>;
