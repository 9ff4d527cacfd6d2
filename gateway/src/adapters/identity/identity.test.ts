import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as openid from 'openid-client';
import { z } from 'zod';
import { TargetName } from '../../../contract/ids.ts';
import { Browser } from './browser.fixture.ts';
import { ANA, DANA, identityRoom, type Room, signInByCode } from './identity.fixture.ts';

const shop = TargetName.parse('shop');

test('device code: the person confirms the code, says who they are, and the client has its tokens', async (context) => {
  const room = await identityRoom(context);
  const tokens = await signInByCode(room);
  const signedIn = await room.identity.authentication.authenticate(tokens.access_token);
  assert.equal(signedIn?.principal.current()?.id, `person:${ANA.email}`);
  assert.deepEqual(signedIn?.principal.current()?.groups, ['developers']);
  assert.ok(tokens.refresh_token);
});

test('a sign-in is recorded before its tokens leave, and a renewal is none', async (context) => {
  const told: string[] = [];
  const { promise, resolve: write } = Promise.withResolvers<void>();
  const onSignIn = async ({ id }: { id: string }, network: string) => {
    told.push(`${id} at ${network}`);
    await promise;
  };
  const room = await identityRoom(context, { onSignIn });
  let hasTokens = false;
  const signingIn = signInByCode(room).then((tokens) => {
    hasTokens = true;
    return tokens;
  });
  await context.waitFor(() => assert.equal(told.length, 1), { timeout: 10_000 });
  // Whatever was on its way when it was told has arrived.
  await fetch(`${room.issuer}/jwks`);
  assert.equal(hasTokens, false);
  write();
  const tokens = await signingIn;
  assert.match(told.join(), new RegExp(`^person:${ANA.email} at (::ffff:)?127\\.0\\.0\\.1$`));
  await openid.refreshTokenGrant(await room.client(), tokens.refresh_token ?? '');
  assert.equal(told.length, 1);
});

test('a sign-in that can not be recorded signs nobody in, by whatever way', async (context) => {
  const onSignIn = () => Promise.reject(new Error('the disk is full'));
  const room = await identityRoom(context, { onSignIn });
  await assert.rejects(signInByCode(room), {
    error: 'temporarily_unavailable',
    error_description: /nobody is signed in/,
  });
  await assert.rejects(signInByRedirect(room, new Browser(), ANA.email), {
    error: 'temporarily_unavailable',
  });
  assert.deepEqual(await room.documents.list('oidc.Grant'), []);
  const device = await room.identity.devices.begin('An SSH client', '10.0.0.7');
  const confirm = await new Browser().open(device?.url ?? '');
  await (await confirm.submit('Continue')).submit('Choose', { person: `person:${ANA.email}` });
  assert.equal(await device?.signedIn, null);
});

/** Signs in by code with PKCE in a browser; gives who the gateway then takes the client for. */
async function signInByRedirect(room: Room, browser: Browser, email: string): Promise<string | undefined> {
  const config = await room.client();
  const verifier = openid.randomPKCECodeVerifier();
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: 'http://127.0.0.1:1/callback',
    scope: 'openid offline_access',
    prompt: 'consent',
    state: 'here',
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const choice = await browser.open(url);
  const back = await choice.submit('Choose', { person: `person:${email}` });
  const tokens = await openid.authorizationCodeGrant(config, back.url, {
    pkceCodeVerifier: verifier,
    expectedState: 'here',
  });
  return (await room.identity.authentication.authenticate(tokens.access_token))?.principal.current()?.id;
}

test('a copy of the store polls for nobody: it holds no code of a device', async (context) => {
  const room = await identityRoom(context);
  const device = await openid.initiateDeviceAuthorization(await room.client(), { scope: 'openid' });
  const kept = await room.documents.list('oidc.DeviceCode.userCode');
  assert.equal(kept.length, 1);
  const all = JSON.stringify([kept, await room.documents.list('oidc.DeviceCode')]);
  assert.equal(all.includes(device.device_code), false);
});

test('code with PKCE over a loopback redirect with any port', async (context) => {
  const room = await identityRoom(context);
  assert.equal(await signInByRedirect(room, new Browser(), ANA.email), `person:${ANA.email}`);
});

test('another person signs in with the same browser', async (context) => {
  const room = await identityRoom(context);
  const browser = new Browser();
  assert.equal(await signInByRedirect(room, browser, ANA.email), `person:${ANA.email}`);
  assert.equal(await signInByRedirect(room, browser, DANA.email), `person:${DANA.email}`);
});

test('a redirect to anywhere else, or a request without PKCE, is refused', async (context) => {
  const room = await identityRoom(context);
  const query = 'client_id=sluice&response_type=code&scope=openid';
  const elsewhere = await new Browser().open(
    `${room.issuer}/auth?${query}&redirect_uri=https://evil.example/callback`,
  );
  assert.equal(elsewhere.status, 400);
  const plain = await new Browser().open(
    `${room.issuer}/auth?${query}&redirect_uri=http://127.0.0.1:1/callback`,
  );
  assert.match(plain.url.search, /error=invalid_request/);
});

test('pages run no script and stand in no frame', async (context) => {
  const room = await identityRoom(context);
  const config = await room.client();
  const device = await openid.initiateDeviceAuthorization(config, { scope: 'openid' });
  const confirm = await new Browser().open(device.verification_uri_complete ?? '');
  const enter = await new Browser().open(device.verification_uri);
  const pages = [enter, confirm, await confirm.submit('Continue')];
  for (const page of pages) {
    assert.equal(page.status, 200);
    assert.match(
      page.headers.get('content-security-policy') ?? '',
      /default-src 'none'.*frame-ancestors 'none'/,
    );
    assert.doesNotMatch(page.html, /<script|onclick|onfocus/);
    assert.match(page.html, /<html lang="en">/);
  }
});

test('a wrong code is told in words, and a refused one signs nobody in', async (context) => {
  const room = await identityRoom(context);
  const config = await room.client();
  const device = await openid.initiateDeviceAuthorization(config, { scope: 'openid' });
  const enter = await new Browser().open(device.verification_uri);
  assert.match((await enter.submit('user_code', { user_code: 'WRNG-CODE' })).html, /There is no such code/);
  const confirm = await new Browser().open(device.verification_uri_complete ?? '');
  assert.match((await confirm.submit('This is not my code')).html, /Nobody was signed in/);
  await assert.rejects(openid.pollDeviceAuthorizationGrant(config, { ...device, interval: 0.05 }), {
    error: 'access_denied',
  });
});

test('a person who is not on the list can’t be chosen', async (context) => {
  const room = await identityRoom(context);
  const config = await room.client();
  const device = await openid.initiateDeviceAuthorization(config, { scope: 'openid' });
  const confirm = await new Browser().open(device.verification_uri_complete ?? '');
  const choice = await confirm.submit('Continue');
  const refused = await choice.submit('Choose', { person: 'person:mallory@shop.example' });
  assert.equal(refused.status, 400);
});

test('a renewal rotates the refresh token and keeps open sessions alive', async (context) => {
  const room = await identityRoom(context);
  const config = await room.client();
  const tokens = await signInByCode(room);
  const signedIn = await room.identity.authentication.authenticate(tokens.access_token);
  const renewed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '');
  assert.notEqual(renewed.refresh_token, tokens.refresh_token);
  assert.ok(signedIn?.principal.current());
  assert.ok(await room.identity.authentication.authenticate(renewed.access_token));
});

test('a refresh token used again later revokes the sign-in and ends its sessions', async (context) => {
  const room = await identityRoom(context);
  const config = await room.client();
  const tokens = await signInByCode(room);
  const signedIn = await room.identity.authentication.authenticate(tokens.access_token);
  const ended = new Promise<void>((resolve) => signedIn?.principal.onRevoked(resolve));
  const renewed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '');
  room.clock.nowMs += 21_000;
  await assert.rejects(openid.refreshTokenGrant(config, tokens.refresh_token ?? ''), {
    error: 'invalid_grant',
  });
  await ended;
  assert.equal(signedIn?.principal.current(), null);
  assert.equal(await room.identity.authentication.authenticate(renewed.access_token), null);
});

test('two windows may renew with the same refresh token at the same moment', async (context) => {
  const room = await identityRoom(context);
  const config = await room.client();
  const tokens = await signInByCode(room);
  const renew = () => openid.refreshTokenGrant(config, tokens.refresh_token ?? '');
  for (const renewed of [await renew(), await renew()]) {
    assert.ok(await room.identity.authentication.authenticate(renewed.access_token));
    assert.ok(await openid.refreshTokenGrant(config, renewed.refresh_token ?? ''));
  }
});

test('signing out ends every session, and the logins minted under the sign-in', async (context) => {
  const room = await identityRoom(context);
  const config = await room.client();
  const tokens = await signInByCode(room);
  const signedIn = await room.identity.authentication.authenticate(tokens.access_token);
  const minted = await signedIn?.mint(shop);
  assert.ok(room.identity.logins.lookup(minted?.login ?? '', 'shop'));
  const ended = new Promise<void>((resolve) => signedIn?.principal.onRevoked(resolve));
  await openid.tokenRevocation(config, tokens.refresh_token ?? '');
  await ended;
  assert.equal(await room.identity.authentication.authenticate(tokens.access_token), null);
  assert.equal(room.identity.logins.lookup(minted?.login ?? '', 'shop'), null);
});

test('a session ends when its token is not renewed', async (context) => {
  const room = await identityRoom(context, { accessTokenSeconds: 10 });
  const tokens = await signInByCode(room);
  const signedIn = await room.identity.authentication.authenticate(tokens.access_token);
  const ended = new Promise<void>((resolve) => signedIn?.principal.onRevoked(resolve));
  room.clock.nowMs += 11_000;
  assert.equal(signedIn?.principal.current(), null);
  await ended;
});

test('a made-up token is nobody’s', async (context) => {
  const room = await identityRoom(context);
  assert.equal(await room.identity.authentication.authenticate('made-up'), null);
});

test('the approval page signs in by code and PKCE, back to the gateway alone, and gets no refresh token', async (context) => {
  const room = await identityRoom(context);
  const redirect = new URL('/requests/callback', room.issuer).href;
  const config = await openid.discovery(new URL(room.issuer), 'sluice-page', undefined, openid.None(), {
    execute: [openid.allowInsecureRequests],
  });
  const verifier = openid.randomPKCECodeVerifier();
  const challenge = await openid.calculatePKCECodeChallenge(verifier);
  const addressOf = (parameters: Record<string, string>) =>
    openid.buildAuthorizationUrl(config, {
      redirect_uri: redirect,
      scope: 'openid offline_access',
      prompt: 'consent',
      state: 'here',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...parameters,
    });
  const elsewhere = await new Browser().open(addressOf({ redirect_uri: 'http://127.0.0.1:1/callback' }));
  assert.equal(elsewhere.status, 400);
  const choice = await new Browser().open(addressOf({}));
  const back = await choice.submit('Choose', { person: `person:${DANA.email}` });
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: 'sluice-page',
    redirect_uri: redirect,
    code: back.url.searchParams.get('code') ?? '',
    code_verifier: verifier,
  });
  const origin = new URL(room.issuer).origin;
  const tokens = await fetch(`${room.issuer}/token`, { method: 'POST', body, headers: { origin } });
  const reply = z
    .object({ access_token: z.string() })
    .loose()
    .parse(await tokens.json());
  assert.equal(reply.refresh_token, undefined);
  const signedIn = await room.identity.authentication.authenticate(reply.access_token);
  assert.equal(signedIn?.reach, 'requests');
  assert.equal(signedIn?.principal.current()?.id, `person:${DANA.email}`);
});
