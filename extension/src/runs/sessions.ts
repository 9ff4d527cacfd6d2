import type { SluiceError } from '../../../gateway/contract/error.ts';
import type { TargetName } from '../../../gateway/contract/ids.ts';
import type { QuerySession } from '../gateway/query-session.ts';

export type OpenSession = (target: TargetName, signal: AbortSignal) => Promise<QuerySession>;

/** A gateway bounds the sessions of a person; several windows share that bound. */
const MAX_SESSIONS = 6;

/**
 * One session for each document and target, so that transactions and settings of one editor never show in
 * another. Opened when first needed; a lost one is opened again by the next run.
 */
export class Sessions {
  readonly #open: OpenSession;
  readonly #onLost: (document: string, why: SluiceError) => void;
  readonly #byDocument = new Map<string, QuerySession>();

  constructor(open: OpenSession, onLost: (document: string, why: SluiceError) => void) {
    this.#open = open;
    this.#onLost = onLost;
  }

  async of(document: string, target: TargetName, signal: AbortSignal): Promise<QuerySession> {
    const known = this.#byDocument.get(document);
    if (known?.isOpen === true && known.target === target) {
      this.#touch(document, known);
      return known;
    }
    this.close(document);
    this.#makeRoom();
    const session = await this.#open(target, signal);
    this.#touch(document, session);
    session.onClosed((why) => {
      if (this.#byDocument.get(document) !== session) return;
      this.#byDocument.delete(document);
      this.#onLost(document, why);
    });
    return session;
  }

  cancel(document: string): void {
    this.#byDocument.get(document)?.cancel();
  }

  close(document: string): void {
    const session = this.#byDocument.get(document);
    this.#byDocument.delete(document);
    session?.close();
  }

  closeAll(): void {
    for (const document of [...this.#byDocument.keys()]) this.close(document);
  }

  #touch(document: string, session: QuerySession): void {
    this.#byDocument.delete(document);
    this.#byDocument.set(document, session);
  }

  /** Gives back sessions that nobody has used for longest; one inside a transaction stays. */
  #makeRoom(): void {
    for (const [document, session] of [...this.#byDocument]) {
      if (this.#byDocument.size < MAX_SESSIONS) return;
      if (!session.isRunning && session.transaction === 'idle') this.close(document);
    }
  }
}
