import type { RecordingPlace, RecordOutcome } from '../../../contract/record.ts';
import type { SessionLock } from '../../../contract/session-endpoints.ts';
import type { Grant } from '../../core/access/grant.ts';
import { type Action, govern, type Held, type OpenRecord } from '../../core/flow/govern.ts';
import { lockSentence, type OpenSession } from '../../core/sessions/open-session.ts';
import type { Decidable } from './action.ts';
import type { Granted, SshServices } from './context.ts';
import { impactOf } from './impact.ts';
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

  /**
   * @param place where the session's recording shows it; null where nothing does
   * @throws SluiceError `record.unavailable`: the connection must end.
   */
  async ask({ action: asked, enforce }: Decidable, place: RecordingPlace | null = null): Promise<Answer> {
    const action = place === null ? asked : { ...asked, recording: place };
    const { session, statement } = action;
    const live = this.#services.sessions.find(session.id);
    const end = live?.begin(statement) ?? (() => undefined);
    const answer = await this.#decided({ action, enforce }, live).catch((error: unknown) => {
      end();
      throw error;
    });
    if (answer.kind !== 'granted') {
      end();
      return answer;
    }
    const { record } = answer;
    const close = (outcome: RecordOutcome) => record.close(outcome).finally(end);
    return { ...answer, record: { ...record, close } };
  }

  async #decided({ action, enforce }: Decidable, live: OpenSession | null): Promise<Answer> {
    for (;;) {
      if (live !== null && live.lock !== null) return refusedByLock(live.lock);
      const governed = await govern(action, enforce, this.#services);
      switch (governed.kind) {
        case 'revoked':
          return { kind: 'refused', sentence: 'Your access has ended.', next: 'Sign in again.' };
        case 'refused':
          return { kind: 'refused', sentence: governed.decision.sentence, next: governed.decision.next };
        case 'granted':
          await governed.record.durable();
          if (!this.#abandoned && !live?.lock) return governed;
          await governed.record.close(CANCELLED);
          return live?.lock ? refusedByLock(live.lock) : { kind: 'abandoned' };
        case 'held': {
          await this.#describe(governed.held, action);
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

  async #describe({ hold: { request } }: Held, { facts, session }: Action): Promise<void> {
    if (facts?.protocol !== 'ssh' || request.impact !== null) return;
    await this.#services.approvals.describe(request.id, impactOf(facts, session.target.name));
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

/** Nothing of a locked session is decided: whoever was granted something has to ask again. */
function refusedByLock(lock: SessionLock): Answer {
  return {
    kind: 'refused',
    sentence: lockSentence(lock),
    next: 'Ask them; nothing runs until it is unlocked.',
  };
}

const CANCELLED = { status: 'cancelled', sqlState: null, rows: 0, bytes: 0, durationMs: 0 } as const;
