import { closeSync, openSync, readSync } from 'node:fs';

/** A header's line is no longer than this: names and sizes. */
const MAX_BYTES = 64 * 1024;

/** The first line of a recording, which says whose session it was on what (JSON); null where it can't be read. */
export function headerOf(file: string): string | null {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(MAX_BYTES);
      const line = bytes.toString('utf8', 0, readSync(descriptor, bytes)).split('\n', 1)[0] ?? '';
      JSON.parse(line);
      return line;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return null;
  }
}
