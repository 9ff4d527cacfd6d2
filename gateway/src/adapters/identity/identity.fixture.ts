import { once } from 'node:events';
import { createServer } from 'node:http';
import type { TestContext } from 'node:test';
import * as openid from 'openid-client';
import type { Documents } from '../../core/documents/documents.ts';
import { Browser } from './browser.fixture.ts';
import { type Identity, type IdentitySettings, openIdentity } from './identity.ts';
import { memoryDocuments } from './testing.fixture.ts';

export const ANA = { email: 'ana@shop.example', name: 'Ana', groups: ['developers'] };

export const DANA = { email: 'dana@shop.example', name: 'Dana', groups: ['dba'] };

export type Room = {
  identity: Identity;
  issuer: string;
  documents: Documents;
  clock: { nowMs: number };
  client(): Promise<openid.Configuration>;
};

/** An identity room behind a real server. */
export async function identityRoom(
  test: TestContext,
  settings: Partial<IdentitySettings> = {},
): Promise<Room> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/oidc`;
  const documents = memoryDocuments();
  const clock = { nowMs: Date.now() };
  const kept: { text: string | null } = { text: null };
  const identity = await openIdentity({
    issuer,
    builtIn: [ANA, DANA],
    upstreams: [],
    serviceAccounts: [],
    accessTokenSeconds: 300,
    signInSeconds: 3600,
    credentialSeconds: 60,
    groupsSeconds: 60,
    documents,
    keyFile: {
      read: () => kept.text,
      write: (text) => {
        kept.text = text;
      },
    },
    nowMs: () => clock.nowMs,
    sweepMs: 20,
    ...settings,
  });
  server.on('request', (request, response) => {
    void identity.serve(request, response);
  });
  test.after(() => {
    identity.close();
    server.closeAllConnections();
    server.close();
  });
  const client = () =>
    openid.discovery(new URL(issuer), 'sluice', undefined, openid.None(), {
      execute: [openid.allowInsecureRequests],
    });
  return { identity, issuer, documents, clock, client };
}

/** Signs in by device code as the extension does; `choose` acts for the person on the sign-in page. */
export async function signInByCode(room: Room, choose = ANA.email): Promise<openid.TokenEndpointResponse> {
  const config = await room.client();
  const device = await openid.initiateDeviceAuthorization(config, {
    scope: 'openid profile email offline_access',
  });
  const confirm = await new Browser().open(device.verification_uri_complete ?? '');
  const choice = await confirm.submit('Continue');
  await choice.submit('Choose', { person: `person:${choose}` });
  return openid.pollDeviceAuthorizationGrant(config, { ...device, interval: 0.05 });
}
