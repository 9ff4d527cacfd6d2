import * as openid from 'openid-client';
import { SluiceError } from '../../contract/error.ts';
import { hello } from './gateway-client.ts';
import type { KeptFiles, Tokens } from './kept-files.ts';

const SCOPE = 'openid profile email offline_access';
const RENEW_BEFORE_MS = 60_000;
const DEFAULT_LIFE_S = 300;

/** A kept access token, renewed when it ends soon; otherwise the person signs in by device code (RFC 8628). */
export async function accessToken(
  gateway: string,
  kept: KeptFiles,
  say: (text: string) => void,
): Promise<string> {
  const tokens = kept.tokens(gateway);
  if (tokens !== null && tokens.expiresAtMs - Date.now() > RENEW_BEFORE_MS) return tokens.accessToken;
  if (tokens !== null) {
    const renewed = await renew(gateway, tokens);
    if (renewed !== null) {
      kept.keepTokens(gateway, renewed);
      return renewed.accessToken;
    }
    kept.keepTokens(gateway, null);
  }
  return (await signIn(gateway, kept, say)).accessToken;
}

export async function signIn(gateway: string, kept: KeptFiles, say: (text: string) => void): Promise<Tokens> {
  const config = await authorizationServer(gateway);
  const device = await openid.initiateDeviceAuthorization(config, { scope: SCOPE });
  say(`To sign in, open ${device.verification_uri_complete ?? device.verification_uri}`);
  say(`and check that it shows the code ${device.user_code}. Waiting …`);
  try {
    const tokens = tokensOf(await openid.pollDeviceAuthorizationGrant(config, device));
    kept.keepTokens(gateway, tokens);
    return tokens;
  } catch (cause) {
    if (!(cause instanceof openid.ResponseBodyError)) throw cause;
    const why = cause.error === 'access_denied' ? 'it was refused in the browser' : 'the code has run out';
    throw new SluiceError(
      'identity.signInRequired',
      `You were not signed in: ${why}.`,
      'Run the command again.',
      {
        cause,
      },
    );
  }
}

/** Ends the kept sign-in at the gateway. False when there is none. */
export async function signOut(gateway: string, kept: KeptFiles): Promise<boolean> {
  const tokens = kept.tokens(gateway);
  if (tokens === null) return false;
  await openid.tokenRevocation(await authorizationServer(gateway), tokens.refreshToken);
  kept.keepTokens(gateway, null);
  return true;
}

/** Null when the gateway refuses: the sign-in has ended. */
async function renew(gateway: string, tokens: Tokens): Promise<Tokens | null> {
  const config = await authorizationServer(gateway);
  try {
    return tokensOf(await openid.refreshTokenGrant(config, tokens.refreshToken));
  } catch (error) {
    if (error instanceof openid.ResponseBodyError) return null;
    throw error;
  }
}

async function authorizationServer(gateway: string): Promise<openid.Configuration> {
  const { issuer, clientId } = await hello(gateway);
  const url = new URL(issuer);
  const execute = url.protocol === 'http:' ? [openid.allowInsecureRequests] : [];
  return openid.discovery(url, clientId, undefined, openid.None(), { execute });
}

function tokensOf(reply: Awaited<ReturnType<typeof openid.refreshTokenGrant>>): Tokens {
  if (reply.refresh_token === undefined) throw new TypeError('the gateway gave no refresh token');
  return {
    accessToken: reply.access_token,
    refreshToken: reply.refresh_token,
    expiresAtMs: Date.now() + (reply.expiresIn() ?? DEFAULT_LIFE_S) * 1000,
  };
}
