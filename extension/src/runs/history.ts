import * as z from 'zod';
import { TargetName } from '../../../gateway/contract/ids.ts';
import { RunStatus } from '../../contract/results-state.ts';

/** A text that was run. Kept on this computer only. */
export const HistoryEntry = z.object({
  id: z.string(),
  target: TargetName,
  text: z.string(),
  atMs: z.number(),
  status: RunStatus,
  elapsedMs: z.number(),
  rows: z.int(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

const MAX_ENTRIES = 300;
/** A longer text (a seed script) would bloat the editor's state. */
const MAX_TEXT_LENGTH = 20_000;

/** The history with one more entry: newest first, the same text on the same target only once. */
export function withEntry(history: readonly HistoryEntry[], entry: HistoryEntry): HistoryEntry[] {
  if (entry.text.length > MAX_TEXT_LENGTH) return [...history];
  const others = history.filter((known) => known.target !== entry.target || known.text !== entry.text);
  return [entry, ...others].slice(0, MAX_ENTRIES);
}

/** What was kept, as far as it can still be read. */
export function readHistory(kept: unknown): HistoryEntry[] {
  if (!Array.isArray(kept)) return [];
  return kept.flatMap((entry) => {
    const read = HistoryEntry.safeParse(entry);
    return read.success ? [read.data] : [];
  });
}
