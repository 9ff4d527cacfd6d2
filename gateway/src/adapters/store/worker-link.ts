import { Worker } from 'node:worker_threads';
import { assertNever } from '../../../contract/assert-never.ts';
import { type ErrorBody, SluiceError } from '../../../contract/error.ts';
import { Batch } from './batch.ts';
import type { Answer, Ask, FromStore, ToStore, Write } from './messages.ts';

type Waiting<Value> = { resolve: (value: Value) => void; reject: (why: SluiceError) => void };

/** Found beside this file when run from source, and beside the bundle when bundled. */
const SCRIPT = import.meta.url.endsWith('.ts') ? './store-worker.ts' : './store-worker.mjs';

const MAX_PATIENCE_MS = 1;

/**
 * The gateway's end of the store's thread. Group commit: while one batch is being written, what arrives waits,
 * and all of it is the next batch. Once anything failed everything is refused, for good.
 */
export class WorkerLink {
  readonly #worker: Worker;
  readonly #ready = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  readonly #asked = new Map<number, Waiting<Answer>>();
  #nextAsk = 0;
  #queued = new Batch();
  /** Batches on their way; at most one, but for a close. */
  #writing: Batch[] = [];
  /** Whether anybody in the queue waits for a flush, rather than for company. */
  #urgent = false;
  #patience: NodeJS.Timeout | undefined;
  #failure: SluiceError | null = null;

  readonly #onFailure: (why: SluiceError) => void;

  /** `onFailure` is called once, when the store can keep nothing more. */
  constructor(dir: string, now: Date, onFailure: (why: SluiceError) => void) {
    this.#onFailure = onFailure;
    this.#ready.promise.catch(() => undefined);
    this.#worker = new Worker(new URL(SCRIPT, import.meta.url), {
      workerData: { dir, now },
      name: 'sluice-store',
    });
    this.#worker.on('message', (message: FromStore) => this.#receive(message));
    this.#worker.on('error', (error) => this.#fail(threadEnded(error.message)));
    this.#worker.on('exit', () => {
      this.#fail(threadEnded('it exited'));
      this.#closed.resolve();
    });
  }

  /** Resolves when the database is open, migrated and recovered. */
  ready(): Promise<void> {
    return this.#ready.promise;
  }

  /**
   * Resolves when the write is on disk. One that is not urgent waits a moment for others to share its fsync: a
   * short statement's opening and closing then cost one and not two.
   */
  write(write: Write, urgency: 'now' | 'soon'): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const kept = this.#queued.add(write);
    if (urgency === 'soon') this.#patience ??= setTimeout(() => this.#becomeUrgent(), MAX_PATIENCE_MS);
    else this.#becomeUrgent();
    return kept;
  }

  ask(ask: Ask): Promise<Answer> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const id = this.#nextAsk++;
    this.#asked.set(id, { resolve, reject });
    this.#send({ type: 'ask', id, ask });
    return promise;
  }

  /** Writes what waits, then ends the thread. */
  async close(): Promise<void> {
    if (this.#failure === null) {
      this.#flush();
      this.#send({ type: 'close' });
    }
    await this.#closed.promise;
  }

  #becomeUrgent(): void {
    if (this.#urgent) return;
    this.#urgent = true;
    // What the same turn of the event loop still brings goes into the same batch.
    if (this.#writing.length === 0) setImmediate(() => this.#flush());
  }

  #flush(): void {
    const { writes } = this.#queued;
    if (writes.length === 0 || this.#failure !== null) return;
    this.#writing.push(this.#queued);
    this.#send({ type: 'write', writes });
    this.#queued = new Batch();
    this.#urgent = false;
    clearTimeout(this.#patience);
    this.#patience = undefined;
  }

  #receive(message: FromStore): void {
    switch (message.type) {
      case 'ready':
        this.#ready.resolve();
        return;
      case 'written':
        this.#writing.shift()?.resolve();
        if (this.#urgent) this.#flush();
        return;
      case 'answer':
        this.#settle(message.id)?.resolve(message.answer);
        return;
      case 'refused':
        this.#settle(message.id)?.reject(fromBody(message.error));
        return;
      case 'broken':
        this.#fail(fromBody(message.error));
        return;
      default:
        assertNever(message);
    }
  }

  #settle(id: number): Waiting<Answer> | undefined {
    const waiting = this.#asked.get(id);
    this.#asked.delete(id);
    return waiting;
  }

  #fail(why: SluiceError): void {
    if (this.#failure !== null) return;
    this.#failure = why;
    this.#ready.reject(why);
    const everybody = [...this.#writing, this.#queued, ...this.#asked.values()];
    for (const waiting of everybody) waiting.reject(why);
    this.#writing = [];
    this.#queued = new Batch();
    this.#asked.clear();
    this.#onFailure(why);
  }

  #send(message: ToStore): void {
    this.#worker.postMessage(message);
  }
}

function fromBody({ code, message, next }: ErrorBody): SluiceError {
  return new SluiceError(code, message, next);
}

function threadEnded(why: string): SluiceError {
  return new SluiceError(
    'record.unavailable',
    `The record can't be kept: its thread has ended (${why}). Nothing runs unrecorded.`,
    'Restart the gateway; its log says more.',
  );
}
