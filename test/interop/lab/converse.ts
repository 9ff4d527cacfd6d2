import type { Conversation } from './conversations.ts';
import type { Route } from './lab.ts';
import { decoded, openRaw, type RawFrame, type RawSession } from './raw-session.ts';

const QUERY = 0x51;

export type Transcript = { greeting: string[]; answers: string[] };

/** Has a conversation on a session of its own; gives every byte that came back after authentication. */
export async function converse(route: Route, { turns }: Conversation): Promise<Transcript> {
  const session = await openRaw(route, { parameters: { application_name: 'wire', client_encoding: 'UTF8' } });
  const frames: RawFrame[] = [];
  for (const { send, ready } of turns) {
    session.send(send);
    // A turn that waits for nothing has begun a COPY, or goes on in the next turn.
    if (ready > 0) frames.push(...(await session.until('Z', ready)));
    else if (send.at(0) === QUERY) frames.push(...(await session.until('G')));
  }
  await session.close();
  return { greeting: greetingOf(session), answers: frames.map(lineOf) };
}

/**
 * Without the cancel key and the login name, which are the gateway's own, and sorted: a server reports its
 * settings in no particular order.
 */
function greetingOf(session: RawSession): string[] {
  return session.greeting
    .filter((frame) => frame.type !== 'K' && !frame.body.includes('session_authorization\0'))
    .map(lineOf)
    .sort();
}

/**
 * Exact in hexadecimal, and readable where it can be. Errors that the gateway gives in the server's place (a name
 * of a statement that it never prepared) can't say where in the server's source they arose: that is left out of
 * every error.
 */
function lineOf(frame: RawFrame): string {
  const message = decoded(frame);
  const readable = JSON.stringify(message, (_key, value) => (isBuffer(value) ? undefined : value));
  if (message.type !== 'errorResponse') return `${frame.type} ${frame.body.toString('hex')} ${readable}`;
  const { file, line, routine, ...fields } = message.fields;
  return `${frame.type} ${JSON.stringify(fields)}`;
}

function isBuffer(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer';
}
