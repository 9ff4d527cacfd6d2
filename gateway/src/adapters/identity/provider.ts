import type { Context } from 'koa';
import Provider, {
  type AccountClaims,
  type AdapterFactory,
  type Configuration,
  interactionPolicy,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import { z } from 'zod';
import { APPROVAL_PAGE_CALLBACK, APPROVAL_PAGE_CLIENT_ID } from '../../../contract/approval-page.ts';
import { pageHeaders } from './page.ts';
import { confirmCodePage, enterCodePage, problemPage, signedInPage } from './pages.ts';
import type { Person } from './people.ts';
import type { ProviderKeys } from './provider-keys.ts';

/** The extension and the command line, which keep no secret. */
export const CLIENT_ID = 'sluice';
/** All clients of this authorization server; the approval page is the other. */
export const CLIENT_IDS: readonly string[] = [CLIENT_ID, APPROVAL_PAGE_CLIENT_ID];
const CLIENT_NAME = 'Sluice';
/** `ssh`, which signs people in by device code; no token is ever issued to it. */
export const SSH_CLIENT_ID = 'sluice-ssh';
const DEVICE_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** Loopback redirects match with any port (RFC 8252 section 7.3); the others open an editor. */
const LOOPBACK_REDIRECTS = ['http://127.0.0.1/callback', 'http://[::1]/callback'];
const EDITOR_SCHEMES = ['vscode', 'vscode-insiders', 'vscodium', 'code-oss', 'cursor'];
const EDITOR_REDIRECTS = EDITOR_SCHEMES.map((scheme) => `${scheme}://sluice.sluice/callback`);

/** Where sign-in forms may lead, for `form-action` (which knows no IPv6 addresses). */
export const SIGN_IN_TARGETS = ['http://127.0.0.1:*', ...EDITOR_SCHEMES.map((scheme) => `${scheme}:`)];

const DEVICE_CODE_SECONDS = 600;
/** How often a waiting client may ask; RFC 8628 lets it wait five seconds when it isn't told. */
const POLL_SECONDS = 1;
const INTERACTION_SECONDS = 900;

export type ProviderSettings = {
  issuer: string;
  keys: ProviderKeys;
  storage: AdapterFactory;
  accessTokenSeconds: number;
  signInSeconds: number;
  /** The person as of now, re-read from where they come from; null ends the sign-in. */
  account(id: string): Promise<Person | null>;
};

/** The gateway's own OAuth 2.0 authorization server: code with PKCE, device code, rotating refresh tokens. */
export function authorizationServer(settings: ProviderSettings): Provider {
  const provider = new Provider(settings.issuer, configuration(settings));
  provider.use(async (context, next) => {
    startsFromNobody(context);
    context.set(pageHeaders(SIGN_IN_TARGETS));
    context.remove('content-type');
    if (context.path === '/device' && typeof context.query.user_code === 'string') {
      // oidc-provider would answer with a page that submits itself by a script; ours asks instead.
      context.state.userCode = context.query.user_code;
      context.url = '/device';
    }
    await next();
  });
  provider.on('device_authorization.success', (_context, reply) => {
    reply.interval = POLL_SECONDS;
  });
  return provider;
}

const SESSION_COOKIES = ['_session', '_session.sig'];

/** Every sign-in asks who is there: a browser keeps nobody signed in at the gateway. */
function startsFromNobody(context: Context): void {
  const { path, method, request, cookies } = context;
  if (method !== 'GET' || (path !== '/auth' && path !== '/device')) return;
  const sent = request.headers.cookie?.split('; ') ?? [];
  const kept = sent.filter((cookie) => !SESSION_COOKIES.includes(cookie.split('=')[0] ?? ''));
  if (kept.length === sent.length) return;
  request.headers.cookie = kept.join('; ');
  for (const name of SESSION_COOKIES) cookies.set(name, null, { signed: false });
}

function configuration(settings: ProviderSettings): Configuration {
  return {
    adapter: settings.storage,
    clients: [
      {
        client_id: CLIENT_ID,
        client_name: CLIENT_NAME,
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token', DEVICE_CODE_GRANT],
        response_types: ['code'],
        redirect_uris: [...LOOPBACK_REDIRECTS, ...EDITOR_REDIRECTS],
      },
      {
        client_id: APPROVAL_PAGE_CLIENT_ID,
        client_name: CLIENT_NAME,
        application_type: 'web',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: [new URL(APPROVAL_PAGE_CALLBACK, settings.issuer).href],
      },
      {
        client_id: SSH_CLIENT_ID,
        client_name: CLIENT_NAME,
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: [DEVICE_CODE_GRANT],
        response_types: [],
        redirect_uris: [],
      },
    ],
    jwks: settings.keys.jwks,
    cookies: { keys: [settings.keys.cookieKey] },
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    claims: { openid: ['sub', 'groups'], profile: ['name'], email: ['email'] },
    conformIdTokenClaims: false,
    rotateRefreshToken: true,
    issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: () => false,
    revokeGrantPolicy: () => true,
    // Browsers name their page's origin also where it is the gateway's own.
    clientBasedCORS: (_context, origin, client) =>
      client.clientId === APPROVAL_PAGE_CLIENT_ID && origin === new URL(settings.issuer).origin,
    features: {
      devInteractions: { enabled: false },
      deviceFlow: {
        enabled: true,
        // Kept of a client that asks over HTTP: nothing.
        deviceInfo: () => ({}),
        charset: 'base-20',
        mask: '****-****',
        userCodeInputSource,
        userCodeConfirmSource,
        successSource: (context) => {
          context.body = signedInPage(CLIENT_NAME);
        },
      },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: (_context, client, token) => token.clientId === client.clientId,
      },
      rpInitiatedLogout: { enabled: false },
    },
    ttl: {
      AccessToken: () => settings.accessTokenSeconds,
      AuthorizationCode: () => 60,
      DeviceCode: () => DEVICE_CODE_SECONDS,
      Grant: () => settings.signInSeconds,
      IdToken: () => settings.accessTokenSeconds,
      Interaction: () => INTERACTION_SECONDS,
      RefreshToken: () => settings.signInSeconds,
      Session: () => INTERACTION_SECONDS,
    },
    interactions: {
      policy: signInOnly(),
      url: (_context, { uid }) => `${mountPath(settings)}/interaction/${uid}`,
    },
    loadExistingGrant: newGrant,
    findAccount: async (_context, id) => {
      const person = await settings.account(id);
      return person === null ? undefined : { accountId: id, claims: () => claimsOf(person) };
    },
    renderError: (context, out) => {
      context.type = 'html';
      context.body = problemPage(
        out.error_description ?? out.error,
        'Go back to your editor or terminal and start signing in again.',
      );
    },
  };
}

function mountPath(settings: ProviderSettings): string {
  return new URL(settings.issuer).pathname.replace(/\/$/, '');
}

type GrantOf = InstanceType<Provider['Grant']>;

const DeviceState = z.object({ secret: z.string() });
const AskedCode = z.object({ userCode: z.string() });

/** The device page, first shown or shown again after a mistake. A link with a code asks whether it is theirs. */
async function userCodeInputSource(
  context: KoaContextWithOIDC,
  _form: string,
  _out?: unknown,
  error?: Error,
): Promise<void> {
  const { secret } = DeviceState.parse(context.oidc.session?.state);
  const action = context.oidc.urlFor('code_verification');
  const asked = AskedCode.safeParse(context.state);
  if (error !== undefined || !asked.success) {
    context.body = enterCodePage(action, secret, error === undefined ? null : codeProblem(error));
    return;
  }
  const { userCode } = asked.data;
  const normalised = userCode.toUpperCase().replace(/\W/g, '');
  const device = await context.oidc.provider.DeviceCode.findByUserCode(normalised);
  context.body = confirmCodePage(action, secret, userCode, askingIn(device?.deviceInfo));
}

/** Who asks, as the page says it. */
function askingIn(deviceInfo: unknown): string {
  const read = z.object({ asking: z.string() }).safeParse(deviceInfo);
  return read.success ? read.data.asking : CLIENT_NAME;
}

function codeProblem(error: Error): string {
  switch (error.name) {
    case 'NoCodeError':
      return 'Enter the code first.';
    case 'AbortedError':
      return 'The sign-in was stopped. Nobody was signed in.';
    case 'ExpiredError':
    case 'AlreadyUsedError':
      return 'This code was used or has run out. Start signing in again to get another.';
    default:
      return 'There is no such code. Check it, or start signing in again to get another.';
  }
}

function userCodeConfirmSource(
  context: KoaContextWithOIDC,
  _form: string,
  _client: unknown,
  deviceInfo: unknown,
  userCode: string,
): void {
  const { secret } = DeviceState.parse(context.oidc.session?.state);
  const action = context.oidc.urlFor('code_verification');
  context.body = confirmCodePage(action, secret, userCode, askingIn(deviceInfo));
}

/** Asks who is there and nothing else: the gateway's own client needs no consent to act for a person. */
function signInOnly(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  policy.remove('consent');
  // Clients may say `prompt=consent`, as OpenID Connect wants it with offline_access; it asks nothing more.
  const consent = new interactionPolicy.Prompt({ name: 'consent', requestable: true });
  consent.checks.clear();
  policy.add(consent);
  return policy;
}

/** Each sign-in gets a grant of its own, so that one can be revoked without the others. */
async function newGrant(context: KoaContextWithOIDC): Promise<GrantOf | undefined> {
  const { account, client, provider, result } = context.oidc;
  if (account === undefined || client === undefined || result?.login === undefined) return undefined;
  const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
  grant.addOIDCScope('openid profile email offline_access');
  await grant.save();
  return grant;
}

function claimsOf(person: Person): AccountClaims {
  return { sub: person.id, name: person.name, email: person.email, groups: person.groups };
}
