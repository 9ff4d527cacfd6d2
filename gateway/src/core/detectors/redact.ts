import type { DetectorSet } from './detector-set.ts';
import { type Edit, edited } from './edits.ts';
import { cleanBy } from './pass.ts';
import { replacementOf } from './replacement.ts';
import { type Found, Scan } from './scan.ts';
import { mayHide } from './unseen/may-hide.ts';
import { Visible } from './unseen/visible.ts';
import { Window } from './window.ts';

/** How often each detector found something; never what. */
export type Counts = Map<string, number>;

/** Redacts whole values with one set of detectors, and counts what it found. Bytes are UTF-8. */
export class ValueRedactor {
  readonly set: DetectorSet;
  readonly #counts: Counts;
  readonly #scan: Scan;
  readonly #window = new Window();
  #visible: Visible | null = null;

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
    if (mayHide(bytes, context, end)) {
      this.#findInSeen(bytes, context, start, end, edits);
      return;
    }
    this.#window.set(bytes, context, end);
    this.#scan.begin();
    this.#scan.over(this.#window, start, true, (found) => {
      this.#count(found.by.name);
      edits.push({ start: found.start, end: found.end, text: replacementOf(this.set, found, bytes) });
    });
  }

  /** In what is seen of it; controls and their sequences go with what is found around them. */
  #findInSeen(bytes: Uint8Array, context: number, start: number, end: number, edits: Edit[]): void {
    this.#visible ??= new Visible(cleanBy(this.set));
    const visible = this.#visible;
    const all: Array<Edit & { name: string }> = [];
    const look = (spaces: boolean) => {
      visible.read(bytes, context, end, spaces, true);
      this.#window.set(visible.bytes, 0, visible.length);
      this.#scan.begin();
      this.#scan.over(this.#window, visible.indexOf(start), true, (found) => {
        all.push({
          start: visible.placeOf(found.start),
          end: visible.endOf(found.end),
          text: replacementOf(this.set, found, visible.bytes) + withoutWidth(visible, found),
          name: found.by.name,
        });
      });
    };
    look(false);
    if (visible.hasBetween) look(true);
    let last: Edit | null = null;
    for (const { name, ...edit } of all.sort((one, other) => one.start - other.start)) {
      if (last !== null && edit.start < last.end) {
        last.end = Math.max(last.end, edit.end);
        continue;
      }
      this.#count(name);
      edits.push(edit);
      last = edit;
    }
  }

  #count(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }
}

/** Of what nobody sees in it, that which no syntax minds. */
function withoutWidth(visible: Visible, { start, end }: Found): string {
  const kept = visible.unseenWithin(start, end).filter((unseen) => unseen.every((byte) => byte >= 0x80));
  return Buffer.concat(kept).toString('latin1');
}
