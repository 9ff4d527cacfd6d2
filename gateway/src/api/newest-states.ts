import type { WebSocket } from 'ws';
import type { PrincipalHandle } from '../core/access/principals.ts';
import { CLOSE, closeWith, SIGNED_OUT } from './channel-socket.ts';

/**
 * Tells a client what changes, one frame at a time. What changes meanwhile waits as its newest state, so that a reader
 * who is slow hears less often and never costs more than the things themselves.
 */
export class NewestStates<Id, State, Event> {
  readonly #socket: WebSocket;
  readonly #eventOf: (state: State, id: Id) => Event | null;
  readonly #waiting = new Map<Id, State>();
  #isSending = false;

  /** `eventOf`: what is told of a state, as it is when it is told; null: nothing. */
  constructor(socket: WebSocket, eventOf: (state: State, id: Id) => Event | null) {
    this.#socket = socket;
    this.#eventOf = eventOf;
  }

  /** Before anything else. */
  open(event: Event): void {
    this.#send(event);
  }

  changed(id: Id, state: State): void {
    this.#waiting.set(id, state);
    this.#next();
  }

  #next(): void {
    while (!this.#isSending) {
      const [first] = this.#waiting;
      if (first === undefined) return;
      const [id, state] = first;
      this.#waiting.delete(id);
      const event = this.#eventOf(state, id);
      if (event !== null) this.#send(event);
    }
  }

  #send(event: Event): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#isSending = true;
    this.#socket.send(JSON.stringify(event), () => {
      this.#isSending = false;
      this.#next();
    });
  }
}

/** A channel that only tells ends with its sign-in, and when its client says anything; `ends` are called then. */
export function tellingOnly(
  socket: WebSocket,
  principal: PrincipalHandle,
  instead: string,
  ends: ReadonlyArray<() => void>,
): void {
  const signedOut = principal.onRevoked(() => closeWith(socket, CLOSE.signedOut, SIGNED_OUT));
  socket.on('error', () => undefined);
  socket.on('close', () => {
    for (const end of [...ends, signedOut]) end();
  });
  socket.on('message', () => closeWith(socket, CLOSE.unusable, `This channel only tells: ${instead}`));
}
