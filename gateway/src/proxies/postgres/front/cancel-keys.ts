import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

/** What a client was given in BackendKeyData: the gateway's own, never the target's. */
export type CancelKey = { processId: number; secret: Uint8Array };

type Cancel = () => Promise<void>;
type Entry = { secret: Uint8Array; cancel: Cancel };

/** Maps a CancelRequest to the session that it names. Unknown and wrong keys are ignored, like the server does. */
export class CancelKeys {
  readonly #entries = new Map<number, Entry>();

  /** `secretBytes` is 4 for protocol 3.0 and 32 for 3.2. */
  issue(secretBytes: number, cancel: Cancel): CancelKey {
    let processId = randomInt(1, 2 ** 31 - 1);
    while (this.#entries.has(processId)) processId = randomInt(1, 2 ** 31 - 1);
    const secret = randomBytes(secretBytes);
    this.#entries.set(processId, { secret, cancel });
    return { processId, secret };
  }

  revoke(key: CancelKey): void {
    this.#entries.delete(key.processId);
  }

  /** Resolves when the server was told. */
  async cancel(processId: number, secret: Uint8Array): Promise<void> {
    const entry = this.#entries.get(processId);
    if (entry === undefined || entry.secret.byteLength !== secret.byteLength) return;
    if (timingSafeEqual(entry.secret, secret)) await entry.cancel();
  }
}
