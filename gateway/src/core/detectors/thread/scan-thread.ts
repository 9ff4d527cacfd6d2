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
export type ScannedText = {
  /** The next piece, in parts; of `PIECE_BYTES` at most. What is settled by it is told once. */
  push(parts: readonly Uint8Array[]): void;
  end(): void;
  drop(): void;
};

/** So much is sent at once. */
export const PIECE_BYTES = 256 * 1024;
/** So many buffers are kept for pieces to come. */
const MAX_SPARE = 8;

/**
 * A thread that looks through long texts, so that whoever carries them need not. It is begun when it is first needed and
 * keeps nobody from ending; one that dies is replaced, and its texts fail.
 */
export class ScanThread {
  #worker: Worker | null = null;
  #lastText = 0;
  readonly #texts = new Map<number, TextEvents>();
  /** Buffers that have come back. */
  readonly #spare: ArrayBuffer[] = [];

  begin(wanted: readonly Wanted[], events: TextEvents): ScannedText {
    this.#lastText += 1;
    const text = this.#lastText;
    this.#texts.set(text, events);
    this.#send({ text, kind: 'begin', wanted: wanted.map(plain) });
    return {
      push: (parts) => {
        if (!this.#texts.has(text)) return;
        // New ones would cost more than what is done with them.
        const buffer = this.#spare.pop() ?? new ArrayBuffer(PIECE_BYTES);
        const length = copyInto(buffer, parts);
        this.#send({ text, kind: 'piece', buffer, length }, [buffer]);
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
    worker.on('message', ({ text, of, bytes, counts, isLast, buffer }: FromThread) => {
      if (buffer !== null && this.#spare.length < MAX_SPARE) this.#spare.push(buffer);
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

/** Gives how many bytes there are. */
function copyInto(buffer: ArrayBuffer, parts: readonly Uint8Array[]): number {
  const bytes = new Uint8Array(buffer);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return at;
}
