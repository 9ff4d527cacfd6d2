import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { assertNever } from '../../../../contract/assert-never.ts';
import { BUSY_MS } from '../database.ts';
import type { AuditAsk } from '../messages.ts';
import { type PurgeOrder, type PurgeParts, PurgeRun } from './purge.ts';
import { PurgeEnd } from './purge-end.ts';

const TRIES = 20;
const PAUSE_MS = 100;
const Emptied = z.object({ busy: z.int() });

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

  /** Brings a purge that was interrupted to its end, where there is one. */
  resume(): Promise<void> {
    const done = this.#purged.then(() => this.#finish(new PurgeEnd(this.#parts)));
    this.#purged = done.catch(() => undefined);
    return done;
  }

  /** A purge under way goes no further: the next one takes what it left, and the next start ends what it began. */
  close(): void {
    this.#isClosed = true;
  }

  async #run(order: PurgeOrder): Promise<number> {
    if (this.#isClosed) return 0;
    const run = new PurgeRun(this.#parts, order);
    await this.#inSteps(run);
    await this.#finish(run.end);
    return run.count;
  }

  async #finish(end: PurgeEnd): Promise<void> {
    await this.#inSteps(end);
    if (this.#isClosed || !end.isDue) return;
    if (await this.#emptyWriteAheadLog()) end.done();
  }

  async #inSteps(work: { next(): boolean }): Promise<void> {
    while (!this.#isClosed && work.next()) await new Promise((resolve) => setImmediate(resolve));
  }

  /**
   * Pages as they were before stand in it. Whoever reads the log holds it: it is tried a few times, and closing empties it.
   * Says whether it is empty.
   */
  async #emptyWriteAheadLog(): Promise<boolean> {
    const { raw } = this.#parts;
    for (let tries = 0; tries < TRIES && !this.#isClosed; tries++) {
      raw.exec('pragma busy_timeout = 0');
      const { busy } = Emptied.parse(raw.prepare('pragma wal_checkpoint(truncate)').get());
      raw.exec(`pragma busy_timeout = ${BUSY_MS}`);
      if (busy === 0) return true;
      await setTimeout(PAUSE_MS, undefined, { ref: false });
    }
    return false;
  }
}
