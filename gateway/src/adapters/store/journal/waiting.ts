import { existsSync, readFileSync } from 'node:fs';
import { entriesOf } from '../entries.ts';
import { journalFile, type Position } from './files.ts';
import { decodeFrame, frameBytes } from './frame.ts';

/** How many entries stand in the journal behind a place. Reads alone, and as far as it can be read. */
export function waitingIn(dir: string, { segment, offset }: Position): number {
  let count = 0;
  let at = offset;
  for (let next = segment; ; next++, at = 0) {
    const found = waitingInSegment(dir, next, at);
    count += found;
    if (found === 0 && next > segment) return count;
  }
}

function waitingInSegment(dir: string, segment: number, offset: number): number {
  const file = journalFile(dir, segment);
  if (!existsSync(file)) return 0;
  const bytes = readFileSync(file);
  let count = 0;
  for (let at = offset; ; ) {
    const length = frameBytes(bytes.subarray(at), segment);
    if (length === null || at + length > bytes.length) return count;
    const text = decodeFrame(bytes.subarray(at, at + length));
    if (text === null) return count;
    count += entriesOf(text).length;
    at += length;
  }
}
