import type { ShownRequest } from '../../../gateway/contract/approval-request.ts';
import type { RequestId } from '../../../gateway/contract/ids.ts';
import { isOpen, newestFirst } from '../../contract/requests.ts';
import { Signal } from '../signal.ts';

/** So many settled ones are kept for the history. */
const SETTLED_KEPT = 200;

/** Every request that this person was shown, each as it was told last. An older revision never replaces a newer. */
export class RequestBook {
  readonly #byId = new Map<RequestId, ShownRequest>();
  readonly shown = new Signal<readonly ShownRequest[]>([]);

  find(id: RequestId): ShownRequest | null {
    return this.#byId.get(id) ?? null;
  }

  /** The gateway's full list of what is not settled; gives back the ids of open ones here that it no longer lists. */
  opened(requests: readonly ShownRequest[]): RequestId[] {
    const listed = new Set(requests.map(({ request }) => request.id));
    for (const shown of requests) this.#keep(shown);
    this.#publish();
    return [...this.#byId.values()]
      .filter((shown) => isOpen(shown) && !listed.has(shown.request.id))
      .map(({ request }) => request.id);
  }

  put(...requests: readonly ShownRequest[]): void {
    for (const shown of requests) this.#keep(shown);
    this.#publish();
  }

  /** The gateway knows it no longer, or shows it to this person no longer. */
  drop(id: RequestId): void {
    if (this.#byId.delete(id)) this.#publish();
  }

  clear(): void {
    this.#byId.clear();
    this.#publish();
  }

  #keep(shown: ShownRequest): void {
    const known = this.#byId.get(shown.request.id);
    if (known !== undefined && known.request.revision > shown.request.revision) return;
    this.#byId.set(shown.request.id, shown);
  }

  #publish(): void {
    const settled = [...this.#byId.values()].filter((shown) => !isOpen(shown)).sort(newestFirst);
    for (const { request } of settled.slice(SETTLED_KEPT)) this.#byId.delete(request.id);
    this.shown.set([...this.#byId.values()]);
  }
}
