import { Fifo } from './fifo.ts';
import type { Pending } from './pending.ts';

/** What upstream owes, in the order in which it was asked for; the last of it may not have been sent yet. */
export class PendingQueue {
  readonly #all = new Fifo<Pending>();
  #unsent = 0;

  get length(): number {
    return this.#all.length;
  }

  get head(): Pending | undefined {
    return this.#all.head;
  }

  push(...pending: Pending[]): void {
    this.#all.push(...pending);
    this.#unsent += pending.length;
  }

  /** Takes the head. What was not sent goes only where the server will skip it. */
  shift(): Pending | undefined {
    const head = this.#all.shift();
    this.#unsent = Math.min(this.#unsent, this.length);
    return head;
  }

  /** All that was asked for so far was sent. */
  sent(): void {
    this.#unsent = 0;
  }

  takeUnsent(): Pending[] {
    const unsent = this.#all.takeFrom(this.length - this.#unsent);
    this.#unsent = 0;
    return unsent;
  }

  takeAll(): Pending[] {
    this.#unsent = 0;
    return this.#all.takeFrom(0);
  }

  /** Takes out what follows the head for as long as it fits. */
  dropBehindHead(fits: (pending: Pending) => boolean): void {
    const [head, ...rest] = this.#all.takeFrom(0);
    const kept = rest.findIndex((pending) => !fits(pending));
    const left = kept === -1 ? [] : rest.slice(kept);
    if (head !== undefined) this.#all.push(head);
    for (const pending of left) this.#all.push(pending);
    this.#unsent = Math.min(this.#unsent, left.length);
  }

  [Symbol.iterator](): Iterator<Pending> {
    return this.#all[Symbol.iterator]();
  }

  some(is: (pending: Pending) => boolean): boolean {
    for (const pending of this.#all) if (is(pending)) return true;
    return false;
  }
}
