import type { DetectorSet } from '../../../core/detectors/detector-set.ts';
import { Fifo } from './fifo.ts';
import { Hidden } from './hidden.ts';
import {
  hidingOf,
  isMasked,
  isQuestion,
  isRowByRow,
  isStatement,
  type Pending,
  takesData,
} from './pending.ts';

/** What is asked of all that is owed. */
const KINDS = {
  masked: isMasked,
  rowByRow: isRowByRow,
  question: isQuestion,
  statement: isStatement,
  takesData,
};
type Kind = keyof typeof KINDS;
const ALL_KINDS: readonly Kind[] = ['masked', 'rowByRow', 'question', 'statement', 'takesData'];

/**
 * What upstream owes, in the order in which it was asked for; the last of it may not have been sent yet. A client
 * decides how much that is, so nothing that is done for each message looks through all of it.
 */
export class PendingQueue {
  readonly #all = new Fifo<Pending>();
  /** What detectors look for, by how many ask for it. */
  readonly #sets = new Map<DetectorSet, number>();
  readonly #counts: Record<Kind, number> = {
    ...{ masked: 0, rowByRow: 0, question: 0, statement: 0, takesData: 0 },
  };
  #unsent = 0;

  get length(): number {
    return this.#all.length;
  }

  get head(): Pending | undefined {
    return this.#all.head;
  }

  /** What errors and notices that come now must not tell: they may be about any of what is owed. */
  get hidden(): Hidden {
    return new Hidden(this.has('masked'), this.#sets.keys(), this.has('rowByRow'));
  }

  /** Whether any is of this kind. */
  has(kind: Kind): boolean {
    return this.#counts[kind] > 0;
  }

  push(...pending: Pending[]): void {
    for (const one of pending) {
      this.#all.push(one);
      this.#count(one, 1);
    }
    this.#unsent += pending.length;
  }

  /** Takes the head. What was not sent goes only where the server will skip it. */
  shift(): Pending | undefined {
    const head = this.#all.shift();
    if (head === undefined) return undefined;
    this.#count(head, -1);
    this.#unsent = Math.min(this.#unsent, this.length);
    return head;
  }

  /** All that was asked for so far was sent. */
  sent(): void {
    this.#unsent = 0;
  }

  takeUnsent(): Pending[] {
    return this.#takeLast(this.#unsent);
  }

  takeAll(): Pending[] {
    return this.#takeLast(this.length);
  }

  /** Drops the Syncs that follow the head for as long as they fit. */
  dropSyncsBehindHead(fits: (sync: Extract<Pending, { kind: 'sync' }>) => boolean): void {
    this.#all.dropBehindHead((pending) => pending.kind === 'sync' && fits(pending));
    this.#unsent = Math.min(this.#unsent, Math.max(0, this.length - 1));
  }

  [Symbol.iterator](): Iterator<Pending> {
    return this.#all[Symbol.iterator]();
  }

  #takeLast(count: number): Pending[] {
    const taken = this.#all.takeFrom(this.length - count);
    for (const one of taken) this.#count(one, -1);
    this.#unsent = 0;
    return taken;
  }

  #count(pending: Pending, by: 1 | -1): void {
    for (const kind of ALL_KINDS) if (KINDS[kind](pending)) this.#counts[kind] += by;
    for (const { detected } of hidingOf(pending))
      if (detected !== null) this.#countSet(detected.anywhere.set, by);
  }

  #countSet(set: DetectorSet, by: 1 | -1): void {
    const count = (this.#sets.get(set) ?? 0) + by;
    if (count > 0) this.#sets.set(set, count);
    else this.#sets.delete(set);
  }
}
