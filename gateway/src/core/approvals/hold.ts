import type { ApprovalRequest } from '../../../contract/approval-request.ts';

/** One action that waits for approval. */
export class Hold {
  /** What became of the request: never `pending`. */
  readonly settled: Promise<ApprovalRequest>;
  readonly #abandon: () => Promise<void>;
  readonly #watchers = new Set<(request: ApprovalRequest) => void>();
  #request: ApprovalRequest;
  #settle: (request: ApprovalRequest) => void = () => undefined;

  constructor(request: ApprovalRequest, abandon: () => Promise<void>) {
    this.#request = request;
    this.#abandon = abandon;
    this.settled = new Promise((settle) => {
      this.#settle = settle;
    });
  }

  get request(): ApprovalRequest {
    return this.#request;
  }

  /** For the ledger: the request has changed. */
  changed(request: ApprovalRequest): void {
    this.#request = request;
    try {
      for (const watcher of this.#watchers) watcher(request);
    } finally {
      // Whoever fails to pass it on keeps nothing waiting.
      if (request.status !== 'pending') {
        this.#watchers.clear();
        this.#settle(request);
      }
    }
  }

  /** Told of each change while it waits. */
  watch(watcher: (request: ApprovalRequest) => void): void {
    this.#watchers.add(watcher);
  }

  /** Who waited does so no longer: the request is withdrawn, and `settled` resolves with it. */
  async abandon(): Promise<void> {
    await this.#abandon();
  }
}
