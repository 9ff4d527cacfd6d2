import type { Hallmark } from './hallmark.ts';
import type { ByteClass, Window } from './window.ts';

/** What the policy can name. */
export const DETECTORS = [
  'cards',
  'emails',
  'phones',
  'ibans',
  'nationalIds',
  'secrets',
  'highEntropy',
] as const;
export type DetectorName = (typeof DETECTORS)[number];

/** What becomes of what was found. */
export const REPLACEMENTS = ['label', 'stars', 'last4'] as const;
export type Replacement = (typeof REPLACEMENTS)[number];

/** Follows a match on: called with each further byte until it says that the match has ended. */
export type Tail = (byte: number) => 'in' | 'last' | 'out';

/** Finds one kind of thing, which begins where a word does or with a sign. It keeps no state: what it says of a position depends on the window around it alone. */
export type Detector = {
  /** The name that it is asked for by, and counted under. */
  name: string;
  /** What stands in place of what was found: `card` becomes `[card]`. Letters, digits and hyphens. */
  label: string;
  /** Bytes that a match can begin with. */
  starts: ByteClass;
  /** The same one for detectors that share it. */
  hallmark?: Hallmark;
  /** Length of the match that begins at `at`; 0 when none does. */
  match: (window: Window, at: number) => number;
  /** Made for each match whose end the window need not hold. */
  tail?: () => Tail;
};

/** Looks for the next match itself, instead of being asked at each position. */
export type Finder = {
  name: string;
  label: string;
  /** The leftmost match that begins at `from` or later in `bytes[start, end)`. */
  next: (window: Window, from: number) => { start: number; end: number } | null;
};

/** A tail that lasts as long as bytes of a class come. */
export function tailOf(isPart: ByteClass): () => Tail {
  return () => (byte) => (isPart[byte] === 1 ? 'in' : 'out');
}
