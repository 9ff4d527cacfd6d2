import type { SluiceError } from '../../../contract/error.ts';
import type { Write } from './messages.ts';

/** Writes that will share one transaction, and so one fsync. An action that begins and ends in it is one row. */
export class Batch {
  readonly writes: Write[] = [];
  readonly #kept = Promise.withResolvers<void>();
  readonly #openings = new Map<string, number>();

  constructor() {
    // Who waits sees a rejection; a batch that nobody waits for any more must not count as unhandled.
    this.#kept.promise.catch(() => undefined);
  }

  /** Resolves when the whole batch is on disk. */
  add(write: Write): Promise<void> {
    if (write.type === 'opened') this.#openings.set(write.record, this.writes.length);
    if (write.type !== 'closed' || !this.#close(write)) this.writes.push(write);
    return this.#kept.promise;
  }

  resolve(): void {
    this.#kept.resolve();
  }

  reject(why: SluiceError): void {
    this.#kept.reject(why);
  }

  #close({ record, body }: Extract<Write, { type: 'closed' }>): boolean {
    const at = this.#openings.get(record);
    const opening = at === undefined ? undefined : this.writes[at];
    if (at === undefined || opening?.type !== 'opened') return false;
    this.writes[at] = { ...opening, type: 'kept', body: withOutcome(opening.body, body) };
    return true;
  }
}

/** The body of a record that is kept whole, of the JSON of its opening and of its outcome. */
export function withOutcome(opening: string, outcome: string): string {
  return `${opening.slice(0, -1)},"outcome":${outcome}}`;
}
