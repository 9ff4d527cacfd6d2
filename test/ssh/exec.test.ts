import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openSshLab, type SshLab } from './lab/lab.ts';

const POLICY = `
version: 1
rules:
  - { id: look, owner: ops@shop.example, who: { groups: [developers] }, on: { targets: [web], programs: [echo, cat, ls, sh-is-not] }, doing: [run], then: allow, because: Developers look. }
  - { id: tmp, owner: ops@shop.example, who: { groups: [developers] }, on: { paths: ["/tmp/**"] }, doing: [readFile, writeFile], then: allow, because: Nobody minds. }
  - { id: never, owner: ops@shop.example, who: everyone, on: { programs: [{ program: rm, with: [-r, -R, --recursive] }] }, doing: [run], then: block, because: Nothing is removed with all that is in it. }
`;

let lab: SshLab;
before(async () => {
  lab = await openSshLab(POLICY);
});
after(() => lab?.close());

test('an allowed command runs, and its end is recorded before it is told', async () => {
  const { code, stdout, stderr } = await lab.ssh('echo "a b"  \'c\'; cat /nowhere');
  assert.deepEqual([code, stdout], [1, 'a b c\n']);
  assert.match(stderr, /No such file/);
  const record = lab.recorder.last();
  assert.equal(record?.statement, 'echo "a b"  \'c\'; cat /nowhere');
  assert.equal(record?.surface, 'ssh');
  assert.equal(record?.outcome?.status, 'done');
});

test('a blocked command does not run, and says why', async () => {
  const canary = join(lab.folder, 'canary');
  const { code, stdout, stderr } = await lab.ssh(`rm -rf /; echo > ${canary}`);
  assert.deepEqual([code, stdout], [126, '']);
  assert.match(stderr, /sluice: Blocked by rule never of ops@shop\.example: Nothing is removed/);
  assert.equal(existsSync(canary), false);
  assert.equal(lab.recorder.last()?.outcome?.status, 'refused');
});

test('what is not understood does not run', async () => {
  const canary = join(lab.folder, 'canary');
  for (const line of [
    `echo $(echo > ${canary})`,
    `eval "echo > ${canary}"`,
    `echo "`,
    `sh -c "echo > ${canary}"`,
  ]) {
    const { code } = await lab.ssh(line);
    assert.equal(code, 126, line);
  }
  assert.equal(existsSync(canary), false);
});

test('who was signed out is out', async () => {
  lab.ana.revoke();
  const { code } = await lab.ssh('echo a');
  assert.notEqual(code, 0);
  lab.ana.restore();
});
