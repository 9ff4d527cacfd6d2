import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  createReadStream,
  createWriteStream,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { after, before, test } from 'node:test';
import { run } from '../openssh/lab/run.ts';
import { openSshLab, type SshLab } from './lab/lab.ts';

/** What else the real ssh does with a connection: codes, signals, variables, terminals, masters, new keys, much data. */

/** CI moves little; `SLUICE_SSH_TRANSFER_MB=1024` moves the whole gibibyte. */
const TRANSFER_BYTES = Number(process.env.SLUICE_SSH_TRANSFER_MB ?? 64) * 1024 * 1024;

let lab: SshLab;
let folder: string;
before(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-channels-')));
  lab = await openSshLab(`
version: 1
rules:
  - { id: look, owner: ops@shop.example, who: { groups: [developers] }, on: { programs: [echo, cat, printenv, stty, sleep, kill, tty] }, doing: [run], then: allow, because: Developers look. }
  - { id: bash, owner: ops@shop.example, who: { groups: [developers] }, on: { programs: [bash] }, doing: [run, interpreter], then: allow, because: Tests need it. }
  - { id: files, owner: ops@shop.example, who: { groups: [developers] }, on: { paths: ["${folder}/**"] }, doing: [readFile, writeFile, listFiles], then: allow, because: Tests need it. }
`);
});
after(() => {
  lab?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('exit codes and signals come back as they are', async () => {
  for (const code of [0, 1, 42, 255]) assert.equal((await lab.ssh(`bash -c 'exit ${code}'`)).code, code);
  const { code, stderr } = await lab.ssh("bash -c 'kill -TERM $$'", '-v');
  assert.equal(code, 255);
  assert.match(stderr, /exit-signal/);
});

test('a language goes along, and no other variable does', async () => {
  const send = (...names: string[]) => names.flatMap((name) => ['-o', `SetEnv=${name}`]);
  const tried = await lab.ssh(
    "bash -c 'echo $LC_TRIED; echo $LD_PRELOAD; echo $LC_BAD; env | grep -c BASH_FUNC'",
    ...send('LC_TRIED=nl_NL.UTF-8 LD_PRELOAD=/tmp/x.so LC_BAD=a;b BASH_FUNC_echo%%=()'),
  );
  assert.equal(tried.stdout, 'nl_NL.UTF-8\n\n\n0\n');
});

test('a command has the terminal that was asked for, and its size as it changes', async () => {
  assert.match((await lab.ssh('tty', '-tt')).stdout, /^\/dev\/pts\/\d+\r\n$/);
  assert.equal((await lab.ssh('tty')).stdout, 'not a tty\n');
});

test('in a terminal nothing is held back while a command waits, and what is found is replaced', async () => {
  const policy = lab.policy.yaml;
  const cards = `  - { id: cards, owner: ops@shop.example, who: everyone, on: { programs: [bash] }, then: { detect: [cards] }, because: Nobody needs them. }`;
  lab.policy.activate(`${policy}${cards}\n`);
  const remote = `bash -c 'printf "paid with 4111 1111 1111 1111, go on? "; read -r answer; echo "$answer"'`;
  const child = spawn('ssh', ['-tt', ...lab.arguments(), remote], { stdio: ['pipe', 'pipe', 'ignore'] });
  let shown = '';
  for await (const chunk of child.stdout) {
    shown += String(chunk);
    if (shown.endsWith('go on? ')) child.stdin.write('yes\n');
  }
  assert.match(shown, /^paid with \[card\], go on\? yes\r\nyes\r\n$/);
  lab.policy.activate(policy);
});

test('several commands go by one connection, and a login is asked for once', async () => {
  const path = join(folder, 'master');
  const master = spawn('ssh', ['-N', '-M', '-S', path, '-v', ...lab.arguments()], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  await new Promise<void>((resolve) =>
    master.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (/setting up multiplex master socket|Entering interactive session/.test(said)) resolve();
    }),
  );
  const by = (command: string) => run('ssh', ['-S', path, 'web@127.0.0.1', command]);
  while ((await run('ssh', ['-S', path, '-O', 'check', 'web@127.0.0.1'])).code !== 0)
    await once(master.stderr, 'data');
  const all = await Promise.all(Array.from({ length: 8 }, (_, index) => by(`echo ${index}`)));
  assert.deepEqual(
    all.map(({ code, stdout }) => [code, stdout]),
    all.map((_, index) => [0, `${index}\n`]),
  );
  assert.equal((await by('rm -rf /')).code, 126);
  const sessions = new Set(lab.recorder.records.slice(-9).map(({ sessionId }) => sessionId));
  assert.equal(sessions.size, 1);
  assert.equal((await run('ssh', ['-S', path, '-O', 'exit', 'web@127.0.0.1'])).code, 0);
});

test('keys are exchanged anew in the middle of a transfer', async () => {
  const bytes = randomBytes(8_000_000);
  const args = ['-v', '-o', 'RekeyLimit=1M', ...lab.arguments(), 'cat'];
  const child = spawn('ssh', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const hash = createHash('sha256');
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => hash.update(chunk));
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  child.stdin.end(bytes);
  assert.deepEqual(await once(child, 'close'), [0, null]);
  assert.equal(hash.digest('hex'), createHash('sha256').update(bytes).digest('hex'));
  assert.ok((said.match(/SSH2_MSG_NEWKEYS received/g) ?? []).length > 4, said);
});

test('much data goes up and down by SFTP and comes back the same', { timeout: 600_000 }, async () => {
  const [from, there, back] = ['from', 'there', 'back'].map((name) => join(folder, name));
  const hash = await random(from ?? '', TRANSFER_BYTES);
  const own = lab
    .arguments()
    .slice(0, -1)
    .map((one) => (one === '-p' ? '-P' : one));
  for (const [source, target] of [
    [from, `web@127.0.0.1:${there}`],
    [`web@127.0.0.1:${there}`, back],
  ]) {
    const startedMs = performance.now();
    const { code, stderr } = await run('scp', [...own, source ?? '', target ?? '']);
    assert.deepEqual([code, stderr], [0, '']);
    const seconds = (performance.now() - startedMs) / 1000;
    console.log(`${(TRANSFER_BYTES / 1e6 / seconds).toFixed(0)} MB/s to ${target}`);
  }
  assert.equal(await hashOf(there ?? ''), hash);
  assert.equal(await hashOf(back ?? ''), hash);
  assert.equal(statSync(back ?? '').size, TRANSFER_BYTES);
});

/** Fills a file; gives its hash. */
async function random(file: string, bytes: number): Promise<string> {
  const hash = createHash('sha256');
  const piece = randomBytes(1024 * 1024);
  await pipeline(async function* () {
    for (let at = 0; at < bytes; at += piece.length) {
      piece.writeUInt32BE(at / piece.length);
      const one = Buffer.from(piece);
      hash.update(one);
      yield one;
    }
  }, createWriteStream(file));
  return hash.digest('hex');
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

test('a window that changes is told to the command in it', async () => {
  const device = join(folder, 'tty');
  const remote = `bash -c 'trap "stty size" WINCH; stty size; while :; do sleep 0.1; done'`;
  const ssh = ['ssh', '-tt', ...lab.arguments(), remote].map(quoted).join(' ');
  const command = `tty > ${device}; stty rows 30 cols 100; exec ${ssh}`;
  const child = spawn('script', ['-qefc', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => undefined);
  let shown = '';
  let wake: () => void = () => undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    wake();
  });
  const seen = async (what: RegExp) => {
    while (!what.test(shown)) await new Promise<void>((resolve) => (wake = resolve));
  };
  await seen(/30 100\r\n/);
  execFileSync('stty', ['-F', readFileSync(device, 'utf8').trim(), 'rows', '41', 'cols', '123']);
  await seen(/41 123\r\n/);
  // A shell that just waited for another program takes a Ctrl-C for that one's.
  const poll = setInterval(() => child.stdin.write('\x03'), 100);
  await once(child, 'close');
  clearInterval(poll);
});

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

test('nothing went wrong in the gateway', () => {
  assert.deepEqual(lab.faults, []);
});
