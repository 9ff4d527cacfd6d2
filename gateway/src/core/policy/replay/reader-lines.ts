import { setImmediate } from 'node:timers/promises';
import type { RecordReader } from '../../recording/recorder.ts';
import { readLine } from './record-line.ts';
import type { RecordLines } from './replay.ts';

const PAGE = 250;

/** Which actions: of everybody, on some targets or on all, since a moment or ever, at most so many. */
export type Wanted = { targets: readonly string[] | null; since: Date | null; limit: number };

/** The newest recorded actions, newest first, page by page: others get their turn between two of them. */
export async function* readerLines(
  records: Pick<RecordReader, 'texts'>,
  { targets, since, limit }: Wanted,
): RecordLines {
  const among = targets === null ? null : new Set(targets);
  const target = targets?.length === 1 ? (targets[0] ?? null) : null;
  let left = limit;
  let before: string | null = null;
  do {
    const size = Math.min(PAGE, among === null ? left : PAGE);
    const page = await records.texts({ principal: null, target, before, limit: size });
    const found = page.texts.filter((text) => isAmong(among, text)).slice(0, left);
    yield found;
    await setImmediate();
    left -= found.length;
    const oldest = page.texts.at(-1);
    if (oldest === undefined || isBefore(since, oldest)) return;
    before = page.next;
  } while (before !== null && left > 0);
}

function isAmong(targets: ReadonlySet<string> | null, text: string): boolean {
  if (targets === null) return true;
  const target = readLine(text)?.target;
  return target !== undefined && targets.has(target);
}

function isBefore(since: Date | null, text: string): boolean {
  const at = readLine(text)?.at;
  return since !== null && at !== undefined && new Date(at) < since;
}
