import { createReadStream } from 'node:fs';
import * as z from 'zod';
import type { RecordLines } from '../core/policy/replay/replay.ts';

const CHUNK_BYTES = 1024 * 1024;

/** A line of what `sluice audit export` writes. */
const Leaf = z.object({ kind: z.enum(['opened', 'kept']), body: z.string() });
const LEAF_BEGINS = '{"seq":';

/**
 * The records in a file of JSON Lines, in batches: one a line, or the leaves of a log that was exported. What of these is no
 * action, or was purged, is left out.
 */
export async function* fileLines(file: string): RecordLines {
  let rest = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: CHUNK_BYTES })) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield lines.flatMap(recordsIn);
  }
  yield recordsIn(rest);
}

function recordsIn(line: string): string[] {
  if (line === '') return [];
  if (!line.startsWith(LEAF_BEGINS)) return [line];
  const leaf = Leaf.safeParse(parsed(line));
  return leaf.success ? [leaf.data.body] : [];
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
