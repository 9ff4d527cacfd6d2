import type { Socket } from 'node:net';

/**
 * Connections that have not logged in yet, so many at most. A new one takes the place of the oldest of those that have
 * said nothing, or else of the oldest: whoever holds connections open keeps nobody out.
 */
export class StartUps {
  readonly #max: number;
  readonly #silent = new Set<Socket>();
  readonly #speaking = new Set<Socket>();

  constructor(max: number) {
    this.#max = max;
  }

  add(socket: Socket): void {
    if (this.#silent.size + this.#speaking.size >= this.#max) this.#makeRoom();
    this.#silent.add(socket);
  }

  /** It has said which software it is (RFC 4253 section 4.2). */
  spoke(socket: Socket): void {
    if (this.#silent.delete(socket)) this.#speaking.add(socket);
  }

  /** It has logged in, or is gone. */
  done(socket: Socket): void {
    this.#silent.delete(socket);
    this.#speaking.delete(socket);
  }

  #makeRoom(): void {
    const [silent] = this.#silent;
    const [speaking] = this.#speaking;
    const victim = silent ?? speaking;
    if (victim === undefined) return;
    this.done(victim);
    victim.destroy();
  }
}
