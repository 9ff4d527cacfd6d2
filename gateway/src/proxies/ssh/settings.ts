import { z } from 'zod';

/** How the SSH surface behaves; every setting has a default. */
export const SshSettings = z.object({
  maxConnections: z.int().positive().default(500),
  /** Connections that have not logged in yet; one beyond takes the place of another. */
  maxStartups: z.int().positive().default(100),
  /** From connect to logged in. */
  loginGraceMs: z.int().positive().default(30_000),
  /** From connect to logged in, where a person signs in by a browser. */
  signInMs: z.int().positive().default(120_000),
  /** Failed attempts in one connection. */
  maxAuthTries: z.int().positive().default(6),
  /** Channels that one connection may have open. */
  maxSessions: z.int().positive().default(20),
  /** Connecting and logging in to the target. */
  connectMs: z.int().positive().default(10_000),
  /** A client that answers nothing for three of these is gone. */
  keepaliveMs: z.int().positive().default(15_000),
});
export type SshSettings = z.infer<typeof SshSettings>;
