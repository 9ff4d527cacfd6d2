import type { ByteChannel } from '../byte-channel.ts';

/** Bytes for the client in order, and the records that must be on disk before they are released. */
export class Release {
  readonly parts: Uint8Array[] = [];
  readonly barriers: Array<Promise<void>> = [];
  #bytes: Buffer | null = null;
  #start = 0;
  #end = 0;

  /** Adds `bytes[start, end)` without copying; neighbours become one part. */
  forward(bytes: Buffer, start: number, end: number): void {
    if (bytes === this.#bytes && start === this.#end) {
      this.#end = end;
      return;
    }
    this.#settle();
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
  }

  add(bytes: Uint8Array): void {
    this.#settle();
    this.parts.push(bytes);
  }

  finish(): this {
    this.#settle();
    return this;
  }

  #settle(): void {
    if (this.#bytes === null) return;
    this.parts.push(this.#bytes.subarray(this.#start, this.#end));
    this.#bytes = null;
  }
}

/** The one way to a client: releases go out in the order in which they were given. */
export class Outbox {
  readonly #channel: ByteChannel;
  #last: Promise<void> = Promise.resolve();
  /** Releases that were given and have not gone out. */
  #waiting = 0;

  constructor(channel: ByteChannel) {
    this.#channel = channel;
  }

  /**
   * Null when the client may be sent more, else a promise of that moment.
   * @throws SluiceError `record.unavailable` when a record could not be kept: nothing of it was released.
   */
  release(release: Release): Promise<void> | null {
    const { parts, barriers } = release.finish();
    if (this.#waiting === 0 && barriers.length === 0) {
      return parts.length === 0 ? null : this.#channel.write(parts);
    }
    this.#waiting += 1;
    const sent = this.#send(this.#last, parts, barriers);
    this.#last = sent.catch(() => undefined);
    return sent;
  }

  /** Resolves when the client may be sent more. */
  send(...parts: Uint8Array[]): Promise<void> {
    const release = new Release();
    for (const part of parts) release.add(part);
    return this.release(release) ?? Promise.resolve();
  }

  /** Resolves when all that was given has gone out, or can't. */
  settled(): Promise<void> {
    return this.#last;
  }

  async #send(before: Promise<void>, parts: Uint8Array[], barriers: Array<Promise<void>>): Promise<void> {
    try {
      if (this.#waiting > 1) await before;
      // What began and ended in one group of records waits for one write.
      const [first] = barriers;
      if (barriers.every((barrier) => barrier === first)) await first;
      else await Promise.all(barriers);
    } finally {
      this.#waiting -= 1;
    }
    if (parts.length === 0) return;
    const room = this.#channel.write(parts);
    if (room !== null) await room;
  }
}
