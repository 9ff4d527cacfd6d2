import * as z from 'zod';
import { PrincipalId, SessionId, TargetName } from './ids.ts';

/**
 * The terminal channel: one WebSocket stands before one shell on one host. Binary frames are the terminal's bytes, what
 * is typed one way and what is shown the other; JSON text frames are these messages.
 *
 * What is shown is one stream whose bytes are counted from 0. A client acknowledges what it has; the gateway sends at
 * most `TERMINAL_WINDOW_BYTES` beyond that, and meanwhile nobody reads from the host. A socket that is lost leaves the
 * shell running for a while: `?session=ID` gets it back, and the stream goes on behind what was acknowledged.
 *
 * Address: `?target=NAME&account=NAME&columns=80&rows=24`, of which target alone must be there; `?session=ID` for one
 * that was lost. Bearer token in the Authorization header.
 */
export const TERMINAL_CHANNEL_PATH = '/v1/terminals';
export const TERMINAL_CHANNEL_SUBPROTOCOL = 'sluice.terminal.v1';

/** So many bytes may be on their way, and so many are kept of a shell whose client is gone. */
export const TERMINAL_WINDOW_BYTES = 256 * 1024;

/** The longest binary frame of a client: what is pasted at once travels in several. */
export const TERMINAL_FRAME_BYTES = 64 * 1024;

const Cells = z.coerce.number().int().min(1).max(1000);

/** What stands behind `?` of the address. */
export const TerminalAddress = z.union([
  z.object({ session: SessionId }),
  z.object({
    target: TargetName,
    /** One of the target's; its first when none is named. */
    account: z.string().min(1).max(256).optional(),
    columns: Cells.default(80),
    rows: Cells.default(24),
  }),
]);
export type TerminalAddress = z.infer<typeof TerminalAddress>;

export const TerminalRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('resize'), columns: Cells, rows: Cells }),
  /** The client has the first `bytes` of what was shown. */
  z.object({ type: z.literal('seen'), bytes: z.int().nonnegative() }),
  /** The person closes the terminal: nothing is kept for them. */
  z.object({ type: z.literal('close') }),
]);
export type TerminalRequest = z.infer<typeof TerminalRequest>;

export const TerminalEvent = z.discriminatedUnion('type', [
  /** First, once in each socket. `from`: which byte of what was shown the next binary frame begins with. */
  z.object({
    type: z.literal('open'),
    session: SessionId,
    target: TargetName,
    account: z.string(),
    from: z.int().nonnegative(),
  }),
  /** Who looks on, now and whenever that changes. */
  z.object({
    type: z.literal('watchers'),
    watchers: z.array(z.object({ id: PrincipalId, name: z.string() })),
  }),
  /** Last: the shell is over. `why` is a sentence for people, empty when it ended as they wanted. */
  z.object({ type: z.literal('ended'), exitCode: z.int().nonnegative(), why: z.string() }),
]);
export type TerminalEvent = z.infer<typeof TerminalEvent>;
