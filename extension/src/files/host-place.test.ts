import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TargetName } from '../../../gateway/contract/ids.ts';
import { addressOf, placeOf, within } from './host-place.ts';

const target = TargetName.parse('web');

test('an address and the place it names are the same thing', () => {
  for (const account of [undefined, 'deploy']) {
    for (const path of ['/', '/etc/hosts', '/a b/ü?#.txt']) {
      const place = { target, account, path };
      assert.deepEqual(placeOf(addressOf(place)), place);
    }
  }
  assert.deepEqual(placeOf({ authority: '', path: '/web' }), { target, account: undefined, path: '/' });
  assert.equal(placeOf({ authority: '', path: '/' }), null);
  assert.equal(placeOf({ authority: '', path: '/NO HOST/x' }), null);
});

test('what is in a folder is below it, also in the topmost', () => {
  const root = { target, account: undefined, path: '/' };
  assert.equal(within(root, 'etc').path, '/etc');
  assert.equal(within(within(root, 'etc'), 'hosts').path, '/etc/hosts');
});
