import { Worker } from 'node:worker_threads';
import type { WorkerMessage, WorkerReply, WorkerRequest } from './worker-protocol.ts';

type DistributedOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
export type Ask = DistributedOmit<WorkerRequest, 'id'>;

type Waiting = {
  question: Ask;
  tries: number;
  deaths: number;
  resolve: (reply: WorkerReply | null) => void;
};

/** How often a request is given to a worker that others may end, */
const MAX_TRIES = 3;
/** and how often it may be the one at work when a worker dies: the first time it may be for want of memory. */
const MAX_DEATHS = 2;

/**
 * Keeps one worker alive. A request that kills two, or takes longer than `maxAnswerMs`, resolves to null. Those that
 * waited behind it are asked again of a fresh worker, which is taught again first; it comes behind them.
 */
export class WorkerHost {
  readonly #url: URL;
  readonly #maxAnswerMs: number;
  readonly #lessons: () => Ask[];
  readonly #onDeath: (why: string) => void;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #lastId = 0;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  /** `onDeath`: told what ended a worker, in words that hold nothing of what it was asked. */
  constructor(
    url: URL,
    lessons: () => Ask[],
    maxAnswerMs: number,
    onDeath: (why: string) => void = () => undefined,
  ) {
    this.#url = url;
    this.#lessons = lessons;
    this.#maxAnswerMs = maxAnswerMs;
    this.#onDeath = onDeath;
  }

  ask(question: Ask): Promise<WorkerReply | null> {
    if (this.#closed) return Promise.resolve(null);
    const worker = this.#worker ?? this.#start();
    return this.#post(worker, question);
  }

  /** Asks only when a worker runs; one that starts later is taught anyway. */
  tell(question: Ask): void {
    if (this.#worker !== null) void this.#post(this.#worker, question);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    for (const { resolve } of this.#abandon()) resolve(null);
    await worker?.terminate();
  }

  #post(worker: Worker, question: Ask): Promise<WorkerReply | null> {
    return new Promise((resolve) => this.#give(worker, { question, tries: 1, deaths: 0, resolve }));
  }

  #give(worker: Worker, waiting: Waiting): void {
    this.#lastId += 1;
    this.#waiting.set(this.#lastId, waiting);
    if (this.#waiting.size === 1) this.#watch(worker);
    worker.postMessage({ ...waiting.question, id: this.#lastId });
  }

  #start(): Worker {
    const worker = new Worker(this.#url, {
      resourceLimits: { stackSizeMb: 32, maxOldGenerationSizeMb: 1024 },
    });
    worker.unref();
    worker.on('message', ({ id, reply }: WorkerMessage) => this.#settle(worker, id, reply));
    worker.on('error', (error) => this.#drop(worker, 'died', reasonOf(error)));
    worker.on('exit', () => this.#drop(worker, 'died', 'it exited'));
    this.#worker = worker;
    for (const lesson of this.#lessons()) void this.#post(worker, lesson);
    return worker;
  }

  #settle(worker: Worker, id: number, reply: WorkerReply): void {
    this.#waiting.get(id)?.resolve(reply);
    this.#waiting.delete(id);
    this.#watch(worker);
  }

  /** While anybody waits the process must not end, and the answer must come in time. */
  #watch(worker: Worker): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#waiting.size === 0) {
      worker.unref();
      return;
    }
    worker.ref();
    this.#timer = setTimeout(() => this.#drop(worker, 'late', 'it took too long'), this.#maxAnswerMs);
  }

  #drop(worker: Worker, how: 'died' | 'late', why: string): void {
    if (this.#worker !== worker) return;
    if (!this.#closed) this.#onDeath(why);
    // It answers in order: the oldest is the one that it was working on.
    const [guilty, ...others] = this.#abandon();
    void worker.terminate();
    for (const waiting of others) {
      if (waiting.tries >= MAX_TRIES) waiting.resolve(null);
      else this.#give(this.#worker ?? this.#start(), { ...waiting, tries: waiting.tries + 1 });
    }
    if (guilty === undefined) return;
    const deaths = guilty.deaths + 1;
    if (how === 'late' || deaths >= MAX_DEATHS) guilty.resolve(null);
    else this.#give(this.#worker ?? this.#start(), { ...guilty, deaths });
  }

  #abandon(): Waiting[] {
    this.#worker = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    return waiting;
  }
}

/** An error's message may quote the statement; its code or name does not. */
function reasonOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
