import type { Conversation } from './conversations.ts';
import type { Route } from './lab.ts';
import { decoded, openRaw, type RawFrame } from './raw-session.ts';

/** Has a conversation on a session of its own; gives every byte that came back, the greeting's in front. */
export async function converse(route: Route, { turns }: Conversation): Promise<RawFrame[]> {
  const session = await openRaw(route, { parameters: { application_name: 'wire', client_encoding: 'UTF8' } });
  const frames = [...session.greeting];
  for (const { send, ready } of turns) {
    session.send(send);
    // A turn that waits for nothing has begun a COPY, or goes on in the next turn.
    if (ready > 0) frames.push(...(await session.until('Z', ready)));
    else if (send[0] === 0x51) frames.push(...(await session.until('G')));
  }
  await session.close();
  return frames;
}

/** Readable where it can be, exact where it can't; without the cancel key, which is the gateway's own. */
export function transcript(frames: readonly RawFrame[]): string[] {
  return frames.filter((frame) => frame.type !== 'K').map(lineOf);
}

function lineOf(frame: RawFrame): string {
  const hex = frame.body.toString('hex');
  const message = JSON.stringify(decoded(frame), (_key, value) => (isBuffer(value) ? undefined : value));
  return `${frame.type} ${hex} ${message}`;
}

function isBuffer(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer';
}
