import type { WebSocket } from 'ws';
import type { SessionId } from '../../../contract/ids.ts';
import type { LiveSession, SessionEvent } from '../../../contract/session-endpoints.ts';
import type { PrincipalHandle } from '../../core/access/principals.ts';
import type { OpenSession } from '../../core/sessions/open-session.ts';
import { keepAlive } from '../channel-socket.ts';
import { NewestStates, tellingOnly } from '../newest-states.ts';
import type { ApiServices } from '../services.ts';
import { sessionShownTo } from './view.ts';

/** Serves one WebSocket with the sessions that this person sees, as they open, change and end. */
export function serveSessionChannel(
  socket: WebSocket,
  principal: PrincipalHandle,
  services: ApiServices,
): void {
  const channel = new SessionChannel(socket, principal, services);
  tellingOnly(socket, principal, 'sessions are acted on over HTTP.', [
    services.sessions.onChange(channel),
    keepAlive(socket),
  ]);
  channel.open();
}

type Change = { session: OpenSession; closedBecause: string | null };

class SessionChannel {
  readonly #principal: PrincipalHandle;
  readonly #services: ApiServices;
  readonly #states: NewestStates<SessionId, Change, SessionEvent>;

  constructor(socket: WebSocket, principal: PrincipalHandle, services: ApiServices) {
    this.#principal = principal;
    this.#services = services;
    this.#states = new NewestStates(socket, ({ session, closedBecause }, id) => {
      const shown = this.#shown(session);
      if (shown === null) return null;
      if (closedBecause === null) return { type: 'session', session: shown };
      return { type: 'closed', session: id, why: closedBecause };
    });
  }

  open(): void {
    const sessions = this.#services.sessions.list().flatMap((session) => this.#shown(session) ?? []);
    this.#states.open({ type: 'open', sessions });
  }

  changed(session: OpenSession): void {
    this.#states.changed(session.session.id, { session, closedBecause: null });
  }

  closed(session: OpenSession, why: string): void {
    this.#states.changed(session.session.id, { session, closedBecause: why });
  }

  #shown(session: OpenSession): LiveSession | null {
    const principal = this.#principal.current();
    return principal === null ? null : sessionShownTo(principal, session, this.#services);
  }
}
