import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { LiveSession } from '../../gateway/contract/session-endpoints.ts';
import { readAsciicast } from '../../gateway/src/core/recording/asciicast/reader.ts';
import { knownHostLine } from '../../gateway/src/wire/ssh/lines/known-hosts.ts';
import { Person } from '../gateway/gateway.fixture.ts';
import { generateKey } from '../openssh/lab/keys.ts';
import { ACCOUNT, type Server, startServer } from '../openssh/lab/server.ts';
import { Typist } from './lab/typist.ts';

/** Who is connected, watched, locked and ended over the API and the command line, of a gateway as people run it. */

const POLICY = `
version: 1
rules:
  - { id: look, owner: ops@shop.example, who: { groups: [developers] }, on: { targets: [web], programs: [echo, cat] }, doing: [run], then: allow, because: Developers look. }
`;
const SLUICE = new URL('../../gateway/src/cli/sluice.ts', import.meta.url).pathname;

let sshd: Server;
let gateway: ChildProcess;
let dataDir: string;
let ana: Person;
let adam: Person;
let audrey: Person;
before(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-watching-'));
  const hostKey = await generateKey(folder, 'target-host', 'ssh-ed25519');
  const key = await generateKey(folder, 'gateway', 'ssh-ed25519');
  sshd = await startServer(folder, [`HostKey ${hostKey.file}`, `AuthorizedKeysFile ${key.file}.pub`]);
  writeFileSync(join(folder, 'policy.yaml'), POLICY);
  const known = knownHostLine({ host: '127.0.0.1', port: sshd.port }, hostKey.publicKey);
  dataDir = join(folder, 'data');
  writeFileSync(
    join(folder, 'gateway.yaml'),
    `
listen: {http: 127.0.0.1:0, postgres: 127.0.0.1:0, ssh: 127.0.0.1:0}
dataDir: ${dataDir}
policy: policy.yaml
hosts:
  - {name: web, address: "127.0.0.1:${sshd.port}", accounts: [{name: ${ACCOUNT}, key: gateway}], knownHosts: "${known}"}
`,
  );
  gateway = spawn(process.execPath, [SLUICE, 'start', '--config', join(folder, 'gateway.yaml')], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const url = await urlOf(gateway);
  ana = new Person('ana@shop.example', { url });
  adam = new Person('adam@shop.example', { url });
  audrey = new Person('audrey@shop.example', { url });
});
after(() => {
  gateway?.kill('SIGKILL');
  sshd?.stop();
});

/** The gateway prints one line of JSON with its addresses. */
async function urlOf(process: ChildProcess): Promise<string> {
  assert.ok(process.stdout);
  const Started = z.object({ listening: z.object({ http: z.string() }) });
  for await (const chunk of process.stdout)
    return `http://${Started.parse(JSON.parse(String(chunk))).listening.http}`;
  throw new Error('the gateway did not start');
}

async function sitDown(): Promise<Typist> {
  const { out } = await ana.sluice(['connect', 'web', '--json']);
  const { command } = z.object({ command: z.array(z.string()) }).parse(JSON.parse(out));
  return Typist.open({
    arguments: (...options: string[]) => [...command.slice(1, -1), ...options, ...command.slice(-1)],
  });
}

async function sessionsOf(person: Person): Promise<LiveSession[]> {
  return z.array(LiveSession).parse(JSON.parse((await person.sluice(['sessions', '--json'])).out));
}

test('people see and end their own sessions, administrators and auditors those of all', async () => {
  const typist = await sitDown();
  const [own] = await sessionsOf(ana);
  assert.ok(own);
  assert.deepEqual([own.target, own.account, own.surface, own.running], ['web', ACCOUNT, 'ssh', []]);
  assert.deepEqual(own.acts, ['watch', 'recording', 'end']);
  assert.deepEqual((await sessionsOf(audrey))[0]?.acts, ['watch', 'recording']);
  assert.deepEqual((await sessionsOf(adam))[0]?.acts, ['watch', 'recording', 'end', 'lock']);
  const refused = await audrey.sluice(['sessions', 'lock', own.id, '--reason', 'no']);
  assert.equal(refused.exit, 1);
  assert.match(audrey.said.join('\n'), /Administrators lock sessions/);
  assert.equal((await adam.sluice(['sessions', 'lock', own.id, '--reason', 'stop'])).exit, 0);
  await typist.sees(/sluice: Adam Novak \(administrator\) has locked this session: stop/);
  assert.equal((await adam.sluice(['sessions', 'unlock', own.id, '--reason', 'fine'])).exit, 0);
  await typist.sees(/has unlocked this session: fine/);
  assert.equal((await adam.sluice(['sessions', 'end', own.id.slice(-8), '--reason', 'late'])).exit, 0);
  assert.notEqual(await typist.gone(), 0);
  assert.match(typist.screen, /Adam Novak \(administrator\) has ended this session: late/);
  assert.deepEqual(await sessionsOf(adam), []);
});

test('an auditor watches a terminal as it is used, its person is told, and its recording can be had after', async () => {
  const typist = await sitDown();
  await typist.enter('echo before');
  const [session] = await sessionsOf(audrey);
  assert.ok(session);
  const over = Promise.withResolvers<void>();
  let seen = '';
  let wake = () => {};
  const watching = audrey.sluice(
    ['watch', session.id],
    (text) => {
      seen += text;
      wake();
    },
    over.promise,
  );
  const sees = async (what: RegExp) => {
    while (!what.test(seen)) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  await sees(/before/);
  await typist.sees(/Audrey Okafor \(auditor\) is watching this session now/);
  await typist.enter('echo after');
  await sees(/\nafter/);
  over.resolve();
  assert.equal((await watching).exit, 0);
  await typist.sees(/no longer watches this session/);
  await typist.leave();
  const { exit, out } = await audrey.sluice(['recording', session.id]);
  assert.equal(exit, 0);
  const read = readAsciicast(`${out}\n`);
  assert.equal(read.kind, 'read');
  assert.match(out, /"m","session: watched by Audrey Okafor/);
  assert.equal((await adam.sluice(['recording', session.id])).out, out);
  assert.equal((await ana.sluice(['recording', session.id])).out, out);
  assert.equal((await ana.sluice(['recording', '../../keys'])).exit, 1);
});

test('a gateway that is killed leaves recordings that can be played', async () => {
  const typist = await sitDown();
  await typist.enter('echo kept');
  const [session] = await sessionsOf(ana);
  assert.ok(session);
  const gone = once(gateway, 'exit');
  gateway.kill('SIGKILL');
  await gone;
  await typist.gone();
  const folder = join(dataDir, 'recordings');
  const file = readdirSync(folder).find((name) => name.startsWith(session.id)) ?? '';
  const read = readAsciicast(readFileSync(join(folder, file), 'utf8'));
  if (read.kind === 'unreadable') throw new Error(read.why);
  const shown = read.events.flatMap((event) => (event.kind === 'output' ? [event.text] : [])).join('');
  assert.match(shown, /echo kept\r\n[\s\S]*kept\r\n/);
  assert.equal(
    read.events.some((event) => event.kind === 'marker' && event.text === 'command: echo kept'),
    true,
  );
});
