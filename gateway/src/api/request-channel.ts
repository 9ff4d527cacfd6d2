import type { WebSocket } from 'ws';
import type { ApprovalRequest, ShownRequest } from '../../contract/approval-request.ts';
import { isSettled } from '../../contract/approval-request.ts';
import type { RequestId } from '../../contract/ids.ts';
import type { RequestEvent } from '../../contract/request-endpoints.ts';
import type { PrincipalHandle } from '../core/access/principals.ts';
import { CLOSE, closeWith, keepAlive, SIGNED_OUT } from './channel-socket.ts';
import { shownTo, viewerOf } from './request-view.ts';
import type { ApiServices } from './services.ts';

/** Serves one WebSocket with the requests that this person sees, as they are made and change. */
export function serveRequestChannel(
  socket: WebSocket,
  principal: PrincipalHandle,
  services: ApiServices,
): void {
  const channel = new RequestChannel(socket, principal, services);
  const ends = [
    services.approvals.watch((request) => channel.changed(request)),
    // Who may see and decide what depends on the policy, on groups and on times that delegations run.
    services.policy.onChange(() => channel.lookAgain()),
    keepAlive(socket, () => channel.lookAgain()),
    principal.onRevoked(() => closeWith(socket, CLOSE.signedOut, SIGNED_OUT)),
  ];
  socket.on('error', () => undefined);
  socket.on('close', () => {
    for (const end of ends) end();
  });
  socket.on('message', () =>
    closeWith(socket, CLOSE.unusable, 'This channel only tells: requests are acted on over HTTP.'),
  );
  channel.open();
}

/**
 * One frame is under way at a time. What changes meanwhile waits as its newest state, so that a reader who is slow
 * hears less often and never costs more than the requests themselves.
 */
class RequestChannel {
  readonly #socket: WebSocket;
  readonly #principal: PrincipalHandle;
  readonly #services: ApiServices;
  readonly #waiting = new Map<RequestId, ApprovalRequest>();
  /** What this person was told last of requests that are not settled. */
  readonly #told = new Map<RequestId, string>();
  #isSending = false;

  constructor(socket: WebSocket, principal: PrincipalHandle, services: ApiServices) {
    this.#socket = socket;
    this.#principal = principal;
    this.#services = services;
  }

  open(): void {
    const requests = this.#open().flatMap((request) => this.#shown(request) ?? []);
    for (const shown of requests) this.#note(shown);
    this.#send({ type: 'open', requests });
  }

  changed(request: ApprovalRequest): void {
    this.#waiting.set(request.id, request);
    this.#next();
  }

  /** Tells what this person sees now and did not before, or may do something else with. */
  lookAgain(): void {
    for (const request of this.#open()) {
      const shown = this.#shown(request);
      if (shown !== null && this.#told.get(request.id) !== stateOf(shown)) this.changed(request);
    }
  }

  #open(): ApprovalRequest[] {
    return this.#services.approvals.list().filter((request) => !isSettled(request));
  }

  #shown(request: ApprovalRequest): ShownRequest | null {
    const principal = this.#principal.current();
    return principal === null ? null : shownTo(viewerOf(this.#services, principal), request);
  }

  #next(): void {
    while (!this.#isSending) {
      const [first] = this.#waiting.values();
      if (first === undefined) return;
      this.#waiting.delete(first.id);
      const shown = this.#shown(first);
      if (shown === null) continue;
      this.#note(shown);
      this.#send({ type: 'request', shown });
    }
  }

  #note(shown: ShownRequest): void {
    if (isSettled(shown.request)) this.#told.delete(shown.request.id);
    else this.#told.set(shown.request.id, stateOf(shown));
  }

  #send(event: RequestEvent): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#isSending = true;
    this.#socket.send(JSON.stringify(event), () => {
      this.#isSending = false;
      this.#next();
    });
  }
}

function stateOf({ request, acts }: ShownRequest): string {
  return `${request.revision} ${acts.join()}`;
}
