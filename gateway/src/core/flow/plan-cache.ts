import type { Plan } from './govern.ts';

/** Statements longer than this are hardly sent twice, and a cache full of them would be all of the memory. */
const MAX_KEY_CHARACTERS = 65_536;

/** Plans by everything they depend on; the least recently used go first, by count. */
export class PlanCache<Payload> {
  readonly #plans = new Map<string, Plan<Payload>>();
  readonly #maxPlans: number;

  constructor(maxPlans: number) {
    this.#maxPlans = maxPlans;
  }

  get(key: string): Plan<Payload> | undefined {
    const plan = this.#plans.get(key);
    if (plan === undefined) return undefined;
    this.#plans.delete(key);
    this.#plans.set(key, plan);
    return plan;
  }

  set(key: string, plan: Plan<Payload>): void {
    if (key.length > MAX_KEY_CHARACTERS) return;
    this.#plans.delete(key);
    this.#plans.set(key, plan);
    if (this.#plans.size <= this.#maxPlans) return;
    const oldest = this.#plans.keys().next();
    if (!oldest.done) this.#plans.delete(oldest.value);
  }
}
