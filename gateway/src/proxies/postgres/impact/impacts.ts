import type { ApprovalRequest } from '../../../../contract/approval-request.ts';
import type { Impact } from '../../../../contract/impact.ts';
import type { Approvals } from '../../../core/approvals/approvals.ts';
import { impactOf } from './impact.ts';
import { Looks, type LooksOptions } from './looks.ts';
import type { Subject } from './subject.ts';

/** Beyond so many that wait to be described, for the next ones nothing is looked up: it must not become a load. */
const MAX_WAITING = 100;

/** Among so many requests of everybody's the similar ones are looked for. */
const MAX_LATELY = 200;

/** Works out what statements would do, one after the other, beside everything else. */
export class Impacts {
  readonly #approvals: Approvals;
  readonly #looks: Looks;
  #last: Promise<unknown> = Promise.resolve();
  #lastOfFacts: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #closed = false;

  constructor(approvals: Approvals, options: LooksOptions) {
    this.#approvals = approvals;
    this.#looks = new Looks(options);
  }

  /** Describes a request that waits. Returns at once; what goes wrong leaves it undescribed. */
  describe(request: ApprovalRequest, subject: Subject): void {
    void this.of(request, subject)
      .then((impact) => (impact === null ? undefined : this.#approvals.describe(request.id, impact)))
      .catch(() => undefined);
  }

  /** Null when it would not run, or was decided on meanwhile. */
  of(request: ApprovalRequest, subject: Subject): Promise<Impact | null> {
    if (this.#waiting >= MAX_WAITING) return this.#ofFacts(request, subject);
    this.#waiting += 1;
    const described = this.#last.then(async () => {
      this.#waiting -= 1;
      if (this.#closed || this.#approvals.get(request.id)?.status !== 'pending') return null;
      return impactOf(subject, request, this.#lately, this.#looks);
    });
    this.#last = described.catch(() => undefined);
    return described;
  }

  /** Those too come one after the other: thousands at once would all be in memory at once. */
  #ofFacts(request: ApprovalRequest, subject: Subject): Promise<Impact | null> {
    const described = this.#lastOfFacts.then(() => impactOf(subject, request, this.#lately, null));
    this.#lastOfFacts = described.catch(() => undefined);
    return described;
  }

  get #lately(): ApprovalRequest[] {
    return this.#approvals.latest(MAX_LATELY);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#looks.close();
  }
}
