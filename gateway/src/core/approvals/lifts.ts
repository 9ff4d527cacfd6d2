import type { PolicyVersion } from '../../../contract/ids.ts';
import type { Lift, Principal } from '../../../contract/principal.ts';
import type { PrincipalHandle } from '../access/principals.ts';
import type { Approvals } from './approvals.ts';

/** More than an identity's own epoch ever comes to, so that no epoch with lifts is one without. */
const EPOCHS = 2 ** 32;

type Seen = { key: string; lifted: Principal };

/**
 * Principals with the masks that were lifted for them for a while. What was lifted counts under the policy that it was
 * approved under, and no other; that it ends is a new epoch, so that nothing decided before is used again.
 */
export class Lifts {
  readonly #approvals: Approvals;
  readonly #policyVersion: () => PolicyVersion;
  readonly #seen = new WeakMap<Principal, Seen>();
  #changes = 0;

  constructor(approvals: Approvals, policyVersion: () => PolicyVersion) {
    this.#approvals = approvals;
    this.#policyVersion = policyVersion;
  }

  /** The same object as long as nothing has changed. */
  of(principal: Principal): Principal {
    const version = this.#policyVersion();
    const standing = this.#approvals
      .unmasking(principal)
      .filter(({ decision }) => decision.policyVersion === version);
    if (standing.length === 0) return principal;
    const key = standing.map(({ id }) => id).join();
    const seen = this.#seen.get(principal);
    if (seen?.key === key) return seen.lifted;
    this.#changes += 1;
    const lifts: Lift[] = standing.flatMap(({ target, wanted, asks }) =>
      wanted.kind === 'unmask'
        ? wanted.columns.map((column) => ({ target, column, rules: asks.map(({ rule }) => rule) }))
        : [],
    );
    const lifted = { ...principal, lifts, epoch: principal.epoch + EPOCHS * this.#changes };
    this.#seen.set(principal, { key, lifted });
    return lifted;
  }

  /** The same for a session's hold on its principal. */
  handle(handle: PrincipalHandle): PrincipalHandle {
    return {
      current: () => {
        const principal = handle.current();
        return principal === null ? null : this.of(principal);
      },
      onRevoked: (listener) => handle.onRevoked(listener),
    };
  }
}
