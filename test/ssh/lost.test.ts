import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { findProgram } from '../../scripts/setup/system-packages.ts';
import { openSshLab, type SshLab } from './lab/lab.ts';
import { Typist } from './lab/typist.ts';

/** A record has an end, whatever ends what it tells of. */

const POLICY = `
version: 1
rules:
  - { id: look, owner: ops@shop.example, who: { groups: [developers] }, on: { programs: [echo, seq, sleep] }, doing: [run], then: allow, because: Developers look. }
  - { id: cards, owner: ops@shop.example, who: everyone, on: { programs: [seq] }, then: { detect: [cards] }, because: Nobody needs them. }
`;

const SHOWING = 'seq 100000; sleep 600';

async function statusOf(lab: SshLab, statement: string): Promise<string | undefined> {
  const record = () => lab.recorder.records.find((one) => one.statement === statement);
  while (record()?.outcome == null) await setTimeout(5);
  return record()?.outcome?.status;
}

test('a terminal that is left where lines run by themselves', async (context) => {
  const lab = await openSshLab(POLICY);
  context.after(() => lab.close());
  const bin = join(lab.folder, 'bin');
  mkdirSync(bin);
  for (const name of ['sh', 'sed', 'sleep']) symlinkSync(findProgram(name) ?? name, join(bin, name));
  const poor = await openSshLab(POLICY, {}, undefined, [`SetEnv PATH=${bin}`]);
  context.after(() => poor.close());
  const typist = await Typist.open(poor);
  assert.match(typist.screen, /line-forward mode/);
  typist.type('echo waits; sleep 600\r');
  await typist.sees(/\nwaits\r\n/);
  typist.kill();
  assert.equal(await statusOf(poor, 'echo waits; sleep 600'), 'lost');
});

test('a command whose output nobody looks through any more, which ends', async (context) => {
  const lab = await openSshLab(POLICY);
  context.after(() => lab.close());
  const ssh = spawn('ssh', [...lab.arguments(), SHOWING], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(ssh, 'exit');
  await once(ssh.stdout, 'data');
  ssh.stdout.resume();
  await lab.scans.close();
  assert.deepEqual(await ended, [255, null]);
  assert.equal(await statusOf(lab, SHOWING), 'lost');
  assert.match(lab.faults[0]?.message ?? '', /failed while it served/);
});
