import type { Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';

/** RFC 6749 section 5.2 wants status 400 and an error; this one is of section 4.1.2.1. */
const NOT_RECORDED = {
  error: 'temporarily_unavailable',
  error_description: 'The gateway can not record this sign-in, so nobody is signed in. Sign in again later.',
};

/**
 * Tokens of a new sign-in leave once it is recorded. When it can't be, its grant goes, which all of its tokens hang on.
 * A renewal is no new sign-in: it has the one that it renews.
 */
export function recordedFirst(
  recorded: (accountId: string, network: string) => Promise<void>,
): Middleware<object, KoaContextWithOIDC> {
  return async (context, next) => {
    await next();
    const { oidc, status } = context;
    if (context.path !== '/token' || status !== 200 || oidc.params?.grant_type === 'refresh_token') return;
    try {
      await recorded(oidc.entities.Account?.accountId ?? '', context.ip);
    } catch {
      context.status = 400;
      context.body = NOT_RECORDED;
      await oidc.entities.Grant?.destroy().catch(() => undefined);
    }
  };
}
