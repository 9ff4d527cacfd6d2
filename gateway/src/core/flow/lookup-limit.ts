import type { Decision } from '../../../contract/decision.ts';
import type { PrincipalId, TargetName } from '../../../contract/ids.ts';

const MINUTE_MS = 60_000;
/** Principals and targets remembered before those that have all their lookups again are forgotten. */
const MAX_REMEMBERED = 10_000;

type Allowance = { left: number; atMs: number };

/**
 * How many values a principal may look up in masked columns of a target: so many at once, and as many again in the
 * course of a minute.
 */
export class LookupLimit {
  readonly #perMinute: number;
  readonly #allowances = new Map<string, Allowance>();

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** Whether the lookups of a decision may be made now; those that may are counted. */
  takes(principal: PrincipalId, target: TargetName, { lookups = [] }: Decision, at: Date): boolean {
    const wanted = lookups.reduce((sum, { values }) => sum + values, 0);
    if (wanted === 0) return true;
    const key = JSON.stringify([principal, target]);
    const left = this.#leftOf(this.#allowances.get(key), at.getTime());
    const isEnough = wanted <= left;
    this.#allowances.set(key, { left: isEnough ? left - wanted : left, atMs: at.getTime() });
    if (this.#allowances.size > MAX_REMEMBERED) this.#forget(at.getTime());
    return isEnough;
  }

  #leftOf(known: Allowance | undefined, atMs: number): number {
    if (known === undefined) return this.#perMinute;
    const passedMs = Math.max(0, atMs - known.atMs);
    return Math.min(this.#perMinute, known.left + (passedMs / MINUTE_MS) * this.#perMinute);
  }

  #forget(atMs: number): void {
    for (const [key, known] of this.#allowances) {
      if (this.#leftOf(known, atMs) >= this.#perMinute) this.#allowances.delete(key);
    }
  }
}

/** A decision whose lookups came too fast. */
export function tooManyLookups(decision: Decision): Decision {
  const columns = [
    ...new Set((decision.lookups ?? []).map(({ column }) => `${column.relation}.${column.column}`)),
  ];
  return {
    ...decision,
    outcome: 'block',
    sentence: `Blocked, because it looks up values of ${columns.join(', ')}, and you have looked up as many as you may in a minute.`,
    next: 'Wait a moment and run it again, with fewer values at once.',
  };
}
