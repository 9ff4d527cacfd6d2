import type { WebSocket } from 'ws';
import type { ApprovalRequest, ShownRequest } from '../../contract/approval-request.ts';
import { isSettled } from '../../contract/approval-request.ts';
import type { RequestId } from '../../contract/ids.ts';
import type { RequestEvent } from '../../contract/request-endpoints.ts';
import type { PrincipalHandle } from '../core/access/principals.ts';
import { keepAlive } from './channel-socket.ts';
import { NewestStates, tellingOnly } from './newest-states.ts';
import { shownTo, viewerOf } from './request-view.ts';
import type { ApiServices } from './services.ts';

/** Serves one WebSocket with the requests that this person sees, as they are made and change. */
export function serveRequestChannel(
  socket: WebSocket,
  principal: PrincipalHandle,
  services: ApiServices,
): void {
  const channel = new RequestChannel(socket, principal, services);
  tellingOnly(socket, principal, 'requests are acted on over HTTP.', [
    services.approvals.watch((request) => channel.changed(request)),
    // Who may see and decide what depends on the policy, on groups and on times that delegations run.
    services.policy.onChange(() => channel.lookAgain()),
    keepAlive(socket, () => channel.lookAgain()),
  ]);
  channel.open();
}

class RequestChannel {
  readonly #principal: PrincipalHandle;
  readonly #services: ApiServices;
  readonly #states: NewestStates<RequestId, ApprovalRequest, RequestEvent>;
  /** What this person was told last of requests that are not settled. */
  readonly #told = new Map<RequestId, string>();

  constructor(socket: WebSocket, principal: PrincipalHandle, services: ApiServices) {
    this.#principal = principal;
    this.#services = services;
    this.#states = new NewestStates(socket, (request) => {
      const shown = this.#shown(request);
      if (shown === null) return null;
      this.#note(shown);
      return { type: 'request', shown };
    });
  }

  open(): void {
    const requests = this.#open().flatMap((request) => this.#shown(request) ?? []);
    for (const shown of requests) this.#note(shown);
    this.#states.open({ type: 'open', requests });
  }

  changed(request: ApprovalRequest): void {
    this.#states.changed(request.id, request);
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

  #note(shown: ShownRequest): void {
    if (isSettled(shown.request)) this.#told.delete(shown.request.id);
    else this.#told.set(shown.request.id, stateOf(shown));
  }
}

function stateOf({ request, acts }: ShownRequest): string {
  return `${request.revision} ${acts.join()}`;
}
