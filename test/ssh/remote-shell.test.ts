import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import ssh2, { type Client } from 'ssh2';
import { RemoteShell } from '../../gateway/src/proxies/ssh/shell/remote-shell.ts';
import { generateKey } from '../openssh/lab/keys.ts';
import { ACCOUNT, type Server, startServer } from '../openssh/lab/server.ts';

/** The shell that is fed line by line, on a real host. */

let sshd: Server;
let client: Client;
before(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-shell-'));
  const hostKey = await generateKey(folder, 'target-host', 'ssh-ed25519');
  const key = await generateKey(folder, 'gateway', 'ssh-ed25519');
  sshd = await startServer(folder, [`HostKey ${hostKey.file}`, `AuthorizedKeysFile ${key.file}.pub`]);
  client = new ssh2.Client();
  await new Promise((resolve, reject) => {
    client.once('ready', () => resolve(null)).once('error', reject);
    client.connect({
      host: '127.0.0.1',
      port: sshd.port,
      username: ACCOUNT,
      privateKey: readFileSync(key.file),
    });
  });
});
after(() => {
  client?.end();
  sshd?.stop();
});

class Watched {
  output = '';
  shell: RemoteShell | null = null;
  prompts: Array<{ exitCode: number; folder: string | null }> = [];
  #wake: () => void = () => undefined;

  static async start(): Promise<Watched> {
    const watched = new Watched();
    const terminal = { term: 'xterm', columns: 80, rows: 24, width: 0, height: 0 };
    watched.shell = await RemoteShell.start(client, terminal, {
      output: (bytes) => watched.#saw(() => (watched.output += bytes.toString())),
      prompt: (exitCode, folder) => watched.#saw(() => watched.prompts.push({ exitCode, folder })),
      taken: () => undefined,
      closed: () => watched.#saw(() => undefined),
    });
    assert.notEqual(watched.shell, null);
    await watched.until(() => watched.prompts.length === 1);
    return watched;
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** Runs a line to its end; gives what it showed. */
  async run(line: string): Promise<string> {
    const count = this.prompts.length;
    this.output = '';
    this.shell?.run(line);
    await this.until(() => this.prompts.length > count);
    return this.output;
  }

  /** Runs a line and types while it does. */
  async typedWhile(line: string, keys: string): Promise<string> {
    const count = this.prompts.length;
    this.output = '';
    this.shell?.run(`echo ready; ${line}`);
    await this.until(() => this.output.includes('ready'));
    this.shell?.type(Buffer.from(keys));
    await this.until(() => this.prompts.length > count);
    return this.output;
  }

  #saw(happens: () => void): void {
    happens();
    this.#wake();
  }
}

test('lines run one after the other in one shell, and each tells how it ended and where', async () => {
  const watched = await Watched.start();
  assert.equal(await watched.run("echo 'a  b'"), 'a  b\r\n');
  assert.equal(await watched.run("cd '/tmp'"), '');
  assert.equal(watched.prompts.at(-1)?.folder, '/tmp');
  await watched.run('false');
  assert.equal(watched.prompts.at(-1)?.exitCode, 1);
  assert.equal(await watched.run('tty -s && echo terminal'), 'terminal\r\n');
  watched.shell?.close();
});

test('what is typed is for the program that runs, and for no other and no shell', async () => {
  const watched = await Watched.start();
  const count = watched.prompts.length;
  watched.output = '';
  watched.shell?.run('echo ready; head -n 1');
  await watched.until(() => watched.output.includes('ready'));
  watched.shell?.type(Buffer.from('typed\n'));
  watched.shell?.type(Buffer.from('echo injected\n'));
  await watched.until(() => watched.prompts.length > count);
  // The terminal echoes both lines, and head shows the first.
  assert.match(watched.output, /typed\r\n$/);
  assert.doesNotMatch(watched.output, /^injected/m);
  assert.equal(await watched.run('echo next'), 'next\r\n');
  watched.shell?.type(Buffer.from('echo ahead\n'));
  assert.doesNotMatch(await watched.run('sleep 0.05; echo after'), /^ahead/m);
  await watched.typedWhile('sleep 0.3', 'one\ntwo\nthree\n');
  assert.doesNotMatch(await watched.typedWhile('timeout 0.2 cat', ''), /one|two|three/);
  watched.shell?.close();
});

test('ctrl-C, jobs and the size of the window work', async () => {
  const watched = await Watched.start();
  const count = watched.prompts.length;
  watched.shell?.run('sleep 600');
  const poll = setInterval(() => watched.shell?.type(Buffer.from('\x03')), 50);
  await watched.until(() => watched.prompts.length > count);
  clearInterval(poll);
  assert.equal(watched.prompts.at(-1)?.exitCode, 130);
  watched.shell?.resize({ columns: 123, rows: 45, width: 0, height: 0 });
  assert.match(await watched.run('stty -F /dev/tty size'), /45 123/);
  watched.shell?.close();
});

test('the way in is gone: no file is left, and none can be opened by another name', async () => {
  const watched = await Watched.start();
  assert.match(await watched.run('ls -l /proc/$$/fd'), /sluice\.\w{8}\/go \(deleted\)/);
  assert.match(await watched.run('ls /proc/self/fd'), /^0\s+1\s+2\s+3\s*$/);
  assert.match(await watched.run('cat <&3'), /Bad file descriptor/);
  // The nonce, by which it would tell another folder than it is in.
  const told = await watched.run(
    'type sluice_go sluice_end sluice_as; env; cat /proc/$$/cmdline /proc/$$/environ',
  );
  assert.match(told, /sluice_nonce/);
  assert.doesNotMatch(told, /a[0-9a-f]{32}/);
  watched.shell?.close();
});

test('an interrupt while bash reads a line never cuts it: its second half is no command', async () => {
  const watched = await Watched.start();
  const long = `: '${'x'.repeat(20_000)} ; echo cut; : '`;
  for (let delayMs = 0; delayMs < 20; delayMs += 1) {
    watched.output = '';
    const count = watched.prompts.length;
    watched.shell?.run(long);
    await setTimeout(delayMs);
    watched.shell?.type(Buffer.from('\x03'));
    await watched.until(() => watched.prompts.length > count);
    assert.doesNotMatch(watched.output, /cut/);
  }
  // The last of them may still be on its way.
  await watched.run('sleep 0.1');
  assert.match(await watched.run('echo alive'), /^alive\r\n$/m);
  watched.shell?.close();
});

test('an interrupt ends all of a line, and never the shell', async () => {
  const watched = await Watched.start();
  for (const line of [
    'sleep 600; echo next',
    'sleep 600 && echo next',
    '{ sleep 600; echo next; }',
    'while :; do sleep 600; echo next; done',
    'while :; do :; done',
    'sleep 600 | cat; echo next',
    `echo '${'x'.repeat(500_000)}'; sleep 600`,
    'wait; sleep 600; echo next',
    '( sleep 600; echo next )',
  ]) {
    const count = watched.prompts.length;
    watched.output = '';
    watched.shell?.run(line);
    const poll = setInterval(() => watched.shell?.type(Buffer.from('\x03')), 100);
    await watched.until(() => watched.prompts.length > count);
    clearInterval(poll);
    assert.doesNotMatch(watched.output, /^next/m, line);
    assert.equal(await watched.run('echo alive'), 'alive\r\n');
  }
  watched.shell?.close();
});

test('what stops is stopped as a whole, and goes on', async () => {
  const watched = await Watched.start();
  for (const line of ['sleep 600', 'cat | cat', "sh -c 'sleep 600'"]) {
    const count = watched.prompts.length;
    watched.shell?.run(line);
    const poll = setInterval(() => watched.shell?.type(Buffer.from('\x1a')), 100);
    await watched.until(() => watched.prompts.length > count);
    clearInterval(poll);
    await watched.run('cat /dev/null');
    const jobs = await watched.run('jobs');
    assert.match(jobs, /Stopped/);
    assert.doesNotMatch(jobs, /Done/);
    await watched.run('kill -KILL %+; wait %+');
  }
  watched.shell?.close();
});
