import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Requests } from '../../gateway/src/proxies/postgres/testing/requests.ts';
import { openSshLab, type SshLab } from './lab/lab.ts';

const POLICY = `
version: 1
rules:
  - { id: look, owner: ops@shop.example, who: { groups: [developers] }, on: { targets: [web], programs: [echo, cat, ls, grep, sh-is-not] }, doing: [run], then: allow, because: Developers look. }
  - { id: tmp, owner: ops@shop.example, who: { groups: [developers] }, on: { paths: ["/tmp/**"] }, doing: [readFile, writeFile], then: allow, because: Nobody minds. }
  - { id: never, owner: ops@shop.example, who: everyone, on: { programs: [{ program: rm, with: [-r, -R, --recursive] }] }, doing: [run], then: block, because: Nothing is removed with all that is in it. }
  - { id: ask, owner: ops@shop.example, who: { groups: [developers] }, on: { programs: [touch] }, doing: [run], then: { approve: { by: [ops] } }, because: Files are made together. }
  - { id: bash, owner: ops@shop.example, who: { groups: [developers] }, on: { programs: [bash, sleep, yes] }, doing: [run, interpreter], then: allow, because: Tests need it. }
  - { id: cards, owner: ops@shop.example, who: everyone, on: { programs: [cat, yes, grep] }, then: { detect: [cards] }, because: Nobody needs them. }
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
  lab.people.ana.revoke();
  const { code } = await lab.ssh('echo a');
  assert.notEqual(code, 0);
  lab.people.ana.restore();
});

test('a held command waits, says for whom, and goes on by itself', async () => {
  const requests = new Requests(lab);
  const file = join(lab.folder, 'made');
  const asked = requests.next();
  const ended = lab.ssh(`touch ${file}`);
  const request = await asked;
  assert.equal(request.surface, 'ssh');
  assert.equal(existsSync(file), false);
  await requests.approve(request);
  const { code, stderr } = await ended;
  assert.equal(code, 0);
  assert.match(stderr, /Needs approval by ops, as rule ask/);
  assert.equal(existsSync(file), true);
});

test('a held command that is denied says why; one whose client left leaves no request', async () => {
  const requests = new Requests(lab);
  const file = join(lab.folder, 'never-made');
  const asked = requests.next();
  const ended = lab.ssh(`touch ${file}`);
  await requests.deny(await asked, 'not today');
  const { code, stderr } = await ended;
  assert.equal(code, 126);
  assert.match(stderr, /not today/);
  const again = requests.next();
  const child = spawn('ssh', [...lab.arguments(), `touch ${file}`], { stdio: 'ignore' });
  const request = await again;
  child.kill('SIGINT');
  await requests.become(request, 'withdrawn');
  assert.equal(existsSync(file), false);
});

test('bytes pass both ways as they are, and exit codes and signals come back', async () => {
  const bytes = randomBytes(20_000_000);
  const child = spawn('ssh', [...lab.arguments(), 'cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const hash = createHash('sha256');
  child.stdout.on('data', (chunk: Buffer) => hash.update(chunk));
  child.stdin.end(bytes);
  assert.deepEqual(await once(child, 'close'), [0, null]);
  assert.equal(hash.digest('hex'), createHash('sha256').update(bytes).digest('hex'));
  assert.equal((await lab.ssh("bash -c 'exit 42'")).code, 42);
  assert.equal((await lab.ssh("bash -c 'kill -9 $$'")).code, 255);
});

for (const command of ['sleep 600', 'yes 4111111111111111'])
  test(`a client that leaves ends what it has started: ${command}`, async () => {
    const child = spawn('ssh', [...lab.arguments(), command], { stdio: ['ignore', 'pipe', 'ignore'] });
    const runs = () => lab.recorder.records.find(({ statement }) => statement === command);
    while (runs() === undefined) await new Promise((resolve) => setImmediate(resolve));
    child.kill('SIGKILL');
    while (runs()?.outcome === null) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(runs()?.outcome?.status, 'lost');
  });

test('what detectors find in the output is replaced, on both streams, wherever it is cut', async () => {
  const file = join(lab.folder, 'cards.txt');
  const lines = Array.from(
    { length: 4000 },
    (_, index) => `${index} paid with 4111 1111 1111 1111, thank you`,
  );
  writeFileSync(file, `${lines.join('\n')}\n`);
  const { stdout } = await lab.ssh(`cat ${file}`);
  assert.doesNotMatch(stdout, /4111/);
  assert.equal(stdout, `${lines.map((line) => line.replace('4111 1111 1111 1111', '[card]')).join('\n')}\n`);
  assert.equal(lab.recorder.last()?.outcome?.detected?.cards, 4000);
  const { stderr } = await lab.ssh('cat /4111111111111111');
  assert.doesNotMatch(stderr, /4111/);
});

test('nor do colours within hide it', async () => {
  const file = join(lab.folder, 'coloured.txt');
  writeFileSync(file, 'paid with 4111 1111 1111 1111, thank you\n');
  const { stdout } = await lab.ssh(`grep --color=always 4111 ${file}`);
  assert.equal(stdout, 'paid with \x1b[01;31m\x1b[K[card]\x1b[m\x1b[K, thank you\n');
  assert.equal(lab.recorder.last()?.outcome?.detected?.cards, 1);
});
