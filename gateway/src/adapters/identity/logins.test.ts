import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PrincipalId, TargetName } from '../../../contract/ids.ts';
import type { PrincipalHandle } from '../../core/access/principals.ts';
import { Secret } from '../../core/access/secret.ts';
import { Logins } from './logins.ts';

const shop = TargetName.parse('shop');
const ana = {
  id: PrincipalId.parse('person:ana@shop.example'),
  kind: 'person' as const,
  name: 'Ana',
  email: 'ana@shop.example',
  groups: [],
  claims: {},
  epoch: 1,
};
const handle: PrincipalHandle = { current: () => ana, onRevoked: () => () => undefined };
const gone: PrincipalHandle = { current: () => null, onRevoked: () => () => undefined };

test('a service account logs in to any target; an unknown name to none', async () => {
  const logins = await Logins.load([{ name: 'ci', groups: ['bots'], key: new Secret('swordfish') }], () => 0);
  assert.deepEqual(logins.lookup('ci', 'shop')?.principal.current()?.groups, ['bots']);
  assert.equal(logins.lookup('ci', 'shop')?.principal.current()?.id, 'service:ci');
  assert.equal(logins.lookup('nobody', 'shop'), null);
});

test("a person's credential is good for its target and its minutes alone", async () => {
  let nowMs = 0;
  const logins = await Logins.load([], () => nowMs);
  const minted = await logins.mint(handle, shop, 60_000);
  assert.match(minted.login, /^ana-[0-9a-f]{10}$/);
  assert.equal(logins.lookup(minted.login, 'shop')?.principal.current()?.id, ana.id);
  assert.equal(logins.lookup(minted.login, 'billing'), null);
  nowMs = 60_000;
  assert.equal(logins.lookup(minted.login, 'shop'), null);
});

test('a credential ends with its sign-in', async () => {
  const logins = await Logins.load([], () => 0);
  const minted = await logins.mint(gone, shop, 60_000);
  assert.equal(logins.lookup(minted.login, 'shop'), null);
});
