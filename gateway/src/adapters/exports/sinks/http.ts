import { request as requestHttp } from 'node:http';
import { type RequestOptions, request as requestHttps } from 'node:https';
import type { Secret } from '../../../core/access/secret.ts';
import { type Line, NotTaken, type Sink, unreachable } from './sink.ts';

export type HttpSinkOptions = {
  url: Secret;
  token?: Secret;
  /** PEM of the authority to trust instead of the system's. */
  ca?: string;
  timeoutMs?: number;
};

const TIMEOUT_MS = 30_000;
const CONTENT_TOO_LARGE = 413;

/** Posts batches of lines (`application/x-ndjson`); 200 to 299 says that all were taken. Redirects are not followed. */
export class HttpSink implements Sink {
  readonly #options: HttpSinkOptions;

  constructor(options: HttpSinkOptions) {
    this.#options = options;
  }

  async send(lines: readonly Line[], stopped: AbortSignal): Promise<void> {
    const { status } = await this.#post(Buffer.from(lines.map(({ json }) => `${json}\n`).join('')), stopped);
    if (status >= 200 && status <= 299) return;
    throw new NotTaken(`It answered ${status}.`, status === CONTENT_TOO_LARGE);
  }

  #post(body: Buffer, stopped: AbortSignal): Promise<{ status: number }> {
    const { url, token, ca, timeoutMs = TIMEOUT_MS } = this.#options;
    const address = new URL(url.reveal());
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number }>();
    const options: RequestOptions = {
      method: 'POST',
      headers: {
        'content-type': 'application/x-ndjson; charset=utf-8',
        'content-length': body.length,
        'user-agent': 'sluice',
        ...(token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` }),
      },
      signal: AbortSignal.any([stopped, AbortSignal.timeout(timeoutMs)]),
      ...(ca === undefined ? {} : { ca }),
    };
    const request = address.protocol === 'https:' ? requestHttps : requestHttp;
    const posted = request(address, options, (response) => {
      const { statusCode = 0 } = response;
      response.on('error', (error) => reject(unreachable('The address', error)));
      // What it says besides is nothing to us; the connection is done with once it is read.
      response.on('end', () => resolve({ status: statusCode }));
      response.resume();
    });
    posted.on('error', (error) => reject(unreachable('The address', error)));
    posted.end(body);
    return promise;
  }
}
