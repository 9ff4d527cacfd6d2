import type { WebSocket } from 'ws';
import type { SessionId } from '../../../contract/ids.ts';
import type { LiveSession, SessionEvent } from '../../../contract/session-endpoints.ts';
import type { PrincipalHandle } from '../../core/access/principals.ts';
import type { OpenSession } from '../../core/sessions/open-session.ts';
import { CLOSE, closeWith, keepAlive, SIGNED_OUT } from '../channel-socket.ts';
import type { ApiServices } from '../services.ts';
import { sessionShownTo } from './view.ts';

/** Serves one WebSocket with the sessions that this person sees, as they open, change and end. */
export function serveSessionChannel(
  socket: WebSocket,
  principal: PrincipalHandle,
  services: ApiServices,
): void {
  const channel = new SessionChannel(socket, principal, services);
  const ends = [
    services.sessions.onChange(channel),
    keepAlive(socket),
    principal.onRevoked(() => closeWith(socket, CLOSE.signedOut, SIGNED_OUT)),
  ];
  socket.on('error', () => undefined);
  socket.on('close', () => {
    for (const end of ends) end();
  });
  socket.on('message', () =>
    closeWith(socket, CLOSE.unusable, 'This channel only tells: sessions are acted on over HTTP.'),
  );
  channel.open();
}

type Change = { session: OpenSession; closedBecause: string | null };

/** One frame is under way at a time; what changes meanwhile waits as its newest state, however slow the reader is. */
class SessionChannel {
  readonly #socket: WebSocket;
  readonly #principal: PrincipalHandle;
  readonly #services: ApiServices;
  readonly #waiting = new Map<SessionId, Change>();
  #isSending = false;

  constructor(socket: WebSocket, principal: PrincipalHandle, services: ApiServices) {
    this.#socket = socket;
    this.#principal = principal;
    this.#services = services;
  }

  open(): void {
    const sessions = this.#services.sessions.list().flatMap((session) => this.#shown(session) ?? []);
    this.#send({ type: 'open', sessions });
  }

  changed(session: OpenSession): void {
    this.#tell({ session, closedBecause: null });
  }

  closed(session: OpenSession, why: string): void {
    this.#tell({ session, closedBecause: why });
  }

  #tell(change: Change): void {
    this.#waiting.set(change.session.session.id, change);
    this.#next();
  }

  #shown(session: OpenSession): LiveSession | null {
    const principal = this.#principal.current();
    return principal === null ? null : sessionShownTo(principal, session, this.#services);
  }

  #next(): void {
    while (!this.#isSending) {
      const [first] = this.#waiting;
      if (first === undefined) return;
      const [id, { session, closedBecause }] = first;
      this.#waiting.delete(id);
      const shown = this.#shown(session);
      if (shown === null) continue;
      if (closedBecause === null) this.#send({ type: 'session', session: shown });
      else this.#send({ type: 'closed', session: id, why: closedBecause });
    }
  }

  #send(event: SessionEvent): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#isSending = true;
    this.#socket.send(JSON.stringify(event), () => {
      this.#isSending = false;
      this.#next();
    });
  }
}
