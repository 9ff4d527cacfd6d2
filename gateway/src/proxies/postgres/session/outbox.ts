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

  constructor(channel: ByteChannel) {
    this.#channel = channel;
  }

  /**
   * Resolves when the client may be sent more.
   * @throws SluiceError `record.unavailable` when a record could not be kept: nothing of it was released.
   */
  release(release: Release): Promise<void> {
    const { parts, barriers } = release.finish();
    const sent = this.#send(this.#last, parts, barriers);
    this.#last = sent.catch(() => undefined);
    return sent;
  }

  send(...parts: Uint8Array[]): Promise<void> {
    const release = new Release();
    for (const part of parts) release.add(part);
    return this.release(release);
  }

  async #send(before: Promise<void>, parts: Uint8Array[], barriers: Array<Promise<void>>): Promise<void> {
    await before;
    if (barriers.length > 0) await Promise.all(barriers);
    if (parts.length > 0) await this.#channel.write(parts);
  }
}
