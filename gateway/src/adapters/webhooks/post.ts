import type { WebhookConfig } from '../../config.ts';
import { signature } from './signature.ts';

/** What a try came to. `why` is a sentence for whoever looks at dead letters. */
export type Posted = { kind: 'taken' } | { kind: 'failed'; why: string };

const TIMEOUT_MS = 10_000;

/** Posts a message once. What is answered is not read, but for the status; redirects are not followed. */
export async function post(
  { url, secret }: WebhookConfig,
  { delivery, event, body }: { delivery: string; event: string; body: string },
  atMs: number,
  stopped: AbortSignal,
): Promise<Posted> {
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'sluice',
    'sluice-event': event,
    'sluice-delivery': delivery,
    ...(secret === undefined ? {} : { 'sluice-signature': signature(secret, atMs, body) }),
  };
  try {
    const response = await fetch(url.reveal(), {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.any([stopped, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await response.body?.cancel();
    return response.ok ? { kind: 'taken' } : { kind: 'failed', why: `It answered ${response.status}.` };
  } catch (error) {
    return { kind: 'failed', why: whyOf(error) };
  }
}

/** The address is a secret, and a library's message could hold it. */
function whyOf(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return `It did not answer within ${TIMEOUT_MS / 1000} seconds.`;
  }
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return `It can not be reached${code}.`;
}
