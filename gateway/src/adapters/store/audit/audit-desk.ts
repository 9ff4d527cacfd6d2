import { assertNever } from '../../../../contract/assert-never.ts';
import type { AuditAsk } from '../messages.ts';
import { type PurgeOrder, type PurgeParts, PurgeRun } from './purge.ts';

/** Does, in the store's thread, what administrators do to the log as a whole. Purges take turns. */
export class AuditDesk {
  readonly #parts: PurgeParts;
  #isClosed = false;
  #purged: Promise<unknown> = Promise.resolve();

  constructor(parts: PurgeParts) {
    this.#parts = parts;
  }

  async do(ask: AuditAsk): Promise<string> {
    const { checkpoints } = this.#parts;
    switch (ask.type) {
      case 'rotateKey':
        return checkpoints.rotate(ask.by);
      case 'purge':
        return String(await this.purge(ask.order));
      case 'checkpoint':
        checkpoints.catchUp();
        return checkpoints.newest;
      default:
        return assertNever(ask);
    }
  }

  /** Resolves with how many contents are gone. */
  purge(order: PurgeOrder): Promise<number> {
    const done = this.#purged.then(() => this.#run(order));
    this.#purged = done.catch(() => undefined);
    return done;
  }

  /** A purge under way goes no further; the next one takes what it left. */
  close(): void {
    this.#isClosed = true;
  }

  async #run(order: PurgeOrder): Promise<number> {
    if (this.#isClosed) return 0;
    const run = new PurgeRun(this.#parts, order);
    while (!this.#isClosed && run.next()) await new Promise((resolve) => setImmediate(resolve));
    return run.count;
  }
}
