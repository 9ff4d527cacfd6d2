import { Worker } from 'node:worker_threads';
import { assertNever } from '../../../contract/assert-never.ts';
import { type ErrorBody, SluiceError } from '../../../contract/error.ts';
import type { Position } from './journal/files.ts';
import type { Answer, Ask, FromStore, ToStore } from './messages.ts';

type Waiting<Value> = { resolve: (value: Value) => void; reject: (why: SluiceError) => void };

/** Found beside this file when run from source, and beside the bundle when bundled. */
const SCRIPT = import.meta.url.endsWith('.ts') ? './store-worker.ts' : './store-worker.mjs';

export type WorkerLinkOptions = {
  dir: string;
  now: Date;
  segmentBytes: number;
  /** After how many days records are purged; null: never. */
  retentionDays: number | null;
  onCheckpoint: (checkpoint: string) => void;
  tell: (line: string) => void;
  /** Called once, when the store can keep nothing more. */
  onFailure: (why: SluiceError) => void;
};

/** With which segment the journal goes on, and behind which millisecond ids do; null where there are none. */
export type Begins = { segment: number; newestMs: number | null };

/** The gateway's end of the store's thread. Once anything failed everything is refused, for good. */
export class WorkerLink {
  readonly #worker: Worker;
  readonly #onFailure: (why: SluiceError) => void;
  readonly #onCheckpoint: (checkpoint: string) => void;
  readonly #tell: (line: string) => void;
  readonly #ready = Promise.withResolvers<Begins>();
  readonly #closed = Promise.withResolvers<void>();
  readonly #asked = new Map<number, Waiting<Answer>>();
  readonly #importing: Waiting<number>[] = [];
  #nextAsk = 0;
  #failure: SluiceError | null = null;

  constructor({ onFailure, onCheckpoint, tell, ...workerData }: WorkerLinkOptions) {
    this.#onFailure = onFailure;
    this.#onCheckpoint = onCheckpoint;
    this.#tell = tell;
    this.#ready.promise.catch(() => undefined);
    this.#worker = new Worker(new URL(SCRIPT, import.meta.url), { workerData, name: 'sluice-store' });
    this.#worker.on('message', (message: FromStore) => this.#receive(message));
    this.#worker.on('error', (error) => this.fail(threadEnded(error.message)));
    this.#worker.on('exit', () => {
      this.fail(threadEnded('it exited'));
      this.#closed.resolve();
    });
  }

  /** Resolves when the database is open, migrated and recovered. */
  ready(): Promise<Begins> {
    return this.#ready.promise;
  }

  ask(ask: Ask): Promise<Answer> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const id = this.#nextAsk++;
    this.#asked.set(id, { resolve, reject });
    this.#send({ type: 'ask', id, ask });
    return promise;
  }

  /** Resolves when all of the journal up to here is in the database, with the segment that was reached. */
  importUpTo(upTo: Position): Promise<number> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#importing.push({ resolve, reject });
    this.#send({ type: 'import', upTo });
    return promise;
  }

  /** Ends the thread after what was asked of it. */
  async close(): Promise<void> {
    if (this.#failure === null) this.#send({ type: 'close' });
    await this.#closed.promise;
  }

  /** Refuses everything from here on. */
  fail(why: SluiceError): void {
    if (this.#failure !== null) return;
    this.#failure = why;
    this.#ready.reject(why);
    for (const waiting of [...this.#asked.values(), ...this.#importing]) waiting.reject(why);
    this.#asked.clear();
    this.#importing.length = 0;
    this.#onFailure(why);
  }

  #receive(message: FromStore): void {
    switch (message.type) {
      case 'ready':
        this.#ready.resolve(message);
        return;
      case 'imported':
        this.#importing.shift()?.resolve(message.segment);
        return;
      case 'signed':
        this.#onCheckpoint(message.checkpoint);
        return;
      case 'told':
        this.#tell(message.line);
        return;
      case 'answer':
        this.#settle(message.id)?.resolve(message.answer);
        return;
      case 'refused':
        this.#settle(message.id)?.reject(fromBody(message.error));
        return;
      case 'broken':
        this.fail(fromBody(message.error));
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
