import * as openid from 'openid-client';
import { z } from 'zod';
import { SluiceError } from '../../../contract/error.ts';
import { PrincipalId } from '../../../contract/ids.ts';
import { Secret } from '../../core/access/secret.ts';
import type { UpstreamChoice } from './pages.ts';
import type { Person } from './people.ts';

export type UpstreamSettings = {
  name: string;
  label?: string | undefined;
  issuer: string;
  clientId: string;
  clientSecret?: Secret | undefined;
  scopes: readonly string[];
  groupsClaim: string;
};

/** What an identity provider said about a person, and what asks it again. */
export type Reading = { person: Person; refreshToken: Secret | null; endsAtMs: number | null };

const PENDING_LIFE_MS = 900_000;
const MAX_PENDING = 1000;
/** Claims of the protocol, of no use in policy. */
const PROTOCOL_CLAIMS = new Set(
  'iss sub aud exp iat nbf jti nonce at_hash c_hash s_hash auth_time azp sid acr amr'.split(' '),
);

const Claims = z.record(z.string(), z.json());
const Known = z.object({
  sub: z.string(),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
  email: z.string().optional(),
  email_verified: z.boolean().optional(),
  exp: z.number().optional(),
});

type Pending = { name: string; interaction: string; verifier: string; nonce: string; expiresAtMs: number };

/** The OpenID Connect providers that people come from: code with PKCE, groups from a claim. */
export class Upstreams {
  readonly #settings: ReadonlyMap<string, UpstreamSettings>;
  readonly #issuer: string;
  readonly #discovered = new Map<string, openid.Configuration>();
  readonly #pending = new Map<string, Pending>();
  readonly #keep: (name: string, reading: Reading) => Promise<Person>;

  /** `keep` takes what a provider said when somebody signed in. `issuer` is the gateway's own. */
  constructor(
    settings: readonly UpstreamSettings[],
    issuer: string,
    keep: (name: string, reading: Reading) => Promise<Person>,
  ) {
    this.#settings = new Map(settings.map((one) => [one.name, one]));
    this.#issuer = issuer;
    this.#keep = keep;
  }

  choices(): UpstreamChoice[] {
    return [...this.#settings.values()].map(({ name, label }) => ({ name, label: label ?? name }));
  }

  /** The address to send the browser to. */
  async begin(name: string, interaction: string): Promise<URL> {
    const settings = this.#of(name);
    const config = await this.#discover(settings);
    const state = openid.randomState();
    const verifier = openid.randomPKCECodeVerifier();
    const nonce = openid.randomNonce();
    this.#forgetOld();
    this.#pending.set(state, {
      name,
      interaction,
      verifier,
      nonce,
      expiresAtMs: Date.now() + PENDING_LIFE_MS,
    });
    return openid.buildAuthorizationUrl(config, {
      redirect_uri: this.#callback(name),
      scope: settings.scopes.join(' '),
      state,
      nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(settings.scopes.includes('offline_access') ? { prompt: 'consent' } : {}),
    });
  }

  /** The interaction that a callback's `state` belongs to, or null. */
  interactionOf(state: string): string | null {
    return this.#pending.get(state)?.interaction ?? null;
  }

  /** Redeems the code of the callback that `url` carries, once, for the interaction that began it. */
  async finish(name: string, interaction: string, url: URL): Promise<Person> {
    const state = url.searchParams.get('state') ?? '';
    const pending = this.#pending.get(state);
    this.#pending.delete(state);
    if (pending === undefined || pending.name !== name || pending.interaction !== interaction) {
      throw new SluiceError(
        'identity.signInRequired',
        'This sign-in has run out.',
        'Start signing in again.',
      );
    }
    const settings = this.#of(name);
    const config = await this.#discover(settings);
    const callback = new URL(`${this.#callback(name)}${url.search}`);
    const tokens = await openid.authorizationCodeGrant(config, callback, {
      expectedState: state,
      expectedNonce: pending.nonce,
      pkceCodeVerifier: pending.verifier,
      idTokenExpected: true,
    });
    return this.#keep(name, await read(settings, config, tokens, null));
  }

  /**
   * Asks a provider again about somebody who signed in there.
   *
   * @returns null when the provider refuses: the person's sign-ins end.
   * @throws SluiceError `identity.providerUnreachable` when it does not answer.
   */
  async reread(name: string, subject: string, refreshToken: Secret): Promise<Reading | null> {
    const settings = this.#settings.get(name);
    if (settings === undefined) return null;
    const config = await this.#discover(settings);
    try {
      const tokens = await openid.refreshTokenGrant(config, refreshToken.reveal());
      return await read(settings, config, tokens, { subject, refreshToken });
    } catch (error) {
      if (
        error instanceof openid.ResponseBodyError ||
        error instanceof openid.WWWAuthenticateChallengeError
      ) {
        return null;
      }
      throw unreachable(settings, error);
    }
  }

  #of(name: string): UpstreamSettings {
    const settings = this.#settings.get(name);
    if (settings !== undefined) return settings;
    throw new SluiceError(
      'request.notFound',
      `No identity provider is called ${name}.`,
      'Start signing in again.',
    );
  }

  #callback(name: string): string {
    return `${this.#issuer}/upstream/${name}/callback`;
  }

  async #discover(settings: UpstreamSettings): Promise<openid.Configuration> {
    const known = this.#discovered.get(settings.name);
    if (known !== undefined) return known;
    const issuer = new URL(settings.issuer);
    const authentication =
      settings.clientSecret === undefined
        ? openid.None()
        : openid.ClientSecretPost(settings.clientSecret.reveal());
    const execute = onLoopback(issuer) ? [openid.allowInsecureRequests] : [];
    try {
      const config = await openid.discovery(issuer, settings.clientId, undefined, authentication, {
        execute,
      });
      this.#discovered.set(settings.name, config);
      return config;
    } catch (error) {
      throw unreachable(settings, error);
    }
  }

  #forgetOld(): void {
    const nowMs = Date.now();
    for (const [state, { expiresAtMs }] of this.#pending) {
      if (expiresAtMs <= nowMs || this.#pending.size >= MAX_PENDING) this.#pending.delete(state);
    }
  }
}

/** Identity providers are asked over https; on loopback, for tests and trials, over http too. */
function onLoopback(url: URL): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
}

function unreachable(settings: UpstreamSettings, cause: unknown): SluiceError {
  return new SluiceError(
    'identity.providerUnreachable',
    `The identity provider ${settings.label ?? settings.name} did not answer as expected.`,
    'Try again in a moment; if it stays so, ask whoever runs this gateway to check identity.oidc.',
    { cause },
  );
}

type Tokens = Awaited<ReturnType<typeof openid.authorizationCodeGrant>>;

async function read(
  settings: UpstreamSettings,
  config: openid.Configuration,
  tokens: Tokens,
  known: { subject: string; refreshToken: Secret } | null,
): Promise<Reading> {
  const idClaims = tokens.claims();
  const subject = known?.subject ?? idClaims?.sub ?? '';
  const hasUserInfo = config.serverMetadata().userinfo_endpoint !== undefined;
  const userInfo = hasUserInfo ? await openid.fetchUserInfo(config, tokens.access_token, subject) : {};
  const claims = Claims.parse({ ...idClaims, ...userInfo, sub: subject });
  const refreshToken =
    tokens.refresh_token === undefined ? (known?.refreshToken ?? null) : new Secret(tokens.refresh_token);
  const { exp } = Known.parse(claims);
  return {
    person: personOf(settings, claims),
    refreshToken,
    endsAtMs: refreshToken === null && exp !== undefined ? exp * 1000 : null,
  };
}

function personOf(settings: UpstreamSettings, claims: z.infer<typeof Claims>): Person {
  const known = Known.parse(claims);
  const email = known.email_verified === true ? known.email : undefined;
  return {
    id: PrincipalId.parse(`person:${settings.name}/${known.sub}`),
    kind: 'person',
    name: known.name ?? known.preferred_username ?? email ?? known.sub,
    ...(email === undefined ? {} : { email }),
    groups: groupsOf(claims[settings.groupsClaim]),
    claims: Object.fromEntries(Object.entries(claims).filter(([name]) => !PROTOCOL_CLAIMS.has(name))),
  };
}

function groupsOf(claim: unknown): string[] {
  return z.array(z.string()).safeParse(claim).data ?? [];
}
