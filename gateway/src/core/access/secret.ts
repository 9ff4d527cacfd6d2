import { inspect } from 'node:util';

const SHOWN = '<secret>';

/** A value that never prints, serialises or logs itself. `reveal()` is the one greppable way out. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}
