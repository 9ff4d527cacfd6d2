import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { generateKey } from '../openssh/lab/keys.ts';
import type { End } from '../openssh/lab/run.ts';
import { openSshLab, type SshLab } from './lab/lab.ts';

/** The real ssh lends its agent, the real ssh-add on the host asks it. */

const policyWith = (outcome: string) => `
version: 1
rules:
  - { id: add, owner: ops@shop.example, who: { groups: [developers] }, on: { programs: [ssh-add, printenv, echo, sleep] }, doing: [run], then: allow, because: Tests need it. }
  - { id: lend, owner: ops@shop.example, who: { groups: [developers] }, on: { accounts: ["*"] }, doing: [agent], then: ${outcome}, because: Keys are lent with care. }
`;

let lab: SshLab;
let agent: ChildProcess;
let socket: string;
let publicKey: string;
before(async () => {
  lab = await openSshLab(policyWith('allow'));
  const folder = mkdtempSync(join(tmpdir(), 'sluice-agent-'));
  socket = join(folder, 'agent');
  agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
  if (agent.stdout !== null) await once(agent.stdout, 'data');
  const key = await generateKey(folder, 'own', 'ssh-ed25519');
  publicKey = readFileSync(`${key.file}.pub`, 'utf8').split(' ')[1] ?? '';
  const { code } = await withAgent('ssh-add', [key.file]);
  assert.equal(code, 0);
});
after(() => {
  agent?.kill();
  lab?.close();
});

async function withAgent(program: string, args: readonly string[]): Promise<End> {
  const child = spawn(program, args, { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'pipe' });
  const end = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    end.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    end.stderr += chunk.toString();
  });
  child.stdin.end();
  await once(child, 'close');
  return { code: child.exitCode, ...end };
}

/** SSH_AGENTC_REQUEST_IDENTITIES (draft-miller-ssh-agent section 4.4). */
const LIST_KEYS = Buffer.from([0, 0, 0, 1, 11]);

const lent = (command: string) => withAgent('ssh', ['-A', ...lab.arguments(), command]);

test('a host reaches the agent of whoever lent it, and each use is recorded', async () => {
  const { code, stdout, stderr } = await lent('ssh-add -L');
  assert.deepEqual([code, stderr], [0, '']);
  assert.ok(stdout.includes(publicKey));
  const used = () => lab.recorder.records.find(({ statement }) => statement === 'use the lent agent');
  while (used()?.outcome == null) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(used()?.outcome?.status, 'done');
  assert.ok((used()?.outcome?.bytes ?? 0) > 0);
  assert.ok(lab.recorder.records.some(({ statement }) => statement === 'lend the agent of the client'));
});

test('nothing is signed any more over a connection that was open when the session was locked', async () => {
  const ssh = spawn('ssh', ['-A', ...lab.arguments(), 'printenv SSH_AUTH_SOCK; sleep 600'], {
    env: { ...process.env, SSH_AUTH_SOCK: socket },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [path] = await once(ssh.stdout, 'data');
  // The host's end: on this machine too.
  const asking = connect(String(path).trim());
  asking.write(LIST_KEYS);
  const [keys] = await once(asking, 'data');
  assert.ok(Buffer.isBuffer(keys) && keys.includes(Buffer.from(publicKey, 'base64')));
  const [live] = lab.sessions.list();
  live?.lockBy({ id: lab.people.dora.current()?.id ?? assert.fail(), name: 'dora' }, 'wait');
  asking.write(LIST_KEYS);
  let after = '';
  asking.on('data', (chunk: Buffer) => {
    after += chunk.toString('latin1');
  });
  asking.on('error', () => undefined);
  await once(asking, 'close');
  assert.equal(after, '');
  ssh.kill();
});

test('who does not lend it has none there', async () => {
  const { stdout } = await withAgent('ssh', ['-a', ...lab.arguments(), 'printenv SSH_AUTH_SOCK']);
  assert.equal(stdout, '');
});

test('what no rule allows is not lent, which is said, and the command runs without', async () => {
  for (const policy of [policyWith('block'), policyWith('allow').replace('[agent]', '[terminal]')]) {
    lab.policy.activate(policy);
    const { stdout, stderr } = await lent('printenv SSH_AUTH_SOCK');
    assert.equal(stdout, '');
    assert.match(stderr, /sluice: .*(Keys are lent with care|no rule lets you lend it your keys)/);
    assert.equal((await lent('echo still')).stdout, 'still\n');
  }
  assert.deepEqual(lab.faults, []);
});
