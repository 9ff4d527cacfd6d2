import { join } from 'node:path';

/** A terminal of a session, as a name. */
type Id = { session: string; terminal: number };

const SAFE = /^[\w-]{1,64}$/;

/** Whether a session's name leads nowhere but into the folder of recordings. */
export function isSafeName(session: string): boolean {
  return SAFE.test(session);
}

/** What a recording's file is called in its folder. */
export function recordingName({ session, terminal }: Id): string {
  return `${session}-${terminal}.cast`;
}

/** A recording's file in a data folder. */
export function recordingFile(dataDir: string, id: Id): string {
  return join(dataDir, 'recordings', recordingName(id));
}
