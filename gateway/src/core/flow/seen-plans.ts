import type { Facts } from '../../../contract/facts.ts';
import type { Principal } from '../../../contract/principal.ts';
import type { Policy } from '../policy/policy.ts';
import type { Plan } from './govern.ts';

type Seen<Payload> = { principal: Principal; epoch: number; policy: Policy; plan: Plan<Payload> };

/**
 * The plans of one session by the identity of everything they depend on, so that finding one builds no key. Facts
 * stand for what they and the enforcement were made from (text, catalogue version, session state): whoever gives
 * the same facts object again gives the same of those. A principal whose groups were read again, and a policy that
 * was activated, are other objects.
 */
export class SeenPlans<Payload> {
  readonly #seen = new WeakMap<Facts, Seen<Payload>>();

  get(facts: Facts, principal: Principal, policy: Policy): Plan<Payload> | undefined {
    const seen = this.#seen.get(facts);
    if (seen === undefined || seen.policy !== policy) return undefined;
    return seen.principal === principal && seen.epoch === principal.epoch ? seen.plan : undefined;
  }

  set(facts: Facts, principal: Principal, policy: Policy, plan: Plan<Payload>): void {
    this.#seen.set(facts, { principal, epoch: principal.epoch, policy, plan });
  }
}
