import type { Duplex } from 'node:stream';

const MAX_QUEUED_CHUNKS = 4;

/** Up to here copying small parts into one costs less than a gathering write. */
const MAX_COPIED_BYTES = 16_384;

/** A duplex stream that is pulled: a stream that nobody reads from soon stops being read from the network. */
export class ByteChannel {
  readonly stream: Duplex;
  readonly #chunks: Buffer[] = [];
  #waiting: ((chunk: Buffer | null) => void) | null = null;
  #ended = false;
  #closed = false;
  readonly #drained: Array<() => void> = [];
  readonly #onClose: Array<() => void> = [];

  constructor(stream: Duplex) {
    this.stream = stream;
    stream.on('data', this.#onData);
    stream.on('end', this.#onEnd);
    stream.on('drain', this.#onDrain);
    stream.on('error', this.#onEnd);
    stream.on('close', this.#onClosed);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The next bytes, or null at the end of the stream. One reader at a time. */
  read(): Promise<Buffer | null> {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) {
      if (this.stream.isPaused()) this.stream.resume();
      return Promise.resolve(chunk);
    }
    if (this.#ended) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /** Writes all parts in one go. Null when more may be written, else a promise of that moment (or of the end). */
  write(parts: readonly Uint8Array[]): Promise<void> | null {
    if (this.#closed || !this.stream.writable) return null;
    this.#write(parts);
    if (!this.stream.writableNeedDrain) return null;
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  #write(parts: readonly Uint8Array[]): void {
    let bytes = 0;
    for (const part of parts) bytes += part.length;
    if (parts.length > 1 && bytes <= MAX_COPIED_BYTES) {
      this.stream.write(Buffer.concat(parts, bytes));
      return;
    }
    if (parts.length > 1) this.stream.cork();
    for (const part of parts) this.stream.write(part);
    if (parts.length > 1) this.stream.uncork();
  }

  /** Writes without asking for room: for the few messages outside of a result. */
  send(...parts: Uint8Array[]): void {
    void this.write(parts);
  }

  /** Calls back once when the stream is gone, whoever ended it. */
  onClose(listener: () => void): void {
    if (this.#closed) listener();
    else this.#onClose.push(listener);
  }

  /** Hands the bare stream on (to TLS). False when bytes were already read: they would be lost. */
  release(): boolean {
    this.stream.off('data', this.#onData);
    this.stream.off('end', this.#onEnd);
    this.stream.off('drain', this.#onDrain);
    this.stream.off('close', this.#onClosed);
    this.stream.pause();
    return this.#chunks.length === 0;
  }

  /** Sends what was written, then closes; `graceMs` later it is cut off. */
  end(graceMs = 1000): void {
    this.stream.end();
    // Nobody writes any more, and so nobody waits for room.
    this.#onDrain();
    const cut = setTimeout(() => this.stream.destroy(), graceMs);
    this.stream.once('close', () => clearTimeout(cut));
    if (this.#chunks.length > 0) this.#chunks.length = 0;
    this.stream.off('data', this.#onData);
    this.stream.resume();
  }

  destroy(): void {
    this.stream.destroy();
  }

  readonly #onData = (chunk: Buffer): void => {
    const waiting = this.#waiting;
    if (waiting !== null) {
      this.#waiting = null;
      waiting(chunk);
      return;
    }
    this.#chunks.push(chunk);
    if (this.#chunks.length >= MAX_QUEUED_CHUNKS) this.stream.pause();
  };

  readonly #onEnd = (): void => {
    this.#ended = true;
    this.#waiting?.(null);
    this.#waiting = null;
  };

  readonly #onDrain = (): void => {
    for (const resolve of this.#drained.splice(0)) resolve();
  };

  readonly #onClosed = (): void => {
    this.#closed = true;
    this.#onEnd();
    this.#onDrain();
    for (const listener of this.#onClose.splice(0)) listener();
  };
}
