import { printable } from '../../../../../extension/contract/printable.ts';
import type { ReplayAction } from '../../../../../extension/contract/replay-messages.ts';
import { type MARKER_KINDS, markerOf } from '../../../../../gateway/contract/asciicast-marker.ts';

/** One thing on the timeline that can be jumped to. */
export type Entry = {
  readonly atS: number;
  readonly kind: (typeof MARKER_KINDS)[number] | 'statement' | 'mark';
  readonly tone: 'plain' | 'masked' | 'stopped';
  readonly text: string;
};

/** A list longer than this is cut: nobody reads it, and it would stand in the way. */
export const MAX_ENTRIES = 5_000;

/** The gateway's markers say what they are about; others are shown as they are. */
export function entryOfMarker(atS: number, label: string): Entry {
  const marker = markerOf(label);
  if (marker === null) return { atS, kind: 'mark', tone: 'plain', text: printable(label) };
  const { kind, text } = marker;
  const isStopped = kind === 'decision' && STOPPED.test(text);
  return {
    atS,
    kind,
    text: printable(text),
    tone: isStopped ? 'stopped' : kind === 'mask' ? 'masked' : 'plain',
  };
}

const STOPPED = /^(blocked|denied|refused|withdrawn|lapsed|not )/i;

export function entryOfAction({ atS, statement, decision, outcome }: ReplayAction): Entry {
  const isStopped = outcome?.status === 'refused' || decision.outcome === 'block';
  const tone = isStopped ? 'stopped' : decision.masked.length > 0 ? 'masked' : 'plain';
  return { atS, kind: 'statement', tone, text: printable(statement.trim().replaceAll(/\s+/g, ' ')) };
}

/** The last entry that has happened at this time; -1 before the first. */
export function entryAt(entries: readonly Entry[], atS: number): number {
  let [low, high] = [-1, entries.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((entries[middle]?.atS ?? 0) <= atS) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The entry before or after this time; null when there is none. Just after one, the one before it is meant. */
export function entryNext(entries: readonly Entry[], atS: number, by: 1 | -1): Entry | null {
  if (by === 1) return entries.find((entry) => entry.atS > atS) ?? null;
  return entries.findLast((entry) => entry.atS < atS - JUST_S) ?? null;
}

const JUST_S = 0.5;
