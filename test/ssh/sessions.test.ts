import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { PrincipalId } from '../../gateway/contract/ids.ts';
import type { OpenSession } from '../../gateway/src/core/sessions/open-session.ts';
import { Requests } from '../../gateway/src/proxies/postgres/testing/requests.ts';
import { openSshLab, type SshLab } from './lab/lab.ts';
import { PROMPT, Typist } from './lab/typist.ts';

/** What others do to a session of the real ssh, and how soon its person feels it. */

const POLICY = `
version: 1
rules:
  - { id: look, owner: ops@shop.example, who: { groups: [developers] }, on: { programs: [echo, cat, sleep] }, doing: [run], then: allow, because: Developers look. }
  - { id: ask, owner: ops@shop.example, who: { groups: [developers] }, on: { programs: [touch] }, doing: [run], then: { approve: { by: [ops] } }, because: Files are made together. }
`;
const forwardRule = (port: number) =>
  `  - { id: there, owner: ops@shop.example, who: { groups: [developers] }, on: { destinations: ["127.0.0.1:${port}"] }, doing: [forward], then: allow, because: The echo is for all. }\n`;
const DANA = { id: PrincipalId.parse('person:dana'), name: 'Dana Berg' };
const BELL = '\x07';
const A_SECOND_MS = 1000;

let lab: SshLab;
before(async () => {
  lab = await openSshLab(POLICY);
});
after(() => lab?.close());

function newest(): OpenSession {
  const [live] = lab.sessions.list();
  assert.ok(live);
  return live;
}

/** How the newest of its records ended; null while it runs, undefined where there is none. */
function outcomeOf(command: string) {
  return lab.recorder.records.findLast(({ statement }) => statement === command)?.outcome;
}

/** Resolves once the session is no longer listed. */
function closed(live: OpenSession): Promise<string> {
  return new Promise((resolve) => {
    const stop = lab.sessions.onChange({
      changed: () => undefined,
      closed: (session, why) => {
        if (session !== live) return;
        stop();
        resolve(why);
      },
    });
  });
}

test('a session is listed with what runs in it, until it ends', async () => {
  const typist = await Typist.open(lab);
  const live = newest();
  assert.deepEqual(
    [live.who.name, live.session.target.name, live.terminals, live.running],
    ['ana', 'web', [1], []],
  );
  typist.type('cat\r');
  await typist.sees(/\n/);
  assert.deepEqual(live.running, ['cat']);
  typist.type('\x04');
  await typist.sees(PROMPT);
  assert.deepEqual(live.running, []);
  const gone = closed(live);
  await typist.leave();
  assert.equal(await gone, '');
  assert.equal(lab.sessions.find(live.session.id), null);
});

test('who is ended, whatever runs, reads by whom and why within a second, and so does the record', async (context) => {
  const typist = await Typist.open(lab);
  const live = newest();
  typist.type('sleep 600\r');
  await context.waitFor(() => assert.equal(outcomeOf('sleep 600'), null));
  const gone = closed(live);
  const startedMs = performance.now();
  live.end(DANA, 'this is production');
  const exit = await typist.gone();
  assert.ok(performance.now() - startedMs < A_SECOND_MS, `${performance.now() - startedMs} ms`);
  assert.equal(exit, 255);
  assert.match(typist.screen, /sluice: Dana Berg has ended this session: this is production/);
  assert.equal(await gone, 'Dana Berg has ended this session: this is production');
  await context.waitFor(() => assert.equal(outcomeOf('sleep 600')?.status, 'lost'));
  const recording = await lab.tapes.find({ session: live.session.id, terminal: 1 });
  assert.ok(recording);
  const chunks: Uint8Array[] = [];
  for await (const chunk of recording.read()) chunks.push(chunk);
  assert.match(Buffer.concat(chunks).toString(), /"session: ended by Dana Berg: this is production"/);
});

test('a command without a terminal is ended too, and says why', async () => {
  const opened = new Promise<OpenSession>((resolve) => {
    const stop = lab.sessions.onChange({
      changed: (session) => {
        if (session.running.length === 0) return;
        stop();
        resolve(session);
      },
      closed: () => undefined,
    });
  });
  const running = lab.ssh('sleep 600');
  const live = await opened;
  const startedMs = performance.now();
  live.end(DANA, 'enough');
  const { code, stderr } = await running;
  assert.ok(performance.now() - startedMs < A_SECOND_MS);
  assert.notEqual(code, 0);
  assert.match(stderr, /sluice: Dana Berg has ended this session: enough/);
});

test('a client that does not listen is cut off, and what it ran has ended', async (context) => {
  const client = spawn('ssh', [...lab.arguments(), 'sleep 601'], { stdio: 'ignore' });
  context.after(() => client.kill('SIGKILL'));
  await context.waitFor(() => assert.equal(outcomeOf('sleep 601'), null), { timeout: 10_000 });
  const live = newest();
  client.kill('SIGSTOP');
  const gone = closed(live);
  const startedMs = performance.now();
  live.end(DANA, 'gone for lunch');
  await gone;
  assert.ok(performance.now() - startedMs < A_SECOND_MS);
  await context.waitFor(() => assert.equal(outcomeOf('sleep 601')?.status, 'lost'));
});

test('whose access is revoked is out within a second, whatever runs', async () => {
  const typist = await Typist.open(lab);
  typist.type('sleep 600\r');
  await typist.sees(/\n/);
  const startedMs = performance.now();
  lab.people.ana.revoke();
  await typist.gone();
  lab.people.ana.restore();
  assert.ok(performance.now() - startedMs < A_SECOND_MS);
  assert.match(typist.screen, /sluice: Your access has ended/);
});

test('a locked session takes nothing until it is unlocked: no line, no key, no approval', async () => {
  const requests = new Requests(lab);
  const typist = await Typist.open(lab);
  const live = newest();
  const file = join(lab.folder, 'made-while-locked');
  const asked = requests.next();
  typist.type(`touch ${file}\r`);
  const request = await asked;
  await typist.sees(/waits for ops until/);
  live.lockBy(DANA, 'what is this?');
  await typist.sees(/Dana Berg has locked this session: what is this\?/);
  await requests.approve(request);
  await typist.sees(/nothing runs until it is unlocked[\s\S]*\$ $/);
  typist.type('echo typed\r');
  await typist.sees(/Dana Berg has locked this session: what is this\?/);
  live.unlock(DANA, 'go on');
  await typist.sees(/Dana Berg has unlocked this session: go on/);
  assert.equal(existsSync(file), false);
  assert.match(await typist.enter('echo again'), /\nagain/);
  assert.equal(
    lab.recorder.records.some(({ statement }) => statement === 'echo typed'),
    false,
  );
  typist.type('cat\r');
  await typist.sees(/\n/);
  live.lockBy(DANA, 'wait');
  typist.type('to cat\r\x03');
  // It rings for keys that nobody takes.
  await typist.sees(new RegExp(BELL));
  live.unlock(DANA, 'go on');
  typist.type('after\r');
  assert.doesNotMatch(await typist.sees(/after\r\nafter/), /to cat|\$ /);
  typist.type('\x04');
  await typist.sees(/Dana Berg has locked[\s\S]*Dana Berg has unlocked[\s\S]*\$ $/);
  typist.kill();
});

test('nothing passes through a forwarded connection while its session is locked', async (context) => {
  const received: string[] = [];
  const echo = createServer((socket) => {
    socket.on('data', (chunk) => received.push(String(chunk)));
    socket.on('error', () => undefined);
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const address = echo.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  lab.policy.activate(POLICY + forwardRule(port));
  const client = spawn('ssh', ['-W', `127.0.0.1:${port}`, ...lab.arguments()], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  context.after(() => {
    client.kill('SIGKILL');
    echo.close();
  });
  let shown = '';
  client.stdout.on('data', (chunk: Buffer) => {
    shown += String(chunk);
  });
  client.stdin.write('before;');
  await context.waitFor(() => assert.equal(shown, 'before;'), { timeout: 10_000 });
  const live = newest();
  live.lockBy(DANA, 'where does this lead?');
  client.stdin.write('while;');
  // What another connection does meanwhile takes longer than this would.
  await lab.ssh('echo barrier');
  assert.deepEqual([received.join(''), shown], ['before;', 'before;']);
  live.unlock(DANA, 'fine');
  await context.waitFor(() => assert.equal(shown, 'before;while;'));
});

test('who is watched is told by whom, and when it is over', async () => {
  const typist = await Typist.open(lab);
  const live = newest();
  const stop = live.watchedBy(DANA);
  await typist.sees(/Dana Berg is watching this session now/);
  assert.deepEqual(live.watchers, [DANA]);
  stop();
  await typist.sees(/Dana Berg no longer watches this session/);
  assert.deepEqual(live.watchers, []);
  typist.kill();
});
