import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { SluiceError } from '../contract/error.ts';
import { parseConfig } from './config-load.ts';
import { Secret } from './core/access/secret.ts';
import { upstreamAddress } from './targets.ts';

const CONFIG = `
identity: {serviceAccounts: [{name: ci, groups: [a], key: {value: swordfish-swordfish}}]}
targets: [{name: shop, url: "postgres://u:p@127.0.0.1/shop"}]`;
const [target = assert.fail()] = parseConfig(CONFIG, { name: 'test', folder: '.' }, {}).targets;

test('an address is taken apart', () => {
  const address = upstreamAddress(target, new Secret('postgres://a%40b:p%25w@[::1]:6543/my%20shop'));
  assert.deepEqual(
    { ...address, password: address.password.reveal() },
    { host: '::1', port: 6543, user: 'a@b', password: 'p%w', database: 'my shop', tls: 'disable' },
  );
});

for (const url of ['postgres://u:swordfish@[x/x', 'postgres://u:swordfish%zz@h/x', 'swordfish', '']) {
  test(`an address that is none is told without its password: ${url}`, () => {
    assert.throws(
      () => upstreamAddress(target, new Secret(url)),
      (error) =>
        error instanceof SluiceError &&
        error.code === 'config.invalid' &&
        /target shop/.test(error.message) &&
        !inspect(error, { depth: null }).includes('swordfish'),
    );
  });
}
