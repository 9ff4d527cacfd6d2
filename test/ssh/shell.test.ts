import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Requests } from '../../gateway/src/proxies/postgres/testing/requests.ts';
import { openSshLab, type SshLab } from './lab/lab.ts';
import { PROMPT, Typist } from './lab/typist.ts';

/** The governed shell as a person has it: the real ssh with a terminal, keys typed into it. */

const POLICY = `
version: 1
rules:
  - { id: look, owner: ops@shop.example, who: { groups: [developers] }, on: { programs: [echo, cat, ls, sleep, stty, head] }, doing: [run], then: allow, because: Developers look. }
  - { id: never, owner: ops@shop.example, who: everyone, on: { programs: [{ program: rm, with: [-r, -R, --recursive] }] }, doing: [run], then: block, because: Nothing is removed with all that is in it. }
  - { id: ask, owner: ops@shop.example, who: { groups: [developers] }, on: { programs: [touch] }, doing: [run], then: { approve: { by: [ops] } }, because: Files are made together. }
  - { id: cards, owner: ops@shop.example, who: everyone, on: { programs: [echo, cat] }, then: { detect: [cards] }, because: Nobody needs them. }
`;
let lab: SshLab;
before(async () => {
  lab = await openSshLab(POLICY);
});
after(() => lab?.close());

test('lines run one after the other, are recorded, and Ctrl-D leaves', async () => {
  const typist = await Typist.open(lab);
  assert.match(await typist.enter("echo 'a  b'"), /\na {2}b\r\n/);
  await typist.enter('cd /usr');
  assert.match(await typist.enter('ls -d lib'), /@web:\/usr/);
  const record = lab.recorder.records.findLast(({ statement }) => statement === "echo 'a  b'");
  assert.deepEqual([record?.surface, record?.outcome?.status], ['ssh', 'done']);
  assert.equal(await typist.leave(), 0);
});

test('what is blocked, and what is not understood, says why and runs nothing', async () => {
  const typist = await Typist.open(lab);
  const canary = join(lab.folder, 'canary');
  assert.match(
    await typist.enter('rm -rf /'),
    /Blocked by rule never of ops@shop\.example: Nothing is removed/,
  );
  for (const line of [
    `echo $(echo > ${canary})`,
    `eval 'echo > ${canary}'`,
    `echo a > ${canary}`,
    `bash`,
    '`id`',
  ])
    assert.match(await typist.enter(line), /\nsluice: /, line);
  assert.equal(existsSync(canary), false);
  assert.match(await typist.enter('echo still here'), /\nstill here/);
  typist.kill();
});

test('a held line waits and goes on by itself; Ctrl-C withdraws another', async () => {
  const requests = new Requests(lab);
  const typist = await Typist.open(lab);
  const file = join(lab.folder, 'made');
  const asked = requests.next();
  typist.type(`touch ${file}\r`);
  const request = await asked;
  await typist.sees(/waits for ops until/);
  assert.equal(existsSync(file), false);
  await requests.approve(request);
  await typist.sees(PROMPT);
  assert.equal(existsSync(file), true);
  const again = requests.next();
  typist.type(`touch ${file}2\r`);
  const second = await again;
  await typist.sees(/waits for ops until/);
  typist.type('\x03');
  await requests.become(second, 'withdrawn');
  await typist.sees(PROMPT);
  assert.equal(existsSync(`${file}2`), false);
  typist.kill();
});

test('a program has the terminal while it runs: keys, Ctrl-C, and nothing of it is a line', async () => {
  const typist = await Typist.open(lab);
  typist.type('cat\r');
  await typist.sees(/\n/);
  typist.type('echo injected\r');
  await typist.sees(/injected[\s\S]*injected/);
  typist.type('\x03');
  await typist.sees(PROMPT);
  assert.equal(
    lab.recorder.records.some(({ statement }) => statement === 'echo injected'),
    false,
  );
  typist.type('sleep 600\r');
  await typist.sees(/\n/);
  const poll = setInterval(() => typist.type('\x03'), 100);
  await typist.sees(PROMPT);
  clearInterval(poll);
  typist.kill();
});

test('what detectors find on the screen is replaced, and a revoked person is out', async () => {
  const typist = await Typist.open(lab);
  const shown = await typist.enter('echo paid with 4111 1111 1111 1111 today');
  assert.match(shown, /\npaid with \[card\] today/);
  lab.people.ana.revoke();
  await typist.gone();
  lab.people.ana.restore();
});
