import { setImmediate } from 'node:timers/promises';
import type { RecordReader } from '../../recording/recorder.ts';
import type { RecordLines } from './replay.ts';

const PAGE = 100;

export type Wanted = { target: string | null; since: Date | null; limit: number };

/** The newest recorded actions, newest first, page by page: others get their turn between two of them. */
export async function* readerLines(records: RecordReader, { target, since, limit }: Wanted): RecordLines {
  let left = limit;
  let before: string | null = null;
  do {
    const page = await records.list({ principal: null, target, before, limit: Math.min(PAGE, left) });
    yield page.records.map((record) => JSON.stringify({ ...record, outcome: null }));
    await setImmediate();
    left -= page.records.length;
    const oldest = page.records.at(-1);
    if (oldest === undefined || (since !== null && new Date(oldest.at) < since)) return;
    before = page.next;
  } while (before !== null && left > 0);
}
