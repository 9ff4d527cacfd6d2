import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseCheckpoint } from '../../../core/audit/checkpoint.ts';
import { writeDurably } from '../durable-file.ts';

const EVERY_MS = 10_000;
const MAX_RETRY_MS = 300_000;
const TIMEOUT_MS = 10_000;

export type WitnessOptions = {
  /** A folder, or an https URL below which each checkpoint is PUT by its size. */
  where: string;
  /** One sentence for whoever runs the gateway. */
  tell(line: string): void;
  everyMs?: number;
  send?: typeof fetch;
};

/**
 * Hands checkpoints to somebody who keeps them elsewhere: whoever changes the log then would have to change them there
 * too. The newest one at a time, for it covers all before it. One that is not taken is tried again, and holds nothing up.
 */
export class Witness {
  readonly #options: WitnessOptions;
  #timer: NodeJS.Timeout | undefined;
  #newest: string | null = null;
  #handed: Promise<void> | null = null;
  #handedAtMs = Number.NEGATIVE_INFINITY;
  #failures = 0;

  constructor(options: WitnessOptions) {
    this.#options = options;
  }

  take(checkpoint: string): void {
    const isFirst = this.#newest === null;
    this.#newest = checkpoint;
    if (!isFirst || this.#handed !== null) return;
    const { everyMs = EVERY_MS } = this.#options;
    this.#again(Math.max(0, this.#handedAtMs + everyMs - performance.now()));
  }

  /** Tries once more to hand over what waits. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#handed;
    this.#hand();
    await this.#handed;
    clearTimeout(this.#timer);
  }

  #hand(): void {
    const checkpoint = this.#newest;
    if (checkpoint === null || this.#handed !== null) return;
    this.#newest = null;
    this.#handedAtMs = performance.now();
    this.#handed = this.#send(checkpoint).then(
      () => this.#done(null, checkpoint),
      (error: unknown) => this.#done(error instanceof Error ? error.message : String(error), checkpoint),
    );
  }

  #done(why: string | null, checkpoint: string): void {
    const { where, tell, everyMs = EVERY_MS } = this.#options;
    this.#handed = null;
    if (why === null) {
      if (this.#failures > 0) tell(`The witness ${where} takes checkpoints again.`);
      this.#failures = 0;
    } else {
      this.#newest ??= checkpoint;
      if (this.#failures === 0)
        tell(`The witness ${where} did not take a checkpoint (${why}); it is tried again.`);
      this.#failures += 1;
    }
    if (this.#newest !== null) this.#again(Math.min(MAX_RETRY_MS, everyMs * 2 ** this.#failures));
  }

  #again(ms: number): void {
    this.#timer = setTimeout(() => this.#hand(), ms).unref();
  }

  async #send(checkpoint: string): Promise<void> {
    const { where, send = fetch } = this.#options;
    const parsed = parseCheckpoint(checkpoint);
    if (parsed === null) throw new Error('it is no checkpoint');
    const name = `${parsed.checkpoint.origin.replaceAll(/[^\w.-]/g, '-')}-${parsed.checkpoint.size}`;
    if (!/^https?:/.test(where)) {
      mkdirSync(where, { recursive: true, mode: 0o700 });
      if (!existsSync(join(where, name))) writeDurably(join(where, name), checkpoint);
      return;
    }
    const reply = await send(`${where.replace(/\/$/, '')}/${name}`, {
      method: 'PUT',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: checkpoint,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!reply.ok) throw new Error(`it answered ${reply.status}`);
  }
}
