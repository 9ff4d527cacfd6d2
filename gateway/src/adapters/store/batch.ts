import type { SluiceError } from '../../../contract/error.ts';
import { type JournalEntry, textOf, withOutcome } from './entries.ts';

/** No less than the text of an entry will have. */
export function charactersOf({ body, plan }: JournalEntry): number {
  return body.length + (plan?.length ?? 0);
}

/** Entries that will share one write to disk. An action that begins and ends in it is one entry. */
export class Batch {
  /** How much waits to be written: no less than the text will have. */
  characters = 0;
  readonly #entries: JournalEntry[] = [];
  readonly #kept = Promise.withResolvers<void>();
  readonly #openings = new Map<string, number>();

  constructor() {
    // Who waits sees a rejection; a batch that nobody waits for any more must not count as unhandled.
    this.#kept.promise.catch(() => undefined);
  }

  get size(): number {
    return this.#entries.length;
  }

  /** Resolves when the whole batch is on disk. */
  add(entry: JournalEntry): Promise<void> {
    this.characters += charactersOf(entry);
    if (entry.type === 'opened') this.#openings.set(entry.record, this.#entries.length);
    if (entry.type !== 'closed' || !this.#close(entry)) this.#entries.push(entry);
    return this.#kept.promise;
  }

  /** A line for each entry; `entriesOf` reads them back. */
  text(): string {
    return textOf(this.#entries);
  }

  resolve(): void {
    this.#kept.resolve();
  }

  reject(why: SluiceError): void {
    this.#kept.reject(why);
  }

  #close({ record, body }: JournalEntry): boolean {
    const at = this.#openings.get(record);
    const opening = at === undefined ? undefined : this.#entries[at];
    if (at === undefined || opening?.type !== 'opened') return false;
    this.#entries[at] = { ...opening, type: 'kept', body: withOutcome(opening.body, body) };
    return true;
  }
}
