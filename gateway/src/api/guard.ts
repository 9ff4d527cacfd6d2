import type { IncomingMessage } from 'node:http';
import { SluiceError } from '../../contract/error.ts';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Refuses requests that a web page could have made: a Host that isn't one of ours (DNS rebinding), or an Origin
 * that isn't the Host. There is no CORS. A request target that is no path is refused too, so that whoever comes
 * after may read it as one.
 *
 * @throws SluiceError `request.invalid`
 */
export function guard(request: IncomingMessage, hostNames: ReadonlySet<string>): void {
  if (!isPath(request.url ?? '')) {
    throw new SluiceError('request.invalid', 'The request names no path that could be read.', '');
  }
  const host = request.headers.host ?? '';
  const name = HOST.test(host) ? (URL.parse(`http://${host}`)?.hostname ?? '') : '';
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

/** Host and port alone (RFC 9110 section 7.2): a URL parser would take user information before them. */
const HOST = /^[^\s@/?#\\]+$/;

/** Origin-form (RFC 9112 section 3.2.1), with escapes that decode. */
function isPath(target: string): boolean {
  if (!target.startsWith('/') || target.startsWith('//') || target.startsWith('/\\')) return false;
  const url = URL.parse(target, 'http://gateway');
  if (url === null) return false;
  try {
    decodeURIComponent(url.pathname);
    return true;
  } catch {
    return false;
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
