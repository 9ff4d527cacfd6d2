import type { ApprovalRequest } from '../../../contract/approval-request.ts';
import { Approvals, type Clock, type RequestStore } from './approvals.ts';
import { MACHINE_CLOCK } from './clock.ts';

/** Requests that live as long as the test. */
export class MemoryRequests implements RequestStore {
  readonly kept = new Map<string, ApprovalRequest>();

  async put(request: ApprovalRequest): Promise<void> {
    this.kept.set(request.id, request);
  }

  async all(): Promise<ApprovalRequest[]> {
    return [...this.kept.values()];
  }
}

/** A clock that a test sets. */
export class TestClock implements Clock {
  #nowMs: number;
  readonly #calls = new Set<{ atMs: number; call: () => void }>();

  constructor(start = '2026-01-05T09:00:00.000Z') {
    this.#nowMs = Date.parse(start);
  }

  now(): Date {
    return new Date(this.#nowMs);
  }

  wake(afterMs: number, call: () => void): () => void {
    const entry = { atMs: this.#nowMs + afterMs, call };
    this.#calls.add(entry);
    return () => this.#calls.delete(entry);
  }

  /** Moves time; what was to be woken by then is. Backwards wakes nobody. */
  pass(ms: number): void {
    this.#nowMs += ms;
    for (const entry of [...this.#calls]) {
      if (entry.atMs > this.#nowMs || !this.#calls.delete(entry)) continue;
      entry.call();
    }
  }
}

/** A ledger of its own, by the machine's clock. */
export function approvalsInMemory(clock: Clock = MACHINE_CLOCK): Approvals {
  return new Approvals(new MemoryRequests(), clock);
}
