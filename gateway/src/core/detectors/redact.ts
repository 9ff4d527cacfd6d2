import type { DetectorSet } from './detector-set.ts';
import { type Edit, edited } from './edits.ts';
import { replacementOf } from './replacement.ts';
import { Scan } from './scan.ts';
import { Window } from './window.ts';

/** How often each detector found something; never what. */
export type Counts = Map<string, number>;

/** Redacts whole values with one set of detectors, and counts what it found. Bytes are UTF-8. */
export class ValueRedactor {
  readonly set: DetectorSet;
  readonly #counts: Counts;
  readonly #scan: Scan;
  readonly #window = new Window();

  constructor(set: DetectorSet, counts: Counts) {
    this.set = set;
    this.#counts = counts;
    this.#scan = new Scan(set);
  }

  /** The text `bytes[start, end)` without what was found in it; null when nothing was. */
  redact(bytes: Uint8Array, start: number, end: number): Buffer | null {
    const edits: Edit[] = [];
    this.find(bytes, start, start, end, edits);
    return edits.length === 0 ? null : edited(bytes, start, end, edits);
  }

  /** Adds an edit for each match in `bytes[start, end)`; what stands from `context` on may tell what it is. */
  find(bytes: Uint8Array, context: number, start: number, end: number, edits: Edit[]): void {
    this.#window.set(bytes, context, end);
    this.#scan.over(this.#window, start, true, (found) => {
      this.#counts.set(found.by.name, (this.#counts.get(found.by.name) ?? 0) + 1);
      edits.push({ start: found.start, end: found.end, text: replacementOf(this.set, found, bytes) });
    });
  }
}
