import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { SluiceError } from '../contract/error.ts';
import { loadConfig, parseConfig } from './config-load.ts';

const origin = { name: 'gateway.yaml', folder: '/etc/sluice' };
const parse = (text: string, environment: NodeJS.ProcessEnv = {}) => parseConfig(text, origin, environment);

function mistakes(text: string, environment: NodeJS.ProcessEnv = {}): string {
  try {
    parse(text, environment);
  } catch (error) {
    assert.ok(error instanceof SluiceError);
    assert.equal(error.code, 'config.invalid');
    return error.message;
  }
  assert.fail('the configuration was accepted');
}

test('no configuration is the bundled default: loopback, built-in people, nothing behind it', () => {
  const config = loadConfig(null, { XDG_DATA_HOME: '/home/ana/data' });
  assert.deepEqual(config.listen.http, { host: '127.0.0.1', port: 4000 });
  assert.deepEqual(config.listen.postgres, { host: '127.0.0.1', port: 5433 });
  assert.equal(config.identity.builtin.people.length, 4);
  assert.deepEqual(config.targets, []);
});

test('paths are relative to the file', () => {
  const config = parse('dataDir: data\npolicy: policy\n');
  assert.equal(config.dataDir, '/etc/sluice/data');
  assert.equal(config.policy, '/etc/sluice/policy');
});

test('a mistake is told with file, line and setting', () => {
  const said = mistakes('listen:\n  http: 127.0.0.1\ntargets:\n  - name: Shop\n    url: mysql://x\n');
  assert.match(said, /gateway\.yaml:2: listen\.http: "127\.0\.0\.1" is no address/);
  assert.match(said, /gateway\.yaml:4: targets\[0\]\.name: a target name is/);
  assert.match(said, /gateway\.yaml:5: targets\[0\]\.url: is no PostgreSQL address/);
});

test('a setting that does not exist is refused where it stands', () => {
  assert.match(
    mistakes('identity:\n  builtin: {}\n  saml: []\n'),
    /gateway\.yaml:3: identity\.saml is no setting/,
  );
});

test('surfaces of later versions are refused in words', () => {
  assert.match(
    mistakes('listen:\n  mysql: 127.0.0.1:0\n'),
    /:2: listen\.mysql: this version does not serve mysql yet/,
  );
});

test('a host has a name of its own, an address, accounts with keys, and host keys', () => {
  const host = '{name: web, address: "10.0.0.7:22", accounts: [{name: deploy, key: key}], knownHosts: "k"}';
  const config = parse(`listen: {ssh: 127.0.0.1:0}\nhosts: [${host}]\n`);
  assert.deepEqual(config.hosts[0]?.address, { host: '10.0.0.7', port: 22 });
  assert.match(config.hosts[0]?.accounts[0]?.key ?? '', /^\/.*\/key$/);
  assert.match(mistakes(`hosts: [${host}, ${host}]`), /targets and hosts: the name web is there twice/);
  assert.match(mistakes('hosts: [{name: web}]'), /hosts\[0\]\.address/);
});

test('YAML that does not parse is told with its line', () => {
  assert.match(mistakes('listen: {http: "a\nb: ]'), /gateway\.yaml:\d+: /);
});

test('secrets come from the environment or the file, and never print', () => {
  const text =
    'identity:\n  serviceAccounts:\n    - {name: ci, key: {env: CI_KEY}}\n    - {name: bi, key: {value: hunter2hunter2}}\n';
  const config = parse(text, { CI_KEY: 'swordfish-swordfish' });
  assert.deepEqual(
    config.identity.serviceAccounts.map((account) => account.key.reveal()),
    ['swordfish-swordfish', 'hunter2hunter2'],
  );
  assert.doesNotMatch(inspect(config, { depth: null }) + JSON.stringify(config), /swordfish|hunter2/);
  assert.match(
    mistakes(text),
    /:3: identity\.serviceAccounts\[0\]\.key: environment variable CI_KEY is not set/,
  );
});

test('a target address may come from the environment', () => {
  const config = parse('targets: [{name: shop, url: {env: SHOP_URL}}]', {
    SHOP_URL: 'postgres://u:p@h:5432/d',
  });
  assert.equal(config.targets[0]?.url.reveal(), 'postgres://u:p@h:5432/d');
});

test('names must differ', () => {
  const url = 'url: "postgres://u@h/d"';
  assert.match(
    mistakes(`targets: [{name: shop, ${url}}, {name: shop, ${url}}]`),
    /the name shop is there twice/,
  );
});

test('a webhook is signed, encrypted, and never prints its address or secret', () => {
  const text = 'webhooks:\n  - { name: ops, url: "https://hooks.example/swordfish", secret: { env: KEY } }\n';
  const config = parse(text, { KEY: 'swordfish-swordfish' });
  assert.equal(config.webhooks[0]?.format, 'sluice');
  assert.doesNotMatch(inspect(config, { depth: null }) + JSON.stringify(config), /swordfish/);
  assert.match(mistakes('webhooks: [{name: ops, url: "https://h"}]'), /webhooks\[0\]\.secret: is missing/);
  const slack = (url: string) => `webhooks: [{name: ops, format: slack, url: "${url}"}]`;
  assert.match(mistakes(slack('http://hooks.example')), /url: must be https/);
  assert.equal(parse(slack('http://127.0.0.1:80')).webhooks.length, 1);
  const twice = '{name: ops, format: slack, url: "https://h"}';
  assert.match(mistakes(`webhooks: [${twice}, ${twice}]`), /webhooks: the name ops is there twice/);
});

test('a file that is not there is told in words', () => {
  assert.throws(() => loadConfig('/nowhere/gateway.yaml', {}), { code: 'config.unreadable' });
});
