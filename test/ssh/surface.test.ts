import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Browser, type Page } from '../../gateway/src/adapters/identity/browser.fixture.ts';
import { parseConfig } from '../../gateway/src/config-load.ts';
import { type Gateway, startGateway } from '../../gateway/src/main.ts';
import { knownHostLine } from '../../gateway/src/wire/ssh/lines/known-hosts.ts';
import { Person } from '../gateway/gateway.fixture.ts';
import { generateKey } from '../openssh/lab/keys.ts';
import { ACCOUNT, type Server, startServer } from '../openssh/lab/server.ts';

/** A gateway as people run it, with a host behind it, used as people use it. */

const POLICY = `
version: 1
rules:
  - { id: look, owner: ops@shop.example, who: { groups: [developers] }, on: { targets: [web], programs: [echo, id] }, doing: [run], then: allow, because: Developers look. }
`;

let sshd: Server;
let gateway: Gateway;
before(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-ssh-surface-'));
  const hostKey = await generateKey(folder, 'target-host', 'ssh-ed25519');
  const key = await generateKey(folder, 'gateway', 'ssh-ed25519');
  sshd = await startServer(folder, [`HostKey ${hostKey.file}`, `AuthorizedKeysFile ${key.file}.pub`]);
  writeFileSync(join(folder, 'policy.yaml'), POLICY);
  const known = knownHostLine({ host: '127.0.0.1', port: sshd.port }, hostKey.publicKey);
  const text = `
listen: {http: 127.0.0.1:0, postgres: 127.0.0.1:0, ssh: 127.0.0.1:0}
dataDir: ${join(folder, 'data')}
policy: policy.yaml
hosts:
  - {name: web, address: "127.0.0.1:${sshd.port}", accounts: [{name: ${ACCOUNT}, key: gateway}], knownHosts: "${known}"}
`;
  gateway = await startGateway(parseConfig(text, { name: 'test', folder }, {}), { tell: () => undefined });
});
after(async () => {
  await gateway?.close();
  sshd?.stop();
});

const shell = (line: string) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile('sh', ['-c', line], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });

test('a developer asks for an ssh command, and runs commands with it', async () => {
  const ana = new Person('ana@shop.example', gateway);
  assert.match((await ana.sluice(['targets'])).out, /^web\b/m);
  const { exit, out: ssh } = await ana.sluice(['connect', 'web']);
  assert.equal(exit, 0);
  assert.match(ssh, /^ssh -i \S+ .* web@127\.0\.0\.1$/);
  assert.deepEqual(await shell(`${ssh} echo hello`), { code: 0, stdout: 'hello\n', stderr: '' });
  const refused = await shell(`${ssh} cat /etc/passwd`);
  assert.equal(refused.code, 126);
  assert.match(refused.stderr, /no rule lets you run cat on web/);
  const { out } = await ana.sluice(['connect', 'web', '--json']);
  assert.deepEqual(JSON.parse(out).command.slice(0, 2), ['ssh', '-i']);
  await ana.sluice(['logout']);
  const batch = ssh.replace(/^ssh/, 'ssh -o BatchMode=yes');
  assert.equal((await shell(`${batch} echo hello`)).code, 255);
});

/** The real ssh without a certificate; what it shows is gathered until the page to sign in at stands there. */
async function bareSsh(login: string, command: string) {
  const colon = gateway.listening.ssh?.lastIndexOf(':') ?? -1;
  const port = gateway.listening.ssh?.slice(colon + 1) ?? '';
  const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'GSSAPIAuthentication=no'];
  const child = spawn(
    'ssh',
    ['-F', 'none', ...options.flatMap((option) => ['-o', option]), '-p', port, `${login}@127.0.0.1`, command],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let shown = '';
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  const page = new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
      const url = /open (\S+)/.exec(shown)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('close', () => reject(new Error(shown)));
  });
  page.catch(() => undefined);
  const ended = once(child, 'close').then(([code]) => ({ code, stdout, stderr: shown }));
  return { confirm: await new Browser().open(await page), ended };
}

async function signIn(confirm: Page, person: string): Promise<void> {
  const choice = await confirm.submit('Continue');
  assert.match((await choice.submit('Choose', { person: `person:${person}` })).html, /You are signed in/);
}

test('a bare ssh signs in by the browser, for that one connection', async () => {
  const { confirm, ended } = await bareSsh('web', 'echo hello');
  assert.match(confirm.html, /An SSH client at 127\.0\.0\.1 that wants to reach web shows a code/);
  await signIn(confirm, 'ana@shop.example');
  const { code, stdout } = await ended;
  assert.deepEqual([code, stdout], [0, 'hello\n']);
});

test('who refuses the code, or asks for a host that is none, is not let in', async () => {
  const refused = await bareSsh('web', 'echo hello');
  await refused.confirm.submit('This is not my code');
  assert.equal((await refused.ended).code, 255);
  const lost = await bareSsh('nowhere', 'echo hello');
  await signIn(lost.confirm, 'ana@shop.example');
  const { code, stderr } = await lost.ended;
  assert.equal(code, 255);
  assert.match(stderr, /There is no host nowhere behind this gateway/);
});
