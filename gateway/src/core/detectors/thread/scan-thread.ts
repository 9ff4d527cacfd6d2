import { Worker } from 'node:worker_threads';
import type { Wanted } from '../detector-set.ts';
import type { FromThread, ToThread } from './messages.ts';

/** Found beside this file when run from source, and beside the bundle when bundled. */
const SCRIPT = import.meta.url.endsWith('.ts') ? './thread.ts' : './scan-thread.mjs';

export type TextEvents = {
  /** So many bytes of the text are settled; `bytes` leave in their place, or they themselves where it is null. */
  settled(of: number, bytes: Uint8Array | null, isLast: boolean): void;
  /** How often each detector has found something until now. */
  found(counts: FromThread['counts']): void;
  /** Nothing of the text will be settled any more: it must not go on. */
  failed(why: Error): void;
};

/** One text that the thread looks through. */
export type ScannedText = { push(piece: Uint8Array): void; end(): void; drop(): void };

/**
 * A thread that looks through long texts, so that whoever carries them need not. It is begun when it is first needed and
 * keeps nobody from ending; one that dies is replaced, and its texts fail.
 */
export class ScanThread {
  #worker: Worker | null = null;
  #lastText = 0;
  readonly #texts = new Map<number, TextEvents>();

  begin(wanted: readonly Wanted[], events: TextEvents): ScannedText {
    this.#lastText += 1;
    const text = this.#lastText;
    this.#texts.set(text, events);
    this.#send({ text, kind: 'begin', wanted: wanted.map(plain) });
    return {
      push: (piece) => {
        if (!this.#texts.has(text)) return;
        // The library's buffers are parts of larger ones, which would be sent whole.
        const bytes = new Uint8Array(piece);
        this.#send({ text, kind: 'piece', bytes }, [bytes.buffer]);
      },
      end: () => {
        if (this.#texts.has(text)) this.#send({ text, kind: 'end' });
      },
      drop: () => {
        if (this.#texts.delete(text)) this.#send({ text, kind: 'drop' });
      },
    };
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #send(message: ToThread, transfer: ArrayBuffer[] = []): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(message, transfer);
  }

  #start(): Worker {
    const worker = new Worker(new URL(SCRIPT, import.meta.url), { name: 'sluice-scan' });
    worker.unref();
    worker.on('message', ({ text, of, bytes, counts, isLast }: FromThread) => {
      const events = this.#texts.get(text);
      if (counts.length > 0) events?.found(counts);
      if (isLast) this.#texts.delete(text);
      events?.settled(of, bytes, isLast);
    });
    worker.on('error', (error) => this.#lost(worker, error));
    worker.on('exit', () => this.#lost(worker, new Error('the thread that looks through texts has ended')));
    return worker;
  }

  #lost(worker: Worker, why: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    const lost = [...this.#texts.values()];
    this.#texts.clear();
    for (const events of lost) events.failed(why);
  }
}

const plain = ({ detect, patterns, replace }: Wanted): Wanted => ({ detect, patterns, replace });
