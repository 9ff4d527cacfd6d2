import { isDeepStrictEqual } from 'node:util';
import type { Principal } from '../../../contract/principal.ts';

/** A person without the epoch, which this room counts. */
export type Person = Omit<Principal, 'epoch'>;

/**
 * Everybody who may be signed in, as last read from their identity provider. Asked for each action, so a
 * change counts from the next one on.
 */
export class People {
  readonly #people = new Map<string, Principal>();
  #lastEpoch = 0;

  get(id: string): Principal | null {
    return this.#people.get(id) ?? null;
  }

  /** Keeps what an identity provider said; the epoch grows when anything changed. */
  put(person: Person): Principal {
    const known = this.#people.get(person.id);
    if (known !== undefined && isDeepStrictEqual({ ...person, epoch: known.epoch }, known)) return known;
    this.#lastEpoch += 1;
    const principal = { ...person, epoch: this.#lastEpoch };
    this.#people.set(person.id, principal);
    return principal;
  }

  remove(id: string): void {
    this.#people.delete(id);
  }
}
