import { SluiceError } from '../../../gateway/contract/error.ts';
import type { Hello } from '../../../gateway/contract/hello.ts';
import { Signal } from '../signal.ts';
import { checkContract } from './contract-check.ts';
import { HttpClient } from './http-client.ts';

/** Where the gateway stands, as every surface shows it. */
export type GatewayState =
  | { kind: 'off' }
  | { kind: 'starting' }
  | { kind: 'ready'; url: string; hello: Hello }
  | { kind: 'unreachable'; error: SluiceError }
  | { kind: 'mismatch'; error: SluiceError };

/** Says where the gateway listens, now and whenever it moves. */
export type GatewaySource = {
  start(onUrl: (url: string) => void, onLost: (why: SluiceError) => void): void;
  stop(): Promise<void>;
};

/** A gateway at a fixed address. */
export function remoteSource(url: string): GatewaySource {
  return { start: (onUrl) => onUrl(url), stop: async () => undefined };
}

const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 30_000;
/** One that is just starting may take the question and never answer it: it is asked again. */
const HELLO_TIMEOUT_MS = 5_000;

/** Follows one gateway: says hello, checks the contract, tries again with back-off while it is away. */
export class GatewayConnection {
  readonly state = new Signal<GatewayState>({ kind: 'off' });
  readonly #token: () => Promise<string | null>;
  #source: GatewaySource | null = null;
  #url: string | null = null;
  #retry: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  /** Grows with each attempt, so that a late answer of an earlier one is ignored. */
  #attempt = 0;

  constructor(token: () => Promise<string | null>) {
    this.#token = token;
  }

  /** Leaves the former gateway, if any, and follows this one. */
  async use(source: GatewaySource): Promise<void> {
    await this.stop();
    this.#source = source;
    this.state.set({ kind: 'starting' });
    source.start(
      (url) => {
        this.#url = url;
        void this.refresh();
      },
      (error) => {
        this.#attempt++;
        this.#url = null;
        this.state.set({ kind: 'unreachable', error });
      },
    );
  }

  /** Says hello (again). Never rejects: the outcome is in `state`. */
  async refresh(): Promise<void> {
    const url = this.#url;
    if (url === null) return;
    clearTimeout(this.#retry);
    const attempt = ++this.#attempt;
    const next = await this.#sayHello(url);
    if (attempt !== this.#attempt) return;
    if (next.kind === 'unreachable') this.#retryLater();
    else this.#retryMs = FIRST_RETRY_MS;
    if (!isSame(this.state.value, next)) this.state.set(next);
  }

  /** The state once it is no longer `starting`, at the latest after `timeoutMs`. */
  async settled(timeoutMs = 60_000): Promise<GatewayState> {
    if (this.state.value.kind !== 'starting') return this.state.value;
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(clock);
        stop();
        resolve(this.state.value);
      };
      const clock = setTimeout(done, timeoutMs);
      const stop = this.state.follow(done);
    });
  }

  /** A client for the gateway. @throws SluiceError when it is not ready. */
  async client(): Promise<HttpClient> {
    const state = await this.settled();
    if (state.kind === 'ready') {
      const onUnreachable = () => void this.refresh();
      return new HttpClient({ url: state.url, token: this.#token, onUnreachable });
    }
    if (state.kind === 'unreachable' || state.kind === 'mismatch') throw state.error;
    throw new SluiceError('target.unreachable', 'The gateway has not started yet.', 'Try again in a moment.');
  }

  async stop(): Promise<void> {
    this.#attempt++;
    clearTimeout(this.#retry);
    this.#url = null;
    const source = this.#source;
    this.#source = null;
    this.state.set({ kind: 'off' });
    await source?.stop();
  }

  async #sayHello(url: string): Promise<GatewayState> {
    try {
      const hello = await new HttpClient({ url, token: async () => null, timeoutMs: HELLO_TIMEOUT_MS }).ask(
        'hello',
      );
      checkContract(hello);
      return { kind: 'ready', url, hello };
    } catch (error) {
      const known = error instanceof SluiceError ? error : new SluiceError('internal.fault', String(error));
      return { kind: known.code === 'contract.mismatch' ? 'mismatch' : 'unreachable', error: known };
    }
  }

  #retryLater(): void {
    this.#retry = setTimeout(() => void this.refresh(), this.#retryMs);
    this.#retry.unref();
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
  }
}

/** The same gateway as before, still there: nobody needs to look again. */
function isSame(before: GatewayState, after: GatewayState): boolean {
  return before.kind === 'ready' && JSON.stringify(before) === JSON.stringify(after);
}
