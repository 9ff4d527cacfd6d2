import type { Wanted } from '../detector-set.ts';

/** What the thread is told. Texts are numbered; the pieces of one come in their order. */
export type ToThread =
  | { text: number; kind: 'begin'; wanted: readonly Wanted[] }
  /** The first `length` bytes of a buffer that comes back with the answer. */
  | { text: number; kind: 'piece'; buffer: ArrayBuffer; length: number }
  /** The last of it has come, or nobody takes it any more. */
  | { text: number; kind: 'end' | 'drop' };

/** Its answer to a piece, or to the end: what can be let go. */
export type FromThread = {
  text: number;
  /** So many bytes of the text are settled. */
  of: number;
  /** What leaves in their place; null when they leave as they are. */
  bytes: Uint8Array | null;
  counts: ReadonlyArray<readonly [string, number]>;
  isLast: boolean;
  /** The piece's, for another piece; null at the end. */
  buffer: ArrayBuffer | null;
};
