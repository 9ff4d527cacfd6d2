import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import * as openid from 'openid-client';
import { Browser, type Page } from './browser.fixture.ts';
import { identityRoom, type Room } from './identity.fixture.ts';
import { memoryDocuments } from './testing.fixture.ts';
import { type UpstreamProvider, upstreamProvider } from './upstream.fixture.ts';

async function federatedRoom(context: TestContext): Promise<{ room: Room; upstream: UpstreamProvider }> {
  let issuer = '';
  const upstream = await upstreamProvider(context, () => `${issuer}/upstream/corp/callback`);
  const room = await identityRoom(context, {
    builtIn: [],
    upstreams: [upstream.settings],
    groupsSeconds: 60,
  });
  issuer = room.issuer;
  return { room, upstream };
}

/** Opens the gateway's sign-in page, goes to the upstream provider, signs in there and comes back. */
async function signInUpstream(page: Page, login: string): Promise<Page> {
  const atUpstream = await page.follow('Continue with Corp');
  const consent = await atUpstream.submit('login', { login, password: 'x' });
  return consent.submit('consent');
}

async function tokensOf(room: Room, login: string): Promise<openid.TokenEndpointResponse> {
  const config = await room.client();
  const device = await openid.initiateDeviceAuthorization(config, { scope: 'openid' });
  const confirm = await new Browser().open(device.verification_uri_complete ?? '');
  const done = await signInUpstream(await confirm.submit('Continue'), login);
  assert.match(done.html, /You are signed in/);
  return openid.pollDeviceAuthorizationGrant(config, { ...device, interval: 0.05 });
}

test('people of an upstream provider sign in, with their groups', async (context) => {
  const { room, upstream } = await federatedRoom(context);
  upstream.groups.set('eve', ['dba']);
  const tokens = await tokensOf(room, 'eve');
  const principal = (
    await room.identity.authentication.authenticate(tokens.access_token)
  )?.principal.current();
  assert.equal(principal?.id, 'person:corp/eve');
  assert.equal(principal?.email, 'eve@corp.example');
  assert.deepEqual(principal?.groups, ['dba']);
});

test('the built-in people are not offered beside it', async (context) => {
  const { room } = await federatedRoom(context);
  const config = await room.client();
  const device = await openid.initiateDeviceAuthorization(config, { scope: 'openid' });
  const confirm = await new Browser().open(device.verification_uri_complete ?? '');
  assert.doesNotMatch((await confirm.submit('Continue')).html, /built-in/);
});

test('groups that changed upstream count in an open session', async (context) => {
  const { room, upstream } = await federatedRoom(context);
  upstream.groups.set('eve', ['dba']);
  const tokens = await tokensOf(room, 'eve');
  const handle = (await room.identity.authentication.authenticate(tokens.access_token))?.principal;
  const before = handle?.current();
  upstream.groups.set('eve', ['developers']);
  room.clock.nowMs += 61_000;
  await openid.refreshTokenGrant(await room.client(), tokens.refresh_token ?? '');
  assert.deepEqual(handle?.current()?.groups, ['developers']);
  assert.ok((handle?.current()?.epoch ?? 0) > (before?.epoch ?? 0));
});

test('an account that is locked upstream loses its open sessions within a sweep', async (context) => {
  const { room, upstream } = await federatedRoom(context);
  const tokens = await tokensOf(room, 'eve');
  const handle = (await room.identity.authentication.authenticate(tokens.access_token))?.principal;
  const ended = new Promise<void>((resolve) => handle?.onRevoked(resolve));
  upstream.revokeAll();
  room.clock.nowMs += 61_000;
  await ended;
  assert.equal(handle?.current(), null);
  await assert.rejects(openid.refreshTokenGrant(await room.client(), tokens.refresh_token ?? ''));
});

test('a callback counts in the browser that began, and once', async (context) => {
  const { room } = await federatedRoom(context);
  const config = await room.client();
  const device = await openid.initiateDeviceAuthorization(config, { scope: 'openid' });
  const confirm = await new Browser().open(device.verification_uri_complete ?? '');
  const choice = await confirm.submit('Continue');
  const atUpstream = await choice.follow('Continue with Corp');
  const state = atUpstream.url.searchParams.get('state') ?? '';
  assert.doesNotMatch(atUpstream.url.href, /upstream-secret/);
  const elsewhere = await new Browser().open(
    `${room.issuer}/upstream/corp/callback?state=${state}&code=stolen`,
  );
  assert.equal(elsewhere.status, 400);
});

test('what is kept of a sign-in signs nobody in', async (context) => {
  const { room } = await federatedRoom(context);
  const tokens = await tokensOf(room, 'eve');
  const kept = JSON.stringify([
    await room.documents.list('oidc.AccessToken'),
    await room.documents.list('oidc.RefreshToken'),
    await room.documents.list('identity.federated'),
  ]);
  assert.match(kept, /person:corp\/eve/);
  assert.equal(kept.includes(tokens.access_token) || kept.includes(tokens.refresh_token ?? '-'), false);
});

test('a provider that does not answer is told in words', async (context) => {
  const room = await identityRoom(context, {
    builtIn: [],
    documents: memoryDocuments(),
    upstreams: [
      {
        name: 'corp',
        issuer: 'http://127.0.0.1:1',
        clientId: 'x',
        scopes: ['openid'],
        groupsClaim: 'groups',
      },
    ],
  });
  const config = await room.client();
  const device = await openid.initiateDeviceAuthorization(config, { scope: 'openid' });
  const confirm = await new Browser().open(device.verification_uri_complete ?? '');
  const failed = await (await confirm.submit('Continue')).follow('Continue with corp');
  assert.equal(failed.status, 502);
  assert.match(failed.html, /identity provider corp did not answer/);
});
