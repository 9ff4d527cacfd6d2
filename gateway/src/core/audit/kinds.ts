import type { EntryKind } from './leaf.ts';

/** Whether entries come in an order that a gateway writes. */
export class Kinds {
  readonly #running = new Set<string>();

  /** What is wrong with an entry, or null. */
  take(kind: EntryKind, record: string): string | null {
    if (kind === 'closed' && !this.#running.delete(record)) return 'it ends what never began';
    if (kind !== 'opened') return null;
    if (this.#running.has(record)) return 'it begins for the second time';
    this.#running.add(record);
    return null;
  }
}

export function isEntryKind(kind: string): kind is EntryKind {
  return kind === 'opened' || kind === 'closed' || kind === 'kept' || kind === 'event';
}
