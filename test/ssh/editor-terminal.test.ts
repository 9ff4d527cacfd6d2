import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { HttpClient } from '../../extension/src/gateway/http-client.ts';
import { TerminalLine } from '../../extension/src/terminals/terminal-line.ts';
import { TargetName } from '../../gateway/contract/ids.ts';
import { WATCH_CHANNEL_SUBPROTOCOL, watchChannelPath } from '../../gateway/contract/session-endpoints.ts';
import { parseConfig } from '../../gateway/src/config-load.ts';
import { type Gateway, startGateway } from '../../gateway/src/main.ts';
import { knownHostLine } from '../../gateway/src/wire/ssh/lines/known-hosts.ts';
import { Relay } from '../e2e/harness/relay.ts';
import { Person } from '../gateway/gateway.fixture.ts';
import { generateKey } from '../openssh/lab/keys.ts';
import { ACCOUNT, type Server, startServer } from '../openssh/lab/server.ts';

/** The editor's line to a shell on a real host, through a gateway as people run it and a network that drops. */

const policyOf = (shared: string) => `
version: 1
rules:
  - { id: look, owner: ops@shop.example, who: { groups: [developers] }, on: { targets: [web], programs: [cd, echo, cat, sleep, seq] }, doing: [run], then: allow, because: Developers look. }
  - { id: never, owner: ops@shop.example, who: everyone, on: { programs: [{ program: rm, with: [-r] }] }, doing: [run], then: block, because: Nothing goes with all that is in it. }
  - { id: cards, owner: ops@shop.example, who: everyone, on: { targets: [web] }, then: { detect: [cards] }, because: Nobody needs them. }
  - { id: files, owner: ops@shop.example, who: { groups: [developers] }, on: { targets: [web], paths: ["${shared}", "${shared}/**"] }, doing: [listFiles, readFile], then: allow, because: They are there to be read. }
  - { id: asked, owner: ops@shop.example, who: { groups: [developers] }, on: { targets: [web], paths: ["${shared}/asked/**"] }, doing: [listFiles, readFile], then: { approve: { by: [dba] } }, because: Somebody else looks first. }
`;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they begin with one
const ESCAPES = /\x1b(\[[0-9;?]*[A-Za-z]|\(B|[=>])|\x0f/g;
const PROMPT = /@web:\S*\$ $/;
const web = TargetName.parse('web');

let folder: string;
let shared: string;
let sshd: Server;
let gateway: Gateway;
let relay: Relay;
let token: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-editor-terminal-'));
  const hostKey = await generateKey(folder, 'target-host', 'ssh-ed25519');
  const key = await generateKey(folder, 'gateway', 'ssh-ed25519');
  sshd = await startServer(folder, [
    `HostKey ${hostKey.file}`,
    `AuthorizedKeysFile ${key.file}.pub`,
    'Subsystem sftp internal-sftp',
  ]);
  shared = join(folder, 'shared');
  mkdirSync(join(shared, 'logs'), { recursive: true });
  writeFileSync(join(shared, 'b.txt'), 'hello\n');
  writeFileSync(join(shared, 'card.txt'), 'paid with 4111 1111 1111 1111\n');
  writeFileSync(join(folder, 'secret.txt'), 'a canary\n');
  symlinkSync(join(folder, 'secret.txt'), join(shared, 'a-link'));
  writeFileSync(join(folder, 'policy.yaml'), policyOf(shared));
  relay = await Relay.start();
  const known = knownHostLine({ host: '127.0.0.1', port: sshd.port }, hostKey.publicKey);
  const text = `
listen: {http: 127.0.0.1:0, postgres: 127.0.0.1:0, ssh: 127.0.0.1:0}
publicUrl: http://127.0.0.1:${relay.port}
dataDir: ${join(folder, 'data')}
policy: policy.yaml
hosts:
  - {name: web, address: "127.0.0.1:${sshd.port}", accounts: [{name: ${ACCOUNT}, key: gateway}], knownHosts: "${known}"}
`;
  gateway = await startGateway(parseConfig(text, { name: 'test', folder }, {}), { tell: () => undefined });
  relay.leadTo(Number(gateway.listening.http.split(':').at(-1)));
  token = await new Person('ana@shop.example', gateway).token();
});
after(async () => {
  relay?.stop();
  await gateway?.close();
  sshd?.stop();
});

/** A line, and what stands on its screen since the last line was entered. */
class Typist {
  readonly line: TerminalLine;
  screen = '';
  bytes = 0;
  #shown = '';
  #wake: () => void = () => undefined;

  private constructor() {
    this.line = new TerminalLine({
      place: { target: web },
      size: { columns: 100, rows: 30 },
      access: async () => ({ url: `http://127.0.0.1:${relay.port}`, token }),
      onBytes: (bytes) => {
        this.bytes += bytes.byteLength;
        this.#shown = (this.#shown + Buffer.from(bytes).toString()).slice(-100_000);
        this.screen = this.#shown.replace(ESCAPES, '');
        this.#wake();
      },
    });
    this.line.state.follow(() => this.#wake());
  }

  static async open(): Promise<Typist> {
    const typist = new Typist();
    await typist.line.start();
    await typist.until(() => PROMPT.test(typist.screen));
    return typist;
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  wake(): void {
    this.#wake();
  }

  type(keys: string): void {
    this.#shown = '';
    this.screen = '';
    this.line.type(keys);
  }

  async enter(line: string): Promise<string> {
    this.type(`${line}\r`);
    await this.until(() => /\n/.test(this.screen) && PROMPT.test(this.screen));
    return this.screen;
  }
}

test('lines run, are refused in words, and what detectors find is replaced', async () => {
  const ana = await Typist.open();
  assert.equal(ana.line.account, ACCOUNT);
  assert.match(await ana.enter('echo "a  b"'), /\na {2}b\r\n/);
  assert.match(await ana.enter(`rm -rf ${folder}`), /Blocked by rule never of ops@shop\.example/);
  assert.equal(existsSync(folder), true);
  assert.match(await ana.enter('echo 4111 1111 1111 1111 it is'), /\n\[card\] it is/);
  ana.type('\x04');
  await ana.until(() => ana.line.state.value.kind === 'ended');
  assert.deepEqual(ana.line.state.value, { kind: 'ended', exitCode: 0, why: '' });
});

test('a network that drops while a program prints loses nothing and shows nothing twice', async () => {
  const ana = await Typist.open();
  await ana.enter(`cd ${folder}`);
  ana.type('seq -f "%06g" 1 200000\r');
  await ana.until(() => ana.bytes > 200_000);
  relay.cut();
  await ana.until(() => ana.line.state.value.kind === 'lost');
  relay.mend();
  await ana.until(() => /\n200000\r\n/.test(ana.screen) && PROMPT.test(ana.screen));
  const numbers = [...ana.screen.matchAll(/^(\d{6})\r$/gm)].map(([, number]) => Number(number));
  assert.ok(numbers.length > 10_000);
  for (const [at, number] of numbers.entries()) assert.equal(number - (numbers[0] ?? 0), at);
  assert.match(await ana.enter('echo still here'), /\nstill here\r\n/);
  ana.line.close();
});

test('whoever looks on is told to the person before the terminal, and seen no more once they have left', async () => {
  const ana = await Typist.open();
  const { session } = ana.line;
  assert.ok(session !== null);
  const audrey = new WebSocket(
    `ws://${gateway.listening.http}${watchChannelPath(session)}?from=now`,
    WATCH_CHANNEL_SUBPROTOCOL,
    { headers: { authorization: `Bearer ${await new Person('audrey@shop.example', gateway).token()}` } },
  );
  ana.line.watchers.follow(() => ana.wake());
  await ana.until(() => ana.line.watchers.value.length === 1);
  assert.deepEqual(
    ana.line.watchers.value.map(({ name }) => name),
    ['Audrey Okafor (auditor)'],
  );
  await ana.until(() => /is watching this session/.test(ana.screen));
  audrey.close();
  await ana.until(() => ana.line.watchers.value.length === 0);
  ana.line.close();
});

test('an administrator ends a terminal of the editor, and its person is told who did and why', async () => {
  const ana = await Typist.open();
  const { session } = ana.line;
  assert.ok(session !== null);
  const adam = await new Person('adam@shop.example', gateway).token();
  const client = new HttpClient({ url: `http://${gateway.listening.http}`, token: async () => adam });
  await client.ask('endSession', { params: { session }, body: { reason: 'deployment' } });
  await ana.until(() => ana.line.state.value.kind === 'ended');
  assert.match(ana.screen, /Adam Novak \(administrator\) has ended this session: deployment/);
  const state = ana.line.state.value;
  assert.ok(state.kind === 'ended' && state.exitCode !== 0);
});

test('files are listed and read where a rule lets them, by whatever name; nothing else is', async () => {
  const client = new HttpClient({
    url: gateway.listening.http.replace(/^/, 'http://'),
    token: async () => token,
  });
  const at = (path: string) => ({ params: { target: web, path } });
  const listing = await client.ask('files', at(shared));
  assert.ok(listing.kind === 'listing');
  assert.deepEqual(
    listing.entries.map(({ name, kind }) => `${kind} ${name}`),
    ['folder logs', 'link a-link', 'file b.txt', 'file card.txt'],
  );
  const file = await client.ask('file', at(join(shared, 'b.txt')));
  assert.ok(file.kind === 'content');
  assert.equal(Buffer.from(file.base64, 'base64').toString(), 'hello\n');
  assert.deepEqual(await client.ask('file', at(join(shared, 'logs'))), { kind: 'folder' });
  for (const path of [
    join(folder, 'secret.txt'),
    join(shared, 'a-link'),
    `${shared}/../secret.txt`,
    '/etc/passwd',
  ]) {
    const refused = await client.ask('file', at(path));
    assert.ok(refused.kind === 'refused', path);
    assert.match(refused.sentence, /^Blocked: no rule lets you/);
  }
  const card = await client.ask('file', at(join(shared, 'card.txt')));
  assert.ok(card.kind === 'refused');
  assert.match(card.sentence, /rule cards of ops@shop\.example/);
  const missing = await client.ask('file', at(join(shared, 'none')));
  assert.equal(missing.kind, 'failed');
  execFileSync('mkfifo', [join(shared, 'logs', 'pipe')]);
  const pipe = await client.ask('file', at(join(shared, 'logs', 'pipe')));
  assert.ok(pipe.kind === 'failed');
  assert.match(pipe.sentence, /is a device, a pipe or a socket/);
  const folderOfAll = await client.ask('files', at('/'));
  assert.equal(folderOfAll.kind, 'refused');
});

test('whoever does not wait for a file any more leaves no request behind', async (context) => {
  mkdirSync(join(shared, 'asked', 'for'), { recursive: true });
  writeFileSync(join(shared, 'asked', 'one.txt'), 'for later\n');
  const client = new HttpClient({ url: `http://${gateway.listening.http}`, token: async () => token });
  const states = async () => {
    const { requests } = await client.ask('requests', { params: { status: 'all' } });
    return requests.map(({ request }) => request.status);
  };
  for (const [count, endpoint, path] of [
    [1, 'file', 'asked/one.txt'],
    [2, 'files', 'asked/for'],
  ] as const) {
    const leaving = new AbortController();
    const params = { target: web, path: join(shared, path) };
    const asked = assert.rejects(client.ask(endpoint, { params }, leaving.signal));
    await context.waitFor(async () => assert.equal((await states()).filter(isPending).length, 1), {
      timeout: 10_000,
    });
    leaving.abort();
    await asked;
    await context.waitFor(async () => assert.deepEqual(await states(), Array(count).fill('withdrawn')), {
      timeout: 10_000,
    });
  }
});

function isPending(status: string): boolean {
  return status === 'pending';
}
