import type { SluiceError } from '../../../contract/error.ts';

/**
 * What happened to a record: its opening, its end, or both at once; or an event, which is no action on a target. `body` is
 * JSON, and so has no line breaks.
 */
export type Entry = { type: 'opened' | 'closed' | 'kept' | 'event'; record: string; body: string };

/** Entries that will share one write to disk. An action that begins and ends in it is one entry. */
export class Batch {
  characters = 0;
  readonly #entries: Entry[] = [];
  readonly #kept = Promise.withResolvers<void>();
  readonly #openings = new Map<string, number>();

  constructor() {
    // Who waits sees a rejection; a batch that nobody waits for any more must not count as unhandled.
    this.#kept.promise.catch(() => undefined);
  }

  /** Resolves when the whole batch is on disk. */
  add(entry: Entry): Promise<void> {
    this.characters += entry.body.length;
    if (entry.type === 'opened') this.#openings.set(entry.record, this.#entries.length);
    if (entry.type !== 'closed' || !this.#close(entry)) this.#entries.push(entry);
    return this.#kept.promise;
  }

  /** A line for each entry; `entriesOf` reads them back. */
  text(): string {
    let text = '';
    for (const { type, record, body } of this.#entries) text += `${type} ${record} ${body}\n`;
    return text;
  }

  resolve(): void {
    this.#kept.resolve();
  }

  reject(why: SluiceError): void {
    this.#kept.reject(why);
  }

  #close({ record, body }: Entry): boolean {
    const at = this.#openings.get(record);
    const opening = at === undefined ? undefined : this.#entries[at];
    if (at === undefined || opening?.type !== 'opened') return false;
    this.#entries[at] = { type: 'kept', record, body: withOutcome(opening.body, body) };
    return true;
  }
}

/** The body of a record that is kept whole, of the JSON of its opening and of its outcome. */
export function withOutcome(opening: string, outcome: string): string {
  return `${opening.slice(0, -1)},"outcome":${outcome}}`;
}

/** The entries of a batch's text. @throws Error when it is no such text */
export function entriesOf(text: string): Entry[] {
  return text.trimEnd().split('\n').map(entryOf);
}

const LINE = /^(opened|closed|kept|event) (\S+) (.*)$/s;

function entryOf(line: string): Entry {
  const [, type, record, body] = LINE.exec(line) ?? [];
  if (record === undefined || body === undefined) throw new Error('a line of the journal can not be read');
  if (type === 'opened' || type === 'closed' || type === 'kept' || type === 'event') {
    return { type, record, body };
  }
  throw new Error(`a line of the journal is of no known type: ${type}`);
}
