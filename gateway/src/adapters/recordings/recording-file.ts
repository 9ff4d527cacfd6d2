import { existsSync, readdirSync } from 'node:fs';
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

const UNFINISHED = '.unfinished';

/** What stands, empty, beside a recording until the log tells of that. */
export function unfinishedName(id: Id): string {
  return recordingName(id) + UNFINISHED;
}

/** The recording that such a name stands beside; null for every other name. */
export function unfinishedIdOf(name: string): Id | null {
  return name.endsWith(UNFINISHED) ? idOf(name.slice(0, -UNFINISHED.length)) : null;
}

/** The recording that a file of the folder is; null when its name is none of a recording's. */
export function idOf(name: string): Id | null {
  const [, session, terminal] = NAME.exec(name) ?? [];
  return session === undefined ? null : { session, terminal: Number(terminal) };
}
const NAME = /^([\w-]{1,64})-(\d{1,9})\.cast$/;

/** Recordings of a data folder that were complete when this was called; each is looked at again when it is read. */
export function completeRecordings(dataDir: string): Iterable<Id> {
  const folder = join(dataDir, 'recordings');
  const isComplete = (id: Id) => !existsSync(join(folder, unfinishedName(id)));
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const complete = names.map(idOf).filter((id): id is Id => id !== null && isComplete(id));
  return {
    *[Symbol.iterator]() {
      // A new one stands without what says so for a moment.
      for (const id of complete) if (isComplete(id)) yield id;
    },
  };
}
