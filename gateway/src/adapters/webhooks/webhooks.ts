import type { ApprovalRequest } from '../../../contract/approval-request.ts';
import { isSettled, RequestStatus } from '../../../contract/approval-request.ts';
import { RequestId } from '../../../contract/ids.ts';
import type { DeadLetter, WebhookEvent } from '../../../contract/webhook-endpoints.ts';
import type { Approvals } from '../../core/approvals/approvals.ts';
import { Deliveries, type DeliveryServices } from './deliveries.ts';
import { eventsOf } from './events.ts';
import { messageOf } from './message.ts';

/** How far each request that is not settled was told: what happened while the gateway was down shows against it. */
const NOTED = 'webhook-noted';
/** What a request would do is computed after it is made; so long its first message waits for that. */
const IMPACT_WAIT_MS = 3000;

export type WebhookServices = DeliveryServices & {
  approvals: Approvals;
  /** The page of a request. */
  linkTo(request: RequestId): string;
};

export type Webhooks = { deadLetters(): Promise<DeadLetter[]>; close(): Promise<void> };

/** Tells the configured addresses what becomes of requests, from now on and since the gateway last ran. */
export async function openWebhooks(services: WebhookServices): Promise<Webhooks> {
  const deliveries = await Deliveries.open(services);
  const notes = new Notes(services, deliveries);
  await notes.read();
  const { approvals, hooks } = services;
  const unwatch = hooks.length === 0 ? () => undefined : approvals.watch((request) => notes.changed(request));
  if (hooks.length > 0) for (const request of approvals.list().reverse()) notes.changed(request);
  return {
    deadLetters: () => deliveries.deadLetters(),
    close: async () => {
      unwatch();
      await notes.close();
      await deliveries.close();
    },
  };
}

/** Turns the ledger's changes into deliveries. One change after the other, so that nothing is told twice. */
class Notes {
  readonly #services: WebhookServices;
  readonly #deliveries: Deliveries;
  readonly #noted = new Map<RequestId, RequestStatus>();
  /** Requests whose first message waits for what they would do. */
  readonly #waiting = new Map<RequestId, { request: ApprovalRequest; cancel: () => void }>();
  #work: Promise<void> = Promise.resolve();

  constructor(services: WebhookServices, deliveries: Deliveries) {
    this.#services = services;
    this.#deliveries = deliveries;
  }

  async read(): Promise<void> {
    const { documents, approvals } = this.#services;
    for (const { key, value } of await documents.list(NOTED)) {
      const id = RequestId.parse(key);
      const status = RequestStatus.safeParse(value);
      if (status.success && approvals.get(id) !== null) this.#noted.set(id, status.data);
      else await documents.delete(NOTED, key);
    }
  }

  changed(request: ApprovalRequest): void {
    const { id, status, impact } = request;
    const waiting = this.#waiting.get(id);
    waiting?.cancel();
    this.#waiting.delete(id);
    if (status === 'pending' && impact === null && !this.#noted.has(id)) {
      this.#wait(request);
      return;
    }
    if (waiting !== undefined && status !== 'pending') this.#note(waiting.request);
    this.#note(request);
  }

  /** What waits for its impact is told after the next start. */
  async close(): Promise<void> {
    for (const { cancel } of this.#waiting.values()) cancel();
    this.#waiting.clear();
    await this.#work;
  }

  #wait(request: ApprovalRequest): void {
    const cancel = this.#services.clock.wake(IMPACT_WAIT_MS, () => {
      this.#waiting.delete(request.id);
      this.#note(request);
    });
    this.#waiting.set(request.id, { request, cancel });
  }

  #note(request: ApprovalRequest): void {
    const { id, status } = request;
    const noted = this.#noted.get(id) ?? null;
    if (noted === status) return;
    const events = eventsOf(noted, status);
    if (isSettled(request)) this.#noted.delete(id);
    else this.#noted.set(id, status);
    this.#work = this.#work
      .then(async () => {
        for (const event of events) await this.#deliver(event, request);
        // Only now: a crash in between tells the same again, under the same id.
        if (!isSettled(request)) await this.#services.documents.put(NOTED, id, status);
        else if (noted !== null) await this.#services.documents.delete(NOTED, id);
      })
      .catch(this.#services.fault);
  }

  async #deliver(event: WebhookEvent, request: ApprovalRequest): Promise<void> {
    const delivery = `${request.id}.${event}`;
    const link = this.#services.linkTo(request.id);
    for (const hook of this.#services.hooks) {
      if (!hook.events.includes(event)) continue;
      const body = messageOf(hook, { delivery, event, request, link });
      await this.#deliveries.add({ webhook: hook.name, delivery, event, request: request.id, body });
    }
  }
}
