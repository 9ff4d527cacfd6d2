import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AccessToken } from 'oidc-provider';
import { PrincipalId } from '../../../contract/ids.ts';
import type { Authenticated, Authentication } from '../../core/access/authentication.ts';
import type { DeviceSignIns } from '../../core/access/device-sign-ins.ts';
import type { LoginDirectory } from '../../core/access/principals.ts';
import type { Documents } from '../../core/documents/documents.ts';
import { deviceSignIns } from './device-sign-ins.ts';
import { Federated } from './federated.ts';
import { Logins, type ServiceAccount } from './logins.ts';
import { People, type Person } from './people.ts';
import { authorizationServer, CLIENT_ID, CLIENT_IDS } from './provider.ts';
import { type KeyFile, providerKeys } from './provider-keys.ts';
import { providerStorage } from './provider-storage.ts';
import { recordedFirst } from './recorded-first.ts';
import { serveSignIn } from './sign-in-pages.ts';
import { SignIns } from './sign-ins.ts';
import { type UpstreamSettings, Upstreams } from './upstream.ts';

export type IdentitySettings = {
  /** This gateway's issuer, ending in the mount path: "http://127.0.0.1:4000/oidc". */
  issuer: string;
  /** People who may be chosen without proof; empty switches the built-in identity provider off. */
  builtIn: readonly { email: string; name: string; groups: readonly string[] }[];
  upstreams: readonly UpstreamSettings[];
  serviceAccounts: readonly ServiceAccount[];
  accessTokenSeconds: number;
  signInSeconds: number;
  credentialSeconds: number;
  groupsSeconds: number;
  documents: Documents;
  keyFile: KeyFile;
  nowMs: () => number;
  /**
   * Records that somebody has signed in by a browser or a device's code. Nobody gets a token, or a session, before it
   * resolves; when it throws they get none.
   */
  onSignIn?: (person: { id: PrincipalId; name: string }, network: string) => Promise<void>;
  /** How often ended sign-ins are looked for. */
  sweepMs?: number;
};

/** The identity room as `main` wires it. */
export type Identity = {
  authentication: Authentication;
  logins: LoginDirectory;
  /** For clients that have no browser and keep no token: `ssh`. */
  devices: DeviceSignIns;
  clientId: string;
  /** Path that `serve` answers under: "/oidc". */
  mount: string;
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
  close(): void;
};

const SWEEP_MS = 1000;
/** Each keeps a code in the store until it is used or has run out. */
const MAX_WAITING_DEVICES = 100;

/** @throws SluiceError `store.corrupt` when the kept keys can't be read. */
export async function openIdentity(settings: IdentitySettings): Promise<Identity> {
  const keys = providerKeys(settings.keyFile);
  const people = new People();
  const builtIn = settings.builtIn.map(builtInPerson);
  for (const person of builtIn) people.put(person);
  const federated = new Federated({
    documents: settings.documents,
    people,
    sealKey: keys.sealKey,
    nowMs: settings.nowMs,
    freshMs: settings.groupsSeconds * 1000,
    graceMs: settings.groupsSeconds * 1000 + settings.accessTokenSeconds * 1000,
  });
  const upstreams = new Upstreams(settings.upstreams, settings.issuer, (name, reading) =>
    federated.keep(name, reading),
  );
  const account = async (id: string): Promise<Person | null> =>
    builtIn.find((person) => person.id === id) ?? federated.account(id, upstreams);
  const provider = authorizationServer({
    issuer: settings.issuer,
    keys,
    storage: providerStorage(settings.documents, keys.sealKey, settings.nowMs),
    accessTokenSeconds: settings.accessTokenSeconds,
    signInSeconds: settings.signInSeconds,
    account,
  });
  const signIns = new SignIns(people, settings.nowMs);
  const logins = await Logins.load(settings.serviceAccounts, settings.nowMs);
  const mount = new URL(settings.issuer).pathname;

  const seen = async (token: AccessToken): Promise<boolean> => {
    const grant = token.grantId === undefined ? undefined : await provider.Grant.find(token.grantId);
    if (grant === undefined || token.exp === undefined || grant.exp === undefined) return false;
    signIns.seen({
      grant: grant.jti,
      person: token.accountId,
      renewedUntilMs: token.exp * 1000,
      endsAtMs: grant.exp * 1000,
    });
    return true;
  };
  provider.on('access_token.saved', (token) => {
    seen(token).catch(() => signIns.end(token.grantId ?? ''));
  });
  provider.on('grant.revoked', (_context, grant) => signIns.end(grant));
  provider.on('grant.destroyed', (grant) => signIns.end(grant.jti));

  const recorded = async (accountId: string, network: string): Promise<void> => {
    const person = people.get(accountId) ?? (await account(accountId));
    if (person === null) throw new TypeError('nobody knows who has signed in');
    await settings.onSignIn?.({ id: person.id, name: person.name }, network);
  };
  provider.use(recordedFirst(recorded));

  const authenticate = async (accessToken: string): Promise<Authenticated | null> => {
    const token = await provider.AccessToken.find(accessToken);
    if (token?.grantId === undefined || !CLIENT_IDS.includes(token.clientId ?? '')) return null;
    if (!(await seen(token))) return null;
    if (people.get(token.accountId) === null && (await account(token.accountId)) === null) return null;
    const { grantId } = token;
    return {
      principal: signIns.handle(grantId, 'renewal'),
      signIn: signIns.handle(grantId, 'signIn'),
      reach: token.clientId === CLIENT_ID ? 'everything' : 'requests',
      mint: (target) =>
        logins.mint(signIns.handle(grantId, 'signIn'), target, settings.credentialSeconds * 1000),
    };
  };

  const sweep = setInterval(() => {
    for (const id of signIns.people()) account(id).catch(() => undefined);
    signIns.sweep();
  }, settings.sweepMs ?? SWEEP_MS);
  sweep.unref();

  const callback = provider.callback();
  const pages = { provider, mount, clientName: 'Sluice', builtIn, upstreams };
  return {
    authentication: { authenticate },
    logins,
    devices: deviceSignIns({
      provider,
      signIns,
      recorded,
      page: `${settings.issuer}/device`,
      maxWaiting: MAX_WAITING_DEVICES,
    }),
    clientId: CLIENT_ID,
    mount,
    serve: async (request, response) => {
      if (await serveSignIn(pages, request, response)) return;
      await callback(mounted(request, mount), response);
    },
    close: () => clearInterval(sweep),
  };
}

/** oidc-provider finds its mount path by comparing `originalUrl` with `url`. */
function mounted(request: IncomingMessage, mount: string): IncomingMessage {
  const originalUrl = request.url ?? '/';
  return Object.assign(request, { originalUrl, url: originalUrl.slice(mount.length) || '/' });
}

function builtInPerson(person: { email: string; name: string; groups: readonly string[] }): Person {
  return {
    id: PrincipalId.parse(`person:${person.email}`),
    kind: 'person',
    name: person.name,
    email: person.email,
    groups: [...person.groups],
    claims: {},
  };
}
