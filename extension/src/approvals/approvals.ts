import type { ShownRequest } from '../../../gateway/contract/approval-request.ts';
import { SluiceError } from '../../../gateway/contract/error.ts';
import type { RequestId } from '../../../gateway/contract/ids.ts';
import type { requestEndpoints } from '../../../gateway/contract/request-endpoints.ts';
import type { Ask, HttpClient } from '../gateway/http-client.ts';
import { Signal } from '../signal.ts';
import { RequestBook } from './request-book.ts';
import { RequestChannel } from './request-channel.ts';

/** What a person does with a request, by the name of its endpoint. */
export type ActName = Exclude<keyof typeof requestEndpoints, 'requests' | 'request' | 'newRequest'>;

export type ApprovalsOptions = {
  client: () => Promise<HttpClient>;
  token: () => Promise<string | null>;
};

/** Requests for approval as this window knows them, kept up to date by the gateway, and what may be done with them. */
export class Approvals {
  readonly book = new RequestBook();
  /** Whether the gateway tells of changes now. */
  readonly isLive = new Signal(false);
  readonly #options: ApprovalsOptions;
  readonly #channel: RequestChannel;
  #hasHistory = false;

  constructor(options: ApprovalsOptions) {
    this.#options = options;
    this.#channel = new RequestChannel({
      access: () => this.#access(),
      onOpen: (requests) => this.#opened(requests),
      onRequest: (shown) => this.book.put(shown),
      onLost: () => this.isLive.set(false),
    });
  }

  /** Follows the gateway for whoever is signed in. */
  follow(): void {
    this.#channel.start();
  }

  /** Nobody is signed in, or there is no gateway: what one person was shown is nothing for the next. */
  stop(): void {
    this.#channel.stop();
    this.isLive.set(false);
    this.#hasHistory = false;
    this.book.clear();
  }

  /** Does something with a request, and keeps what became of it. @throws SluiceError `approval.refused`, … */
  async act<Name extends ActName>(
    name: Name,
    request: RequestId,
    body: Ask<Name>['body'],
  ): Promise<ShownRequest> {
    const client = await this.#options.client();
    const ask: Partial<Ask<Name>> = { params: { request }, body } as Partial<Ask<Name>>;
    try {
      const shown: ShownRequest = await client.ask(name, ask);
      this.book.put(shown);
      return shown;
    } catch (error) {
      // Somebody else was quicker: what is shown must not stay behind.
      void this.#askAgain(request);
      throw error;
    }
  }

  /** Asks beforehand. @throws SluiceError `approval.refused` where there is nothing to ask for */
  async ask(wanted: Ask<'newRequest'>['body']): Promise<ShownRequest> {
    const client = await this.#options.client();
    const shown = await client.ask('newRequest', { body: wanted });
    this.book.put(shown);
    return shown;
  }

  /** Settled ones too, from now on. */
  async loadHistory(): Promise<void> {
    const client = await this.#options.client();
    const { requests } = await client.ask('requests', { params: { status: 'all' } });
    this.#hasHistory = true;
    this.book.put(...requests);
  }

  async #access(): Promise<{ url: string; token: string } | null> {
    const token = await this.#options.token();
    if (token === null) return null;
    const { url } = await this.#options.client();
    return { url, token };
  }

  #opened(requests: ShownRequest[]): void {
    for (const missed of this.book.opened(requests)) void this.#askAgain(missed);
    this.isLive.set(true);
    if (this.#hasHistory) void this.loadHistory().catch(() => undefined);
  }

  async #askAgain(request: RequestId): Promise<void> {
    try {
      const client = await this.#options.client();
      this.book.put(await client.ask('request', { params: { request } }));
    } catch (error) {
      if (error instanceof SluiceError && error.code === 'approval.unknown') this.book.drop(request);
    }
  }
}
