import { Duplex } from 'node:stream';
import type { Wanted } from '../detector-set.ts';
import type { Counts } from '../redact.ts';
import { PIECE_BYTES, type ScannedText, type ScanThread } from './scan-thread.ts';

type Done = (error?: Error | null) => void;

/** So much is under way at most. */
const MAX_AWAY_BYTES = 1024 * 1024;
/** While a piece is being looked through, the next one waits to become so long. */
const WORTH_BYTES = PIECE_BYTES / 2;

/**
 * Lets a text through with what detectors find replaced; a thread looks for it. Fails when the thread does. What comes
 * while the thread is busy is sent to it together, and leaves in the pieces that it came in.
 * @param counts how often each detector found something, kept up to date
 */
export class Scanning extends Duplex {
  readonly #text: ScannedText;
  /** What came and has not left yet, in its order. */
  readonly #here: Buffer[] = [];
  #hereBytes = 0;
  /** The last ones of these are not sent yet. */
  #unsent: Buffer[] = [];
  #unsentBytes = 0;
  /** Pieces that are not answered yet. */
  #asked = 0;
  /** So many bytes of what is here may leave as they are. */
  #settledBytes = 0;
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
    for (let at = 0; at < chunk.byteLength; at += PIECE_BYTES)
      this.#take(chunk.subarray(at, at + PIECE_BYTES));
    if (this.#asked === 0) this.#send();
    this.#whenLess = done;
    this.#goOn();
  }

  override _read(): void {
    this.#goOn();
  }

  override _final(done: Done): void {
    this.#whenDone = done;
    this.#send();
    this.#text.end();
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#text.drop();
    done(error);
  }

  /** @param part of `PIECE_BYTES` at most */
  #take(part: Buffer): void {
    if (this.#unsentBytes + part.byteLength > PIECE_BYTES) this.#send();
    this.#here.push(part);
    this.#hereBytes += part.byteLength;
    this.#unsent.push(part);
    this.#unsentBytes += part.byteLength;
    if (this.#unsentBytes >= WORTH_BYTES) this.#send();
  }

  #send(): void {
    if (this.#unsentBytes === 0) return;
    this.#text.push(this.#unsent);
    this.#asked += 1;
    this.#unsent = [];
    this.#unsentBytes = 0;
  }

  /** Takes more, unless enough is here or nobody takes what has left. */
  #goOn(): void {
    const done = this.#whenLess;
    if (this.#hereBytes >= MAX_AWAY_BYTES || this.readableLength >= MAX_AWAY_BYTES) return;
    this.#whenLess = null;
    done?.();
  }

  #settled(of: number, bytes: Uint8Array | null, isLast: boolean): void {
    if (this.destroyed) return;
    this.#asked -= 1;
    if (bytes === null) this.#settledBytes += of;
    else this.#replace(of, bytes);
    this.#send();
    this.#leave(this.#asked <= 0);
    this.#goOn();
    if (!isLast) return;
    this.push(null);
    this.#whenDone?.();
  }

  /** Lets settled bytes go before those that something stands in place of. */
  #replace(of: number, bytes: Uint8Array): void {
    this.#leave(true);
    for (let left = of; left > 0; ) left -= this.#shift(left)?.byteLength ?? left;
    if (bytes.byteLength > 0) this.push(bytes);
  }

  /** What is settled of a piece waits for the rest of it, which is about to be: cut in two, it would cost twice. */
  #leave(inPart: boolean): void {
    for (;;) {
      const next = this.#here[0];
      if (next === undefined || this.#settledBytes === 0) return;
      if (!inPart && next.byteLength > this.#settledBytes) return;
      const piece = this.#shift(this.#settledBytes);
      if (piece === null) return;
      this.#settledBytes -= piece.byteLength;
      this.push(piece);
    }
  }

  /** The first bytes of what is here, as many as are in one piece and at most so many. */
  #shift(most: number): Buffer | null {
    const first = this.#here.shift();
    if (first === undefined) return null;
    const piece = first.subarray(0, most);
    if (piece.byteLength < first.byteLength) this.#here.unshift(first.subarray(most));
    this.#hereBytes -= piece.byteLength;
    return piece;
  }
}
