import { z } from 'zod';
import { SshLimits } from '../proxies/ssh/settings.ts';

const MIB = 1024 * 1024;

/** `limits`: bounds on what clients may ask for. */
export const Limits = z.strictObject({
  maxFrameBytes: z
    .int()
    .min(64 * 1024)
    .max(1024 * MIB)
    .default(16 * MIB)
    .describe(
      'Longest PostgreSQL message that is held whole (a statement, its parameters, an error), in bytes. Rows and COPY data stream and don’t count.',
    ),
  maxConnections: z
    .int()
    .min(1)
    .max(100_000)
    .default(500)
    .describe('PostgreSQL clients connected at one time.'),
  loginGraceMs: z
    .int()
    .min(1000)
    .max(600_000)
    .default(30_000)
    .describe('Time that a client has to log in, in milliseconds.'),
  idleMs: z
    .int()
    .min(1000)
    .max(2_147_483_647)
    .default(28_800_000)
    .describe('A PostgreSQL session without a statement for this long is closed, in milliseconds.'),
  connectMs: z
    .int()
    .min(100)
    .max(600_000)
    .default(10_000)
    .describe('Time for connecting and logging in to a target, in milliseconds.'),
  catalogueCheckMs: z
    .int()
    .min(0)
    .max(60_000)
    .default(500)
    .describe(
      'How long a look at a target’s catalogue counts, in milliseconds: a table or view that somebody else changed is noticed that late at most. 0 looks before every statement and again before its rows.',
    ),
  lookupsPerMinute: z
    .int()
    .min(0)
    .max(100_000)
    .default(60)
    .describe(
      'How many values one principal may look up in masked columns of a target in a minute, where a mask says `lookup: exact`. Each value of an IN counts; 0 lets nobody look anything up.',
    ),
  lockedHoldSeconds: z
    .int()
    .min(1)
    .max(86_400)
    .default(120)
    .describe(
      'How long a statement waits for approval at most while its transaction is open, in seconds: what that has locked stands in others’ way. Outside of a transaction the rule’s own `wait` counts alone.',
    ),
  maxRecordingBytes: z
    .int()
    .min(64 * 1024)
    .max(1024 * MIB)
    .default(64 * MIB)
    .describe(
      'What is kept of what one terminal shows, in bytes of its recording. Beyond it output is left out and markers say how much; commands and decisions are still noted.',
    ),
  maxRequestBytes: z
    .int()
    .min(64 * 1024)
    .max(64 * MIB)
    .default(4 * MIB)
    .describe('Largest body of an API request and largest message of a query channel, in bytes.'),
  maxChannelsPerPerson: z
    .int()
    .min(1)
    .max(1000)
    .default(20)
    .describe(
      'Query channels, channels of requests, and terminals of the editor, that one person may have open at one time: so many of each.',
    ),
  terminalKeepMs: z
    .int()
    .min(0)
    .max(3_600_000)
    .default(120_000)
    .describe(
      'How long a terminal of the editor outlives the connection to it, in milliseconds: whoever comes back in that time finds it as it was.',
    ),
  ssh: SshLimits.prefault({}).describe('Bounds on SSH clients.'),
});
