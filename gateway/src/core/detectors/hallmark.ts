import type { ByteClass } from './window.ts';

/**
 * What every match of a detector shows besides its first byte. Where it is missing nothing is looked at closer, so that
 * most of a text is passed over in steps.
 */
export type Hallmark =
  /**
   * The `length` bytes from `offset` behind its begin on are of the class, and so many digits at least follow in the coarse
   * run that they are in.
   */
  | { kind: 'run'; offset: number; of: ByteClass; length: number; digits?: number; inside: CoarseRun }
  /** It begins with these bytes. */
  | { kind: 'text'; text: Buffer }
  /** The byte stands behind its first one, at most so many bytes from there. */
  | { kind: 'ahead'; byte: number; within: number };

/** A run that holds the runs of several hallmarks: its class holds theirs, and it is no longer than the shortest. */
export type CoarseRun = { of: ByteClass; length: number };

/** A hallmark, and the bytes that matches which show it begin with. */
export type Beginning = { hallmark: Hallmark | undefined; starts: ByteClass };
