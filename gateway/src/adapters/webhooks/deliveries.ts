import { z } from 'zod';
import { RequestId } from '../../../contract/ids.ts';
import { type DeadLetter, WebhookEvent } from '../../../contract/webhook-endpoints.ts';
import type { WebhookConfig } from '../../config.ts';
import type { Clock } from '../../core/approvals/approvals.ts';
import type { Documents } from '../../core/documents/documents.ts';
import { post } from './post.ts';

const COLLECTION = 'webhook-deliveries';
const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 60 * 60 * 1000;
/** About eight hours in all. */
const MAX_TRIES = 16;
const DEAD_KEPT_MS = 30 * 24 * 60 * 60 * 1000;
const MAX_AT_ONCE = 8;

const Delivery = z.object({
  webhook: z.string(),
  delivery: z.string(),
  event: WebhookEvent,
  request: RequestId,
  at: z.iso.datetime(),
  body: z.string(),
  tries: z.int().nonnegative(),
  /** When it is tried next; null: it is not tried any more. */
  nextAt: z.iso.datetime().nullable(),
  why: z.string(),
});
type Delivery = z.infer<typeof Delivery>;
export type NewDelivery = Pick<Delivery, 'webhook' | 'delivery' | 'event' | 'request' | 'body'>;

export type DeliveryServices = {
  hooks: readonly WebhookConfig[];
  documents: Documents;
  clock: Clock;
  fault(error: unknown): void;
};

/** Messages on their way: on disk until they are taken, tried again ever more slowly, and given up at last. */
export class Deliveries {
  readonly #services: DeliveryServices;
  readonly #stop = new AbortController();
  readonly #timers = new Map<string, () => void>();
  readonly #trying = new Set<Promise<void>>();
  readonly #due: Delivery[] = [];

  constructor(services: DeliveryServices) {
    this.#services = services;
  }

  /** Goes on with what was under way when the gateway stopped. */
  static async open(services: DeliveryServices): Promise<Deliveries> {
    const deliveries = new Deliveries(services);
    for (const delivery of await deliveries.#kept())
      if (delivery.nextAt !== null) deliveries.#schedule(delivery);
    return deliveries;
  }

  /** Resolves once it is on disk. The same delivery again is the same document. */
  async add(added: NewDelivery): Promise<void> {
    const at = this.#services.clock.now().toISOString();
    const delivery: Delivery = { ...added, at, tries: 0, nextAt: at, why: '' };
    await this.#put(delivery);
    this.#schedule(delivery);
  }

  /** What was given up, newest first. */
  async deadLetters(): Promise<DeadLetter[]> {
    const dead = (await this.#kept()).filter(({ nextAt }) => nextAt === null);
    return dead
      .sort((one, other) => other.at.localeCompare(one.at))
      .map(({ webhook, event, request, at, tries, why }) => ({ webhook, event, request, at, tries, why }));
  }

  /** Stops trying; what waits is tried after the next start. */
  async close(): Promise<void> {
    this.#stop.abort();
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#due.length = 0;
    await Promise.all(this.#trying);
  }

  async #kept(): Promise<Delivery[]> {
    const documents = await this.#services.documents.list(COLLECTION);
    return documents.flatMap(({ value }) => Delivery.safeParse(value).data ?? []);
  }

  #schedule(delivery: Delivery): void {
    const key = keyOf(delivery);
    this.#timers.get(key)?.();
    const dueMs = Date.parse(delivery.nextAt ?? delivery.at);
    const afterMs = Math.max(0, dueMs - this.#services.clock.now().getTime());
    const begin = () => {
      this.#timers.delete(key);
      this.#due.push(delivery);
      this.#next();
    };
    if (afterMs === 0) begin();
    else this.#timers.set(key, this.#services.clock.wake(afterMs, begin));
  }

  #next(): void {
    while (this.#trying.size < MAX_AT_ONCE && !this.#stop.signal.aborted) {
      const delivery = this.#due.shift();
      if (delivery === undefined) return;
      const trying = this.#try(delivery)
        .catch(this.#services.fault)
        .finally(() => {
          this.#trying.delete(trying);
          this.#next();
        });
      this.#trying.add(trying);
    }
  }

  async #try(delivery: Delivery): Promise<void> {
    const { hooks, clock, documents } = this.#services;
    const hook = hooks.find(({ name }) => name === delivery.webhook);
    if (hook === undefined) return this.#giveUp(delivery, 'The configuration has no such webhook any more.');
    const posted = await post(hook, delivery, clock.now().getTime(), this.#stop.signal);
    if (posted.kind === 'taken') return documents.delete(COLLECTION, keyOf(delivery));
    // What stopping cut off was no try of its own.
    if (this.#stop.signal.aborted) return;
    const tries = delivery.tries + 1;
    if (tries >= MAX_TRIES) return this.#giveUp({ ...delivery, tries }, posted.why);
    const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** delivery.tries);
    const nextAt = new Date(clock.now().getTime() + waitMs).toISOString();
    const again = { ...delivery, tries, nextAt, why: posted.why };
    await this.#put(again);
    if (!this.#stop.signal.aborted) this.#schedule(again);
  }

  #giveUp(delivery: Delivery, why: string): Promise<void> {
    return this.#put({ ...delivery, nextAt: null, why });
  }

  async #put(delivery: Delivery): Promise<void> {
    const { documents, clock } = this.#services;
    const expiresAt = new Date(clock.now().getTime() + DEAD_KEPT_MS);
    await documents.put(COLLECTION, keyOf(delivery), JSON.parse(JSON.stringify(delivery)), expiresAt);
  }
}

function keyOf({ delivery, webhook }: Delivery): string {
  return `${delivery}.${webhook}`;
}
