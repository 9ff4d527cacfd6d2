import type { Person } from '../../../contract/approval-request.ts';
import { LegalHold } from '../../../contract/audit-endpoints.ts';
import type { Documents } from '../documents/documents.ts';
import type { EventLog } from '../recording/event-log.ts';

/** The collection of documents that legal holds are, by their names. */
export const HOLDS = 'audit-holds';

/** Legal holds: each is a document while it is in force, and an event when it is placed and lifted. */
export class Holds {
  readonly #documents: Documents;
  readonly #events: EventLog;
  readonly #now: () => Date;

  constructor(documents: Documents, events: EventLog, now: () => Date) {
    this.#documents = documents;
    this.#events = events;
    this.#now = now;
  }

  async list(): Promise<LegalHold[]> {
    return (await this.#documents.list(HOLDS)).map(({ value }) => LegalHold.parse(value));
  }

  /** Null when another hold has that name. */
  async place(
    by: Person,
    { name, of, reason }: Pick<LegalHold, 'name' | 'of' | 'reason'>,
  ): Promise<LegalHold | null> {
    if ((await this.#documents.get(HOLDS, name)) !== undefined) return null;
    const hold: LegalHold = { name, of, reason, by, at: this.#now().toISOString() };
    await this.#events.note(by, { kind: 'legalHold', name, of, state: 'placed', reason });
    await this.#documents.put(HOLDS, name, hold);
    return hold;
  }

  /** Null when there is none of that name. */
  async lift(by: Person, name: string, reason: string): Promise<LegalHold | null> {
    const kept = await this.#documents.get(HOLDS, name);
    if (kept === undefined) return null;
    const hold = LegalHold.parse(kept);
    await this.#events.note(by, { kind: 'legalHold', name, of: hold.of, state: 'lifted', reason });
    await this.#documents.delete(HOLDS, name);
    return hold;
  }
}
