import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Hello } from '../contract/hello.ts';
import type { ConfigOverrides } from './config-load.ts';
import { loadConfig, parseConfig } from './config-load.ts';
import { type Gateway, startGateway } from './main.ts';

const ANY_PORT = { http: '127.0.0.1:0', postgres: '127.0.0.1:0' };
const newFolder = () => mkdtempSync(join(tmpdir(), 'sluice-gateway-'));
const example = new URL('../../examples/gateway.yaml', import.meta.url).pathname;
const exampleEnvironment = {
  SHOP_URL: 'postgres://gateway:x@127.0.0.1:1/shop',
  CI_KEY: 'swordfish-swordfish',
};

async function started(
  context: TestContext,
  file: string | null,
  environment: NodeJS.ProcessEnv,
  overrides: ConfigOverrides = {},
): Promise<{ gateway: Gateway; told: string[] }> {
  const told: string[] = [];
  const config = loadConfig(file, environment, { listen: ANY_PORT, dataDir: newFolder(), ...overrides });
  const gateway = await startGateway(config, { tell: (line) => told.push(line) });
  context.after(() => gateway.close());
  return { gateway, told };
}

const start = (text: string, listen: ConfigOverrides['listen'] = ANY_PORT) =>
  startGateway(
    parseConfig(text, { name: 'gateway.yaml', folder: newFolder() }, {}, { listen, dataDir: newFolder() }),
    { tell: () => undefined },
  );

test('the bundled default starts, says where it listens, and that everything is blocked', async (context) => {
  const { gateway, told } = await started(context, null, {});
  const hello = Hello.parse(await (await fetch(`${gateway.url}/v1/hello`)).json());
  assert.equal(hello.builtInIdentity, true);
  assert.equal(hello.issuer, `${gateway.url}/oidc`);
  assert.match(gateway.listening.postgres, /^127\.0\.0\.1:[1-9]\d*$/);
  assert.match(told.join('\n'), /every statement is blocked/);
});

test('examples/gateway.yaml starts', async (context) => {
  const { gateway } = await started(context, example, exampleEnvironment);
  assert.equal((await fetch(`${gateway.url}/v1/hello`)).status, 200);
});

test('the built-in identity provider refuses any address but loopback', async () => {
  const elsewhere = { http: '0.0.0.0:0', postgres: '127.0.0.1:0' };
  await assert.rejects(start('', elsewhere), (error: Error) => {
    assert.match(error.message, /built-in identity provider asks for no password.*loopback only/);
    return true;
  });
  await assert.rejects(start('publicUrl: https://sluice.example'), { code: 'listen.refused' });
});

test('beyond loopback sign-ins travel over TLS only', async () => {
  const elsewhere = { http: '0.0.0.0:0', postgres: '127.0.0.1:0' };
  const text = 'tls: {http: "off"}\nidentity: {builtin: {enabled: false}}';
  await assert.rejects(start(text, elsewhere), { code: 'listen.refused' });
});

test('a port in use is told in words, and nothing stays open', async (context) => {
  const { gateway } = await started(context, null, {});
  const taken = { http: '127.0.0.1:0', postgres: gateway.listening.postgres };
  await assert.rejects(start('', taken), (error: Error) => {
    assert.match(error.message, /Another program already listens on 127\.0\.0\.1:/);
    return true;
  });
});

test('a policy that does not compile stops the start with its problems', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'policy.yaml'), 'rules: 7\n');
  await assert.rejects(start(`policy: ${join(folder, 'policy.yaml')}`), { code: 'policy.invalid' });
});

test('a second gateway in the same folder is refused', async (context) => {
  const dataDir = newFolder();
  await started(context, null, {}, { dataDir });
  await assert.rejects(started(context, null, {}, { dataDir }), { code: 'record.unavailable' });
});

test('a sign-in outlasts a restart of the gateway', async (context) => {
  const dataDir = newFolder();
  const first = await started(context, null, {}, { dataDir });
  const body = 'client_id=sluice&scope=openid';
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const device = await fetch(`${first.gateway.url}/oidc/device/auth`, { method: 'POST', headers, body });
  const { user_code: code } = (await device.json()) as { user_code: string };
  await first.gateway.close();
  const second = await started(context, null, {}, { dataDir });
  const page = await (await fetch(`${second.gateway.url}/oidc/device?user_code=${code}`)).text();
  assert.match(page, /Is this your code/);
});

test('over TLS: a client that trusts the authority, beyond loopback too', async (context) => {
  const dataDir = newFolder();
  const file = join(newFolder(), 'gateway.yaml');
  writeFileSync(file, 'identity: {builtin: {enabled: false}}\n');
  const { gateway } = await started(
    context,
    file,
    {},
    { dataDir, listen: { ...ANY_PORT, http: '0.0.0.0:0' } },
  );
  assert.match(gateway.url, /^https:/);
  const ca = readFileSync(join(dataDir, 'certificates', 'authority.crt'));
  const reply = await new Promise<string>((resolve, reject) => {
    get(`${gateway.url}/v1/hello`, { ca }, (response) => {
      response.setEncoding('utf8').once('data', resolve);
    }).once('error', reject);
  });
  assert.equal(Hello.parse(JSON.parse(reply)).builtInIdentity, false);
});

test('what fails at the start is thrown, and told by nobody else', async () => {
  const dataDir = newFolder();
  writeFileSync(join(dataDir, 'sluice.db'), 'garbage '.repeat(1000));
  const config = loadConfig(null, {}, { listen: ANY_PORT, dataDir });
  const lost: unknown[] = [];
  const started = startGateway(config, { tell: () => undefined, onLost: (why) => lost.push(why) });
  await assert.rejects(started, { code: 'store.corrupt' });
  await new Promise((turn) => setImmediate(turn));
  assert.deepEqual(lost, []);
});
