import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../openssh/lab/run.ts';
import { openSshLab } from './lab/lab.ts';

/** What ends a connection, or gives it new keys, without anybody asking. */

const POLICY = `
version: 1
rules:
  - { id: look, owner: ops@shop.example, who: { groups: [developers] }, on: { programs: [sleep, seq] }, doing: [run], then: allow, because: Developers look. }
`;

test('keys are exchanged anew though the client does not ask for it', async (context) => {
  const lab = await openSshLab(POLICY, { rekeyMs: 1000 });
  context.after(() => lab.close());
  const { code, stderr } = await lab.ssh('sleep 3', '-v');
  assert.equal(code, 0, stderr);
  assert.ok((stderr.match(/SSH2_MSG_KEXINIT received/g) ?? []).length >= 2, stderr);
});

test('a connection without a channel is closed, one with a channel is not', async (context) => {
  const lab = await openSshLab(POLICY, { idleMs: 1000 });
  context.after(() => lab.close());
  const [idle, busy] = await Promise.all([run('ssh', lab.arguments('-N')), lab.ssh('sleep 2')]);
  assert.deepEqual([idle.code, busy.code], [255, 0]);
});

test('a connection that is too old is closed, whatever it does', async (context) => {
  const lab = await openSshLab(POLICY, { maxLifeMs: 2000 });
  context.after(() => lab.close());
  assert.equal((await lab.ssh('sleep 60')).code, 255);
});
