import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AccountStore } from './account.ts';
import type { AuthorizationClient } from './authorization-client.ts';
import { listenForRedirect } from './loopback.ts';
import { openClientWith } from './open-client.ts';
import type { Tokens } from './tokens.ts';

const REFUSED = new Error('invalid_grant');

function setUp(refresh: (token: string) => Promise<Tokens>) {
  const kept = new Map<string, string>();
  const revoked: string[] = [];
  const client: AuthorizationClient = {
    device: () => Promise.reject(new Error('unused')),
    code: () => Promise.reject(new Error('unused')),
    refresh,
    revoke: async (token) => void revoked.push(token),
    isRefused: (error) => error === REFUSED,
  };
  const secrets = {
    get: async (key: string) => kept.get(key),
    store: async (key: string, value: string) => void kept.set(key, value),
    delete: async (key: string) => void kept.delete(key),
  };
  const store = () =>
    new AccountStore(
      'https://g.example',
      secrets,
      async () => client,
      () => 1_000_000,
    );
  return { store, kept, revoked };
}

const account = (expiresAtMs: number) => ({
  id: 'person:ana',
  name: 'Ana',
  tokens: { accessToken: 'a1', refreshToken: 'r1', expiresAtMs },
});
const renewed: Tokens = { accessToken: 'a2', refreshToken: 'r2', expiresAtMs: 2_000_000 };

test('a good token is used as it is', async () => {
  const { store } = setUp(() => Promise.reject(new Error('must not renew')));
  await store().save(account(1_100_000));
  assert.equal(await store().accessToken(), 'a1');
});

test('an old one is renewed once, however many ask, and the rotated one is kept', async () => {
  let calls = 0;
  const { store } = setUp(async (token) => {
    calls++;
    assert.equal(token, 'r1');
    return renewed;
  });
  const accounts = store();
  await accounts.save(account(1_010_000));
  assert.deepEqual(await Promise.all([accounts.accessToken(), accounts.accessToken()]), ['a2', 'a2']);
  assert.equal(calls, 1);
  assert.equal((await accounts.load())?.tokens.refreshToken, 'r2');
});

test('a refused renewal signs out; an absent server does not', async () => {
  let error = new Error('network');
  const { store, kept } = setUp(() => Promise.reject(error));
  await store().save(account(0));
  await assert.rejects(store().accessToken(), /network/);
  assert.equal(kept.size, 1);
  error = REFUSED;
  assert.equal(await store().accessToken(), null);
  assert.equal(kept.size, 0);
});

test('when another window has renewed first, its token is used', async () => {
  const set = setUp(async () => {
    await other.save({ ...account(0), tokens: renewed });
    throw REFUSED;
  });
  const other = set.store();
  await other.save(account(0));
  assert.equal(await set.store().accessToken(), 'a2');
});

test('signing out ends the tokens at the server too; what can’t be read counts as signed out', async () => {
  const { store, kept, revoked } = setUp(() => Promise.reject(REFUSED));
  await store().save(account(0));
  await store().forget();
  assert.deepEqual(revoked, ['r1']);
  kept.set('sluice.account:https://g.example', '{');
  assert.equal(await store().load(), null);
});

test('only an encrypted sign-in address, or one on this computer, is talked to', async () => {
  const open = openClientWith(() => ({ authorizationClient: () => Promise.reject(new Error('reached')) }));
  await assert.rejects(open('http://gateway.example', 'x'), /not encrypted/);
  await assert.rejects(open('http://127.0.0.1.example.com', 'x'), /not encrypted/);
  await assert.rejects(open('http://127.0.0.1:4000', 'x'), /does not answer/);
});

test('the loopback listener gives the address the browser came back to', async () => {
  const redirect = await listenForRedirect();
  const page = await fetch(`${redirect.redirectUri}?code=x&state=y`);
  assert.match(await page.text(), /close this page/);
  assert.equal(await redirect.callback, `${redirect.redirectUri}?code=x&state=y`);
  redirect.close();
});
