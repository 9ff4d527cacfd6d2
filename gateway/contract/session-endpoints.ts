import * as z from 'zod';
import { Person } from './approval-request.ts';
import { endpoint } from './endpoint.ts';
import { SessionId, TargetName } from './ids.ts';
import { Surface } from './surface.ts';

const none = z.object({});
const byId = z.object({ session: SessionId });
const Reason = z.string().trim().min(1).max(500);
const actErrors = [
  'identity.tokenInvalid',
  'identity.forbidden',
  'request.invalid',
  'session.unknown',
] as const;

/** Somebody takes a session's keys away: what runs goes on, nothing new is taken. */
export const SessionLock = z.object({ by: Person, at: z.iso.datetime(), reason: z.string() });
export type SessionLock = z.infer<typeof SessionLock>;

/** What this person may do with a session. `recording` and `watch` need a terminal that is recorded. */
export const SessionAct = z.enum(['watch', 'recording', 'end', 'lock', 'unlock']);
export type SessionAct = z.infer<typeof SessionAct>;

/** A session that is open, as one person is shown it. */
export const LiveSession = z.object({
  id: SessionId,
  who: Person,
  /** For whom an agent acts. */
  actsFor: Person.nullable(),
  surface: Surface,
  target: TargetName,
  /** Account on a host; null where there is no such thing. */
  account: z.string().nullable(),
  /** The client's address, or "editor". */
  network: z.string(),
  since: z.iso.datetime(),
  /** What runs now, as it was sent; long ones shortened, and of very many the newest. */
  running: z.array(z.string()),
  /** Numbers of its terminals and commands that are recorded, those that have ended too; of very many the newest. */
  terminals: z.array(z.int().positive()),
  lock: SessionLock.nullable(),
  /** Who looks on now. */
  watchers: z.array(Person),
  acts: z.array(SessionAct),
});
export type LiveSession = z.infer<typeof LiveSession>;

/** What a recording's download is: asciicast v2, one JSON value a line. */
export const ASCIICAST_MEDIA_TYPE = 'application/x-asciicast';

export const sessionEndpoints = {
  sessions: endpoint({
    method: 'GET',
    path: '/v1/sessions',
    summary:
      "Sessions that are open, newest first: one's own, or everybody's for administrators and auditors.",
    auth: 'bearer',
    params: none,
    body: none,
    reply: z.object({ sessions: z.array(LiveSession) }),
    errors: ['identity.tokenInvalid'],
  }),
  endSession: act(
    'end',
    "Ends a session, one's own or as an administrator; its person is told by whom and why.",
  ),
  lockSession: act(
    'lock',
    'For administrators: takes nothing more from a session until it is unlocked. What runs goes on without keys.',
  ),
  unlockSession: act('unlock', 'For administrators: gives a locked session back to its person.'),
  recording: endpoint({
    method: 'GET',
    path: '/v1/sessions/{session}/recording',
    summary:
      "The recording of a session's terminal so far, or whole once it has ended: one's own, or anybody's for administrators and auditors.",
    auth: 'bearer',
    params: byId.extend({ terminal: z.coerce.number().int().min(1).max(100_000).default(1) }),
    body: none,
    media: ASCIICAST_MEDIA_TYPE,
    reply: z.custom<AsyncIterable<Uint8Array>>(),
    errors: ['identity.tokenInvalid', 'identity.forbidden', 'request.invalid', 'session.unknown'],
  }),
};

function act<Path extends string>(path: Path, summary: string) {
  return endpoint({
    method: 'POST',
    path: `/v1/sessions/{session}/${path}`,
    summary,
    auth: 'bearer',
    params: byId,
    body: z.object({ reason: Reason }),
    reply: LiveSession,
    errors: actErrors,
  });
}

/** WebSocket, bearer token in the Authorization header: the sessions of `GET /v1/sessions` as they open, change and end. */
export const SESSION_CHANNEL_PATH = '/v1/sessions/live';
export const SESSION_CHANNEL_SUBPROTOCOL = 'sluice.sessions.v1';

export const SessionEvent = z.discriminatedUnion('type', [
  /** First, once. */
  z.object({ type: z.literal('open'), sessions: z.array(LiveSession) }),
  /** A session that was opened, or has changed: what runs, who watches, its lock. */
  z.object({ type: z.literal('session'), session: LiveSession }),
  /** `why`: who ended it and why, for its person; empty where it ended by itself. */
  z.object({ type: z.literal('closed'), session: SessionId, why: z.string() }),
]);
export type SessionEvent = z.infer<typeof SessionEvent>;

/**
 * WebSocket, bearer token in the Authorization header: `?terminal=N` (1 when it isn't said) and `?from=start` or
 * `?from=now`. For those who may `watch`; as long as it is open, they are among the session's watchers.
 */
export const WATCH_CHANNEL_SUBPROTOCOL = 'sluice.watch.v1';

export function watchChannelPath(session: SessionId): string {
  return `/v1/sessions/${encodeURIComponent(session)}/watch`;
}

/** Where in a recording somebody begins to watch. */
export const WatchFrom = z.enum(['start', 'now']);
export type WatchFrom = z.infer<typeof WatchFrom>;

export const WatchEvent = z.discriminatedUnion('type', [
  /** Whole lines of asciicast v2, each with its line break; the very first is the header. */
  z.object({ type: z.literal('tape'), lines: z.string() }),
  /** What follows happens now. Once; `from=now` begins with the header and this. */
  z.object({ type: z.literal('live') }),
  /** The terminal has ended, and all of it was sent. */
  z.object({ type: z.literal('ended') }),
]);
export type WatchEvent = z.infer<typeof WatchEvent>;
