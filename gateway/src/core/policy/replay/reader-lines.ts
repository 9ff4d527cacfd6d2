import { setImmediate } from 'node:timers/promises';
import type { RecordReader } from '../../recording/recorder.ts';
import type { RecordLines } from './replay.ts';

const PAGE = 100;

/** Which actions: of everybody, on some targets or on all, since a moment or ever, at most so many. */
export type Wanted = { targets: readonly string[] | null; since: Date | null; limit: number };

/** The newest recorded actions, newest first, page by page: others get their turn between two of them. */
export async function* readerLines(records: RecordReader, { targets, since, limit }: Wanted): RecordLines {
  const among = targets === null ? null : new Set(targets);
  const target = targets?.length === 1 ? (targets[0] ?? null) : null;
  let left = limit;
  let before: string | null = null;
  do {
    const size = Math.min(PAGE, among === null ? left : PAGE);
    const page = await records.list({ principal: null, target, before, limit: size });
    const found = page.records.filter((record) => among?.has(record.target) ?? true).slice(0, left);
    yield found.map((record) => JSON.stringify({ ...record, outcome: null }));
    await setImmediate();
    left -= found.length;
    const oldest = page.records.at(-1);
    if (oldest === undefined || (since !== null && new Date(oldest.at) < since)) return;
    before = page.next;
  } while (before !== null && left > 0);
}
