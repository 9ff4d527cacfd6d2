import type { SessionId } from '../../../contract/ids.ts';
import { type NewSession, OpenSession, type SessionListener } from './open-session.ts';

/** Every session that is open on this gateway, whatever its surface. */
export class Sessions {
  readonly #open = new Map<SessionId, OpenSession>();
  readonly #listeners = new Set<SessionListener>();

  /** Called by a surface for each session that it serves; `close` of what is returned takes it out again. */
  open(parts: NewSession): OpenSession {
    const opened = new OpenSession(parts, {
      changed: (session) => this.#tell((listener) => listener.changed(session)),
      closed: (session, why) => {
        this.#open.delete(session.session.id);
        this.#tell((listener) => listener.closed(session, why));
      },
    });
    this.#open.set(opened.session.id, opened);
    this.#tell((listener) => listener.changed(opened));
    return opened;
  }

  /** Newest first. */
  list(): OpenSession[] {
    return [...this.#open.values()].reverse();
  }

  find(id: SessionId): OpenSession | null {
    return this.#open.get(id) ?? null;
  }

  /** Tells of every session that opens, changes or ends from here on. Returns an unsubscribe. */
  onChange(listener: SessionListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(what: (listener: SessionListener) => void): void {
    for (const listener of this.#listeners) what(listener);
  }
}
