/** Loaded when somebody signs in: a bundle of its own (dist/extension/oauth.cjs). */
import * as oidc from 'openid-client';
import type { AuthorizationClient, CodeFlow, DeviceFlow } from './authorization-client.ts';
import type { Tokens } from './tokens.ts';

const SCOPE = 'openid profile email offline_access';
/** Assumed when the server doesn't say how long an access token lives. */
const DEFAULT_LIFETIME_S = 300;

/** Reads the issuer's metadata (RFC 8414) and gives a client for it. Rejects when it does not answer. */
export async function authorizationClient(issuer: URL, clientId: string): Promise<AuthorizationClient> {
  const config = await discover(issuer, clientId);
  return {
    device: (signal) => device(config, signal),
    code: (redirectUri) => code(config, redirectUri),
    refresh: async (refreshToken) => toTokens(await oidc.refreshTokenGrant(config, refreshToken)),
    revoke: async (token) => {
      await oidc.tokenRevocation(config, token);
    },
    isRefused: (error) => error instanceof oidc.ResponseBodyError && error.status < 500,
  };
}

function discover(issuer: URL, clientId: string): Promise<oidc.Configuration> {
  const execute = issuer.protocol === 'http:' ? [oidc.allowInsecureRequests] : [];
  return oidc.discovery(issuer, clientId, undefined, oidc.None(), { execute });
}

/** RFC 8628. */
async function device(config: oidc.Configuration, signal: AbortSignal): Promise<DeviceFlow> {
  const answer = await oidc.initiateDeviceAuthorization(config, { scope: SCOPE });
  return {
    userCode: answer.user_code,
    verificationUri: answer.verification_uri,
    verificationUriComplete: answer.verification_uri_complete ?? answer.verification_uri,
    expiresInS: answer.expires_in,
    poll: async () => {
      const tokens = await oidc.pollDeviceAuthorizationGrant(config, answer, undefined, { signal });
      return toTokens(tokens);
    },
  };
}

/** Authorization code with PKCE (RFC 7636); `redirectUri` is a loopback address or a URI handler. */
async function code(config: oidc.Configuration, redirectUri: string): Promise<CodeFlow> {
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: SCOPE,
    state,
    prompt: 'consent',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  return {
    url: url.href,
    finish: async (callback) =>
      toTokens(
        await oidc.authorizationCodeGrant(config, new URL(callback), {
          pkceCodeVerifier: verifier,
          expectedState: state,
        }),
      ),
  };
}

function toTokens(answer: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers): Tokens {
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? null,
    expiresAtMs: Date.now() + (answer.expiresIn() ?? DEFAULT_LIFETIME_S) * 1000,
  };
}
