import { APPROVAL_PAGE_CALLBACK, APPROVAL_PAGE_CLIENT_ID } from '../../../gateway/contract/approval-page.ts';

/** What came of a sign-in, and for which request it was begun. */
export type SignedIn =
  | { kind: 'signedIn'; token: string; request: string }
  | { kind: 'failed'; why: string; request: string | null };

type Begun = { state: string; verifier: string; request: string };

const KEPT = 'sluice.sign-in';

/** Where to send the browser (RFC 6749 section 4.1 with RFC 7636). What it begins with is kept for this tab alone. */
export async function beginSignIn(issuer: string, request: string): Promise<string> {
  const { authorization_endpoint } = await discovered(issuer);
  const begun: Begun = { state: random(), verifier: random(), request };
  sessionStorage.setItem(KEPT, JSON.stringify(begun));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(begun.verifier));
  const url = new URL(authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: APPROVAL_PAGE_CLIENT_ID,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: redirect(),
    state: begun.state,
    code_challenge: base64Url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
  }).toString();
  return url.href;
}

/** Turns the code in the address into an access token. Nothing counts that this tab did not begin. */
export async function finishSignIn(issuer: string, came: URLSearchParams): Promise<SignedIn> {
  const begun = taken();
  if (begun === null) {
    return { kind: 'failed', why: 'This sign-in was not begun here. Open the link again.', request: null };
  }
  const { request, verifier } = begun;
  const code = came.get('code');
  if (came.get('state') !== begun.state || code === null) {
    return { kind: 'failed', why: came.get('error_description') ?? 'You were not signed in.', request };
  }
  try {
    const { token_endpoint } = await discovered(issuer);
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: APPROVAL_PAGE_CLIENT_ID,
      redirect_uri: redirect(),
      code,
      code_verifier: verifier,
    });
    const answer = await fetch(token_endpoint, { method: 'POST', body });
    const { access_token } = await answer.json();
    if (answer.ok && typeof access_token === 'string')
      return { kind: 'signedIn', token: access_token, request };
  } catch {
    // Told below.
  }
  return { kind: 'failed', why: 'The sign-in could not be completed.', request };
}

async function discovered(
  issuer: string,
): Promise<{ authorization_endpoint: string; token_endpoint: string }> {
  const answer = await fetch(`${issuer}/.well-known/openid-configuration`);
  return answer.json();
}

function taken(): Begun | null {
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  return kept === null ? null : JSON.parse(kept);
}

function redirect(): string {
  return new URL(APPROVAL_PAGE_CALLBACK, location.origin).href;
}

function random(): string {
  return base64Url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
