/** What the approval page, its script and the gateway's authorization server agree on. */

/** Each request has its page at `/requests/{id}`. */
export const APPROVAL_PAGE_PATH = '/requests';

/** Where a sign-in comes back to; the same page. */
export const APPROVAL_PAGE_CALLBACK = '/requests/callback';

/** Public, no secret, no refresh token: a page holds its access token in memory and nothing longer. */
export const APPROVAL_PAGE_CLIENT_ID = 'sluice-page';

/** Where somebody who is signed in gets a request's card as HTML. */
export function cardPath(request: string): string {
  return `${APPROVAL_PAGE_PATH}/${encodeURIComponent(request)}/card`;
}
