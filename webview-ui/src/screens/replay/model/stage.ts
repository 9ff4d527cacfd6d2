import type { Found } from './output-search.ts';

/** What is shown at each time: a terminal's screen, or the statements of a database session. */
export type Stage = {
  /** Shows that time, and resolves with how many events that took. */
  show(atS: number): Promise<number>;
  /** When something happens next; null when nothing does. */
  nextS(): number | null;
  /** Looks for words, part by part. */
  search(words: string): Iterable<readonly Found[]>;
  dispose(): void;
};
