import type { z } from 'zod';
import type { Endpoint } from '../../../gateway/contract/endpoint.ts';
import { endpoints } from '../../../gateway/contract/endpoints.ts';
import { ErrorBody, SluiceError } from '../../../gateway/contract/error.ts';

export type Endpoints = typeof endpoints;
export type EndpointName = keyof Endpoints;
export type Reply<Name extends EndpointName> = z.output<Endpoints[Name]['reply']>;

/** What an endpoint is asked with: `params` go into path and query, `body` is JSON. */
export type Ask<Name extends EndpointName> = {
  params: z.input<Endpoints[Name]['params']>;
  body: z.input<Endpoints[Name]['body']>;
};

export type HttpClientOptions = {
  /** `http://127.0.0.1:8080`, without a trailing slash. */
  url: string;
  /** The bearer token in force, or null when signed out. */
  token: () => Promise<string | null>;
  /** Called when the gateway itself does not answer. */
  onUnreachable?: () => void;
  fetch?: typeof fetch;
  timeoutMs?: number;
};

const DEFAULT_TIMEOUT_MS = 20_000;

/** Calls the gateway's endpoint table. Replies and errors are parsed; nothing else is believed. */
export class HttpClient {
  readonly url: string;
  readonly #options: HttpClientOptions;

  constructor(options: HttpClientOptions) {
    this.url = options.url.replace(/\/+$/, '');
    this.#options = options;
  }

  /**
   * Asks one endpoint.
   * @throws SluiceError with the gateway's code, `identity.signInRequired` when signed out,
   * `target.unreachable` when the gateway does not answer, `contract.mismatch` when its reply does not parse.
   */
  async ask<Name extends EndpointName>(
    name: Name,
    ask: Partial<Ask<Name>> = {},
    signal?: AbortSignal,
  ): Promise<Reply<Name>> {
    const endpoint: Endpoint = endpoints[name];
    const response = await this.#send(endpoint, ask, signal);
    const json: unknown = await response.json().catch(() => undefined);
    if (!response.ok) throw toError(response.status, json);
    const reply = endpoint.reply.safeParse(json);
    if (reply.success) return reply.data as Reply<Name>;
    throw new SluiceError(
      'contract.mismatch',
      `The gateway answered ${endpoint.path} in a way this version does not understand.`,
      'Update the extension or the gateway, whichever is older.',
      { cause: reply.error },
    );
  }

  /**
   * Asks an endpoint whose reply is no JSON: its bytes as they come, for as long as they take.
   * @throws SluiceError as `ask` does
   */
  async stream<Name extends EndpointName>(
    name: Name,
    ask: Partial<Ask<Name>>,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array>> {
    const unanswered = new AbortController();
    const clock = setTimeout(() => unanswered.abort(), this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const either = AbortSignal.any([signal, unanswered.signal]);
    const response = await this.#fetch(endpoints[name], ask, either, signal).finally(() =>
      clearTimeout(clock),
    );
    if (response.ok && response.body !== null) return response.body;
    throw toError(response.status, await response.json().catch(() => undefined));
  }

  async #send(endpoint: Endpoint, ask: { params?: unknown; body?: unknown }, signal?: AbortSignal) {
    const timeout = AbortSignal.timeout(this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    return this.#fetch(endpoint, ask, either, signal);
  }

  /** `wanted` is aborted when nobody wants the answer any more; `signal` also when it takes too long. */
  async #fetch(
    endpoint: Endpoint,
    ask: { params?: unknown; body?: unknown },
    signal: AbortSignal,
    wanted: AbortSignal | undefined,
  ): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (endpoint.auth === 'bearer') headers.authorization = `Bearer ${await this.#token()}`;
    if (endpoint.method === 'POST') headers['content-type'] = 'application/json';
    const params = endpoint.params.parse(ask.params ?? {}) as Record<string, unknown>;
    try {
      return await (this.#options.fetch ?? fetch)(this.url + pathOf(endpoint.path, params), {
        method: endpoint.method,
        headers,
        signal,
        ...(endpoint.method === 'POST' ? { body: JSON.stringify(ask.body ?? {}) } : {}),
      });
    } catch (cause) {
      if (wanted?.aborted === true) throw cause;
      this.#options.onUnreachable?.();
      throw unreachable(this.url, cause);
    }
  }

  async #token(): Promise<string> {
    const token = await this.#options.token();
    if (token !== null) return token;
    throw new SluiceError('identity.signInRequired', 'You are signed out.', 'Run “Sluice: Sign In”.');
  }
}

/** Path parameters into `{name}`, the rest into the query string; undefined ones are left out. */
function pathOf(path: string, params: Record<string, unknown>): string {
  const query = new URLSearchParams();
  let filled = path;
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined) continue;
    if (filled.includes(`{${name}}`)) filled = filled.replace(`{${name}}`, encodeURIComponent(String(value)));
    else query.set(name, String(value));
  }
  return query.size === 0 ? filled : `${filled}?${query}`;
}

function toError(status: number, json: unknown): SluiceError {
  const body = ErrorBody.safeParse(json);
  if (body.success) return new SluiceError(body.data.code, body.data.message, body.data.next);
  if (status === 401) {
    return new SluiceError(
      'identity.tokenInvalid',
      'The gateway no longer accepts this sign-in.',
      'Sign in again.',
    );
  }
  return new SluiceError(
    'internal.fault',
    `The gateway answered with HTTP status ${status}.`,
    'Its log says more.',
  );
}

/** The gateway itself does not answer. */
export function unreachable(url: string, cause: unknown): SluiceError {
  return new SluiceError(
    'target.unreachable',
    `The gateway at ${url} does not answer.`,
    'Check its address in the settings, and that it runs.',
    { cause },
  );
}
