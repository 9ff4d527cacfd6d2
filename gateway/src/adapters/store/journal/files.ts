import { closeSync, fstatSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Two files that take turns: while one is filled, what stands in the other goes into the database. */
const FILES = 2;

/** What a file takes before the other one's turn; it grows beyond when that one is still being read. */
export const SEGMENT_BYTES = 4 * 1024 * 1024;

/** A place in the journal: everything before it is meant. */
export type Position = { segment: number; offset: number };

export function journalFile(dir: string, segment: number): string {
  return join(dir, `journal-${segment % FILES}`);
}

/** Makes both files at their full size, so that a write changes nothing but their content. */
export function makeJournalFiles(dir: string, segmentBytes: number): void {
  for (let file = 0; file < FILES; file++) {
    const descriptor = openSync(journalFile(dir, file), 'a', 0o600);
    try {
      const missing = segmentBytes - fstatSync(descriptor).size;
      if (missing > 0) writeSync(descriptor, Buffer.alloc(missing));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }
  keepNames(dir);
}

/** A new file's name is on disk only once its folder is; Windows keeps it with the file. */
function keepNames(dir: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(dir, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
