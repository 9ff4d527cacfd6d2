import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { TargetName } from '../../../contract/ids.ts';
import { columnTokenKey, TokenKeys } from './token-keys.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const shop = TargetName.parse('shop');
const keys = new TokenKeys(new Uint8Array(32).fill(7));
const email = { schema: 'public', relation: 'customers', column: 'email' };

test('keys stay the same from version to version, or stored tokens would no longer line up', () => {
  assert.equal(hex(keys.ofTarget(shop)), '59acb9a0a5d2e728105c693be453ac68900a7f03cba836f2332a9fbe5de02491');
  assert.equal(
    hex(columnTokenKey(keys.ofTarget(shop), email)),
    '4ae8fb9b5b2e4b7cae3002298233c03ae91f4bda93ebc28da090299d92909334',
  );
});

test('each master key, target and column has a key of its own', () => {
  const other = new TokenKeys(new Uint8Array(32).fill(8));
  const all = [
    keys.ofTarget(shop),
    keys.ofTarget(TargetName.parse('shop2')),
    other.ofTarget(shop),
    columnTokenKey(keys.ofTarget(shop), email),
    columnTokenKey(keys.ofTarget(shop), { schema: 'public', relation: 'customers.email', column: '' }),
  ];
  assert.equal(new Set(all.map(hex)).size, all.length);
  assert.ok(all.every((key) => key.byteLength === 32));
});

test('a master key is 32 bytes, and does not print', () => {
  assert.throws(() => new TokenKeys(new Uint8Array(16)), RangeError);
  assert.doesNotMatch(inspect(keys, { showHidden: true, depth: 5 }), /7, *7/);
});
