import { Worker } from 'node:worker_threads';
import { SluiceError } from '../../contract/error.ts';
import type { DraftReport } from '../../contract/policy-draft.ts';
import type { PolicyFile } from '../../contract/policy-endpoints.ts';
import type { PolicyDrafts, WantedPart } from '../core/policy/drafts/drafts.ts';
import type { Part } from '../core/policy/drafts/part.ts';
import type { FromThread, ToThread } from './messages.ts';

/** Found beside this file when run from source, and beside the bundle when bundled. */
const SCRIPT = import.meta.url.endsWith('.ts') ? './thread.ts' : './policy-drafts.mjs';

/** Below what clients wait for an answer. */
const MAX_ANSWER_MS = 15_000;
const IDLE_MS = 5 * 60_000;

type Limits = { maxAnswerMs: number; idleMs: number };

/**
 * Asks a thread about drafts, one question after another. It is begun when it is first needed; a question that takes too
 * long, or more memory than there should be need of, ends it, and is refused.
 */
export class DraftThread implements PolicyDrafts {
  readonly #limits: Limits;
  #worker: Worker | null = null;
  #waiting: PromiseWithResolvers<FromThread> | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  constructor(limits: Limits = { maxAnswerMs: MAX_ANSWER_MS, idleMs: IDLE_MS }) {
    this.#limits = limits;
  }

  async check(documents: readonly PolicyFile[], signal: AbortSignal): Promise<DraftReport> {
    const reply = await this.#ask({ kind: 'check', documents }, signal);
    if (reply.kind === 'checked') return reply.report;
    throw failed(reply);
  }

  async partAt(wanted: WantedPart, signal: AbortSignal): Promise<Part | { problem: string }> {
    const reply = await this.#ask({ kind: 'part', wanted }, signal);
    if (reply.kind === 'part') return reply.part;
    throw failed(reply);
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  /** `signal`: nobody wants the answer any more, and it need not be looked for. */
  #ask(message: ToThread, signal: AbortSignal): Promise<FromThread> {
    const mine = this.#last.then(() => {
      // Nobody reads it: the one who asked has gone.
      if (signal.aborted) throw new SluiceError('statement.cancelled', 'The question was taken back.');
      return this.#answer(message);
    });
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  async #answer(message: ToThread): Promise<FromThread> {
    clearTimeout(this.#idle);
    const worker = this.#worker ?? this.#start();
    const answer = Promise.withResolvers<FromThread>();
    this.#waiting = answer;
    const clock = setTimeout(() => this.#lost(worker), this.#limits.maxAnswerMs);
    worker.postMessage(message);
    try {
      return await answer.promise;
    } finally {
      clearTimeout(clock);
      this.#waiting = null;
      this.#idle = setTimeout(() => void this.close(), this.#limits.idleMs).unref();
    }
  }

  #start(): Worker {
    const worker = new Worker(new URL(SCRIPT, import.meta.url), {
      name: 'sluice-policy-drafts',
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    });
    worker.unref();
    worker.on('message', (reply: FromThread) => this.#waiting?.resolve(reply));
    worker.on('error', () => this.#lost(worker));
    worker.on('exit', () => this.#lost(worker));
    this.#worker = worker;
    return worker;
  }

  #lost(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#waiting?.reject(tooMuch());
    void this.close();
  }
}

function tooMuch(): SluiceError {
  return new SluiceError(
    'request.invalid',
    'The draft of the policy could not be judged: it takes too long, or more memory than there is for it.',
    'Make it smaller; `sluice policy check PATH` and `sluice policy test PATH` have no such bounds.',
  );
}

function failed(reply: FromThread): SluiceError {
  const why = reply.kind === 'failed' ? reply.why : `it answered "${reply.kind}"`;
  return new SluiceError('internal.fault', `The draft of the policy could not be judged: ${why}.`);
}
