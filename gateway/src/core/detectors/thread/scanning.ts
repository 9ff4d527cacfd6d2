import { Duplex } from 'node:stream';
import type { Wanted } from '../detector-set.ts';
import type { Counts } from '../redact.ts';
import type { ScannedText, ScanThread } from './scan-thread.ts';

type Done = (error?: Error | null) => void;

/** So much is under way at most. */
const MAX_AWAY_BYTES = 1024 * 1024;

/**
 * Lets a text through with what detectors find replaced; a thread looks for it. Fails when the thread does.
 * @param counts how often each detector found something, kept up to date
 */
export class Scanning extends Duplex {
  readonly #text: ScannedText;
  /** What was sent and is not settled yet, in its order. */
  readonly #away: Buffer[] = [];
  #awayBytes = 0;
  #whenLess: Done | null = null;
  #whenDone: Done | null = null;

  constructor(thread: ScanThread, wanted: readonly Wanted[], counts: Counts) {
    super();
    this.#text = thread.begin(wanted, {
      settled: (of, bytes, isLast) => this.#settled(of, bytes, isLast),
      found: (found) => {
        for (const [name, count] of found) counts.set(name, count);
      },
      failed: (why) => this.destroy(why),
    });
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#away.push(chunk);
    this.#awayBytes += chunk.byteLength;
    this.#text.push(chunk);
    this.#whenLess = done;
    this.#goOn();
  }

  override _read(): void {
    this.#goOn();
  }

  override _final(done: Done): void {
    this.#whenDone = done;
    this.#text.end();
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#text.drop();
    done(error);
  }

  debug() {
    return [this.#awayBytes, this.#away.length, this.#whenLess !== null];
  }
  /** Takes more, unless enough is away or nobody takes what has come back. */
  #goOn(): void {
    const done = this.#whenLess;
    if (this.#awayBytes >= MAX_AWAY_BYTES || this.readableLength >= MAX_AWAY_BYTES) return;
    this.#whenLess = null;
    done?.();
  }

  #settled(of: number, bytes: Uint8Array | null, isLast: boolean): void {
    if (this.destroyed) return;
    const raw = this.#take(of, bytes === null);
    for (const piece of raw) this.push(piece);
    if (bytes !== null && bytes.byteLength > 0) this.push(bytes);
    this.#goOn();
    if (!isLast) return;
    this.push(null);
    this.#whenDone?.();
  }

  /** Takes so many bytes off what is away; gives them where they are wanted. */
  #take(count: number, isWanted: boolean): Buffer[] {
    const taken: Buffer[] = [];
    for (let left = count; left > 0; ) {
      const first = this.#away.shift();
      if (first === undefined) break;
      const piece = first.subarray(0, left);
      if (piece.byteLength < first.byteLength) this.#away.unshift(first.subarray(left));
      if (isWanted) taken.push(piece);
      left -= piece.byteLength;
      this.#awayBytes -= piece.byteLength;
    }
    return taken;
  }
}
