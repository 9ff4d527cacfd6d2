import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { APPROVAL_PAGE_PATH, cardPath } from '../../../contract/approval-page.ts';
import { SluiceError } from '../../../contract/error.ts';
import { RequestId } from '../../../contract/ids.ts';
import { callerOf } from '../bearer.ts';
import { seenRequest, viewerOf } from '../request-view.ts';
import { sendError } from '../respond.ts';
import type { ApiServices } from '../services.ts';
import { card } from './card.ts';
import { shell } from './shell.ts';

const NONCE_BYTES = 18;
const SCRIPT_PATH = `${APPROVAL_PAGE_PATH}/page.js`;

/** Whether a path is one of the approval page. */
export function isOfPage(path: string): boolean {
  return path.startsWith(`${APPROVAL_PAGE_PATH}/`);
}

/** Serves the approval page: the shell and the script to everybody, a card to who is signed in and may see it. */
export function approvalPage(services: ApiServices) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      await serve(services, request, response);
    } catch (error) {
      if (!(error instanceof SluiceError)) services.fault(error);
      if (response.headersSent) response.destroy();
      else sendError(response, error);
    }
  };
}

async function serve(
  services: ApiServices,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://gateway');
  const id = decodeURIComponent(pathname.split('/')[2] ?? '');
  if (request.method !== 'GET') {
    response.setHeader('allow', 'GET');
    const why = new SluiceError('request.invalid', `${pathname} takes GET.`, '');
    return sendError(response, why, 405);
  }
  if (pathname === SCRIPT_PATH && services.pageScript !== null) {
    response.writeHead(200, {
      ...COMMON_HEADERS,
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'no-cache',
    });
    response.end(services.pageScript);
  } else if (pathname === cardPath(id)) {
    const { principal } = await callerOf(request, services.authentication, 'requests');
    const shown = seenRequest(services, RequestId.parse(id), viewerOf(services, principal));
    sendHtml(response, card(shown).text, "default-src 'none'");
  } else if (/^\/requests\/[^/]+$/.test(pathname) && pathname !== SCRIPT_PATH) {
    sendShell(services, response);
  } else {
    throw new SluiceError('request.notFound', `There is nothing at ${pathname}.`, '');
  }
}

function sendShell({ hello, pageScript }: ApiServices, response: ServerResponse): void {
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  const base = new URL('/', hello.issuer).href;
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    // The script sends what forms hold; without it nothing is sent.
    "form-action 'none'",
  ].join('; ');
  sendHtml(response, shell(nonce, base, hello.issuer, pageScript !== null).text, policy);
}

function sendHtml(response: ServerResponse, text: string, policy: string): void {
  response.writeHead(200, {
    ...COMMON_HEADERS,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `${policy}; base-uri 'none'; frame-ancestors 'none'`,
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'x-frame-options': 'DENY',
  });
  response.end(text);
}

const COMMON_HEADERS = {
  // The address of a sign-in that comes back holds a code.
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;
