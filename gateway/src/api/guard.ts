import type { IncomingMessage } from 'node:http';
import { SluiceError } from '../../contract/error.ts';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Refuses requests that a web page could have made: a Host that isn't one of ours (DNS rebinding), or an Origin
 * that isn't the Host. There is no CORS.
 *
 * @throws SluiceError `request.invalid`
 */
export function guard(request: IncomingMessage, hostNames: ReadonlySet<string>): void {
  const host = request.headers.host ?? '';
  const name = URL.parse(`http://${host}`)?.hostname ?? '';
  if (!hostNames.has(name)) {
    throw new SluiceError(
      'request.invalid',
      `This gateway does not answer to the name "${name}".`,
      'Use its own address, or add the name to tls.hostNames or publicUrl in the configuration.',
    );
  }
  const origin = request.headers.origin;
  if (origin !== undefined && URL.parse(origin)?.host !== host) {
    throw new SluiceError('request.invalid', 'Requests of other web pages are not answered.', '');
  }
}

/** The names to answer to: loopback's own when listening there, the address itself, and the configured ones. */
export function knownHostNames(listenHost: string, further: readonly string[]): ReadonlySet<string> {
  const own = listenHost.includes(':') ? `[${listenHost}]` : listenHost;
  const local = isLoopback(listenHost) || isAnyAddress(listenHost) ? LOOPBACK_NAMES : [];
  return new Set([own, ...local, ...further.map((name) => name.toLowerCase())]);
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function isAnyAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}
