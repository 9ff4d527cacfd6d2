import type { Shape } from './prefilter/shape.ts';
import type { ByteClass } from './window.ts';

/**
 * What every match of a detector shows besides its first byte. Where it is missing nothing is looked at closer, so that
 * most of a text is passed over in steps.
 */
export type Hallmark =
  /** It begins as one of these does. */
  | { kind: 'shapes'; shapes: readonly Shape[] }
  /** Its first `length` bytes are of the class. */
  | { kind: 'run'; of: ByteClass; length: number }
  /** The byte stands behind its first one, at most so many bytes from there. */
  | { kind: 'ahead'; byte: number; within: number };

/** A hallmark, and the bytes that matches which show it begin with. */
export type Beginning = { hallmark: Hallmark | undefined; starts: ByteClass };
