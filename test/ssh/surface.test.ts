import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
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
  assert.equal((await shell(`${ssh} echo hello`)).code, 255);
});
