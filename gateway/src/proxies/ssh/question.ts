import type { Grant } from '../../core/access/grant.ts';
import { govern, type Held, type OpenRecord } from '../../core/flow/govern.ts';
import type { Decidable } from './action.ts';
import type { Granted, SshServices } from './context.ts';
import { waitingWords } from './words.ts';

export type Answer =
  /** Nothing of it may be shown before `record.durable`. */
  | { kind: 'granted'; grant: Grant<Granted>; record: OpenRecord }
  | { kind: 'refused'; sentence: string; next: string }
  /** Whoever asked has left meanwhile: nothing runs. */
  | { kind: 'abandoned' };

/** One thing that somebody wants done on a host, until it is known whether it may be. */
export class Question {
  readonly #services: SshServices;
  readonly #tell: (words: string) => void;
  #held: Held | null = null;
  #abandoned = false;

  /** @param tell shows whoever asks that their request waits, and for whom */
  constructor(services: SshServices, tell: (words: string) => void) {
    this.#services = services;
    this.#tell = tell;
  }

  /** @throws SluiceError `record.unavailable`: the connection must end. */
  async ask({ action, enforce }: Decidable): Promise<Answer> {
    for (;;) {
      const governed = await govern(action, enforce, this.#services);
      switch (governed.kind) {
        case 'revoked':
          return { kind: 'refused', sentence: 'Your access has ended.', next: 'Sign in again.' };
        case 'refused':
          return { kind: 'refused', sentence: governed.decision.sentence, next: governed.decision.next };
        case 'granted':
          await governed.record.durable;
          if (!this.#abandoned) return governed;
          await governed.record.close(CANCELLED);
          return { kind: 'abandoned' };
        case 'held': {
          const refused = await this.#wait(governed.held);
          if (refused !== null) return refused;
        }
      }
    }
  }

  /** Gives up what waits: it ends as refused, and whoever asked is told so. */
  async withdraw(): Promise<void> {
    await this.#held?.hold.abandon();
  }

  /** Whoever asked has left: what waits is withdrawn, and what is not decided yet is not run. */
  async abandon(): Promise<void> {
    this.#abandoned = true;
    await this.#held?.hold.abandon();
  }

  /** Null once it may run. */
  async #wait(held: Held): Promise<Answer | null> {
    this.#held = held;
    if (this.#abandoned) await held.hold.abandon();
    this.#tell(waitingWords(held));
    const settled = await held.settled;
    this.#held = null;
    if (this.#abandoned) return { kind: 'abandoned' };
    if (settled.kind === 'mayRun') return null;
    return { kind: 'refused', sentence: settled.decision.sentence, next: settled.decision.next };
  }
}

const CANCELLED = { status: 'cancelled', sqlState: null, rows: 0, bytes: 0, durationMs: 0 } as const;
