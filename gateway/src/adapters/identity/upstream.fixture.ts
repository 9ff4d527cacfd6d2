import { once } from 'node:events';
import { createServer } from 'node:http';
import type { TestContext } from 'node:test';
import Provider from 'oidc-provider';
import { Secret } from '../../core/access/secret.ts';
import type { UpstreamSettings } from './upstream.ts';

/** A second authorization server, playing somebody's identity provider. Its groups can be changed. */
export type UpstreamProvider = {
  settings: UpstreamSettings;
  groups: Map<string, string[]>;
  /** Takes every sign-in back, as an administrator does who locks an account. */
  revokeAll(): void;
};

export async function upstreamProvider(test: TestContext, callback: () => string): Promise<UpstreamProvider> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const groups = new Map<string, string[]>();
  let revoked = false;
  let provider: Provider | null = null;
  server.on('request', (request, response) => {
    provider ??= newProvider(issuer, callback(), groups, () => revoked);
    void provider.callback()(request, response);
  });
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    groups,
    revokeAll: () => {
      revoked = true;
    },
    settings: {
      name: 'corp',
      label: 'Corp',
      issuer,
      clientId: 'gateway',
      clientSecret: new Secret('upstream-secret'),
      scopes: ['openid', 'profile', 'email', 'offline_access'],
      groupsClaim: 'groups',
    },
  };
}

function newProvider(
  issuer: string,
  callback: string,
  groups: ReadonlyMap<string, string[]>,
  isRevoked: () => boolean,
): Provider {
  return new Provider(issuer, {
    clients: [
      {
        client_id: 'gateway',
        client_secret: 'upstream-secret',
        token_endpoint_auth_method: 'client_secret_post',
        redirect_uris: [callback],
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
    claims: { openid: ['sub', 'groups'], profile: ['name'], email: ['email', 'email_verified'] },
    cookies: { keys: ['test'] },
    features: { devInteractions: { enabled: true } },
    findAccount: (_context, sub) =>
      isRevoked()
        ? undefined
        : {
            accountId: sub,
            claims: () => ({
              sub,
              name: `Name of ${sub}`,
              email: `${sub}@corp.example`,
              email_verified: true,
              groups: groups.get(sub) ?? [],
            }),
          },
  });
}
