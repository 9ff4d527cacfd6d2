import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { SessionId } from '../../gateway/contract/ids.ts';
import { readAsciicast } from '../../gateway/src/core/recording/asciicast/reader.ts';
import type { TapeId } from '../../gateway/src/core/recording/tape.ts';
import { TerminalModel } from '../../gateway/src/terminal/screen/terminal-model.fixture.ts';
import { openSshLab, type SshLab } from './lab/lab.ts';
import { Typist } from './lab/typist.ts';

/** What is on the recordings of people who use the real ssh. */

const POLICY = `
version: 1
rules:
  - { id: look, owner: ops@shop.example, who: { groups: [developers] }, on: { programs: [echo, cat, cd] }, doing: [run], then: allow, because: Developers look. }
  - { id: cards, owner: ops@shop.example, who: everyone, on: { programs: [cat] }, then: { detect: [cards] }, because: Nobody needs them. }
`;
const RAW_POLICY = `
version: 1
rules:
  - { id: raw, owner: ops@shop.example, who: everyone, on: { accounts: ['*'] }, doing: [terminal], then: allow, because: Once. }
  - { id: look, owner: ops@shop.example, who: everyone, on: { programs: [echo, head] }, doing: [run], then: allow, because: Developers look. }
`;
const CARD = '4111 1111 1111 1111';
const SIZE = { columns: 80, rows: 24 };

let lab: SshLab;
let card: string;
before(async () => {
  lab = await openSshLab(POLICY);
  card = join(mkdtempSync(join(tmpdir(), 'sluice-card-')), 'paid');
  writeFileSync(card, `paid with ${CARD} today\n`);
});
after(() => lab?.close());

async function tapeOf(id: TapeId) {
  const recording = await lab.tapes.find(id);
  assert.ok(recording !== null);
  const chunks: Uint8Array[] = [];
  for await (const chunk of recording.read()) chunks.push(chunk);
  const read = readAsciicast(Buffer.concat(chunks).toString());
  if (read.kind === 'unreadable') throw new Error(read.why);
  return { ...read, markers: read.events.flatMap((event) => (event.kind === 'marker' ? [event.text] : [])) };
}

test('a recording replays to what the person saw, and holds no masked card', async () => {
  const typist = await Typist.open(lab);
  const [live] = lab.sessions.list();
  assert.ok(live);
  await typist.enter("echo 'grüße  🌍'");
  await typist.enter('rm -rf /');
  await typist.enter(`cat ${card}`);
  assert.equal(await typist.leave(), 0);
  const { header, events, markers, isCut } = await tapeOf({ session: live.session.id, terminal: 1 });
  assert.equal(isCut, false);
  assert.deepEqual([header.width, header.height, header.sluice?.principal], [80, 24, live.who.id]);
  using seen = new TerminalModel(SIZE, 'summed', 'all');
  await seen.write(Buffer.concat(typist.received));
  using replayed = new TerminalModel(SIZE, 'summed', 'all');
  for (const event of events) if (event.kind === 'output') await replayed.write(event.text);
  assert.deepEqual(replayed.lines(), seen.lines());
  assert.match(seen.lines().join('\n'), /paid with \[card\] today/);
  assert.equal(
    events.some(({ kind }) => kind === 'input'),
    false,
  );
  assert.deepEqual(
    markers.map((text) => text.replace(/^(decision: \w+).*/, '$1')),
    [
      "command: echo 'grüße  🌍'",
      'decision: Allowed',
      'command: rm -rf /',
      'decision: Blocked',
      `command: cat ${card}`,
      'decision: Allowed',
      'mask: 1 cards',
    ],
  );
  const { recording } = lab.recorder.records.findLast(({ statement }) => statement === `cat ${card}`) ?? {};
  const marker = events.find((event) => event.kind === 'marker' && event.text === `command: cat ${card}`);
  assert.equal(recording?.terminal, 1);
  assert.ok(Math.abs((recording?.atS ?? 0) - (marker?.atS ?? 0)) < 0.1);
  assert.throws(() => execFileSync('grep', ['-rl', '1111 1111', lab.folder]), { status: 1 });
});

test('a command that shows something is recorded, one that shows nothing is not', async () => {
  const recordings = () => readdirSync(join(lab.folder, 'recordings'));
  const before = recordings();
  await lab.ssh('cd /');
  assert.deepEqual(recordings(), before);
  const { stdout } = await lab.ssh(`cat ${card} ${card}`);
  assert.equal(stdout, 'paid with [card] today\n'.repeat(2));
  const [name = ''] = recordings().filter((file) => !before.includes(file));
  const session = SessionId.parse(name.replace(/-1\.cast$/, ''));
  const { header, events, markers } = await tapeOf({ session, terminal: 1 });
  assert.equal(header.command, `cat ${card} ${card}`);
  const shown = events.flatMap((event) => (event.kind === 'output' ? [event.text] : [])).join('');
  assert.equal(shown, 'paid with [card] today\r\n'.repeat(2));
  assert.equal(markers.at(-1), 'mask: 2 cards');
});

test('a terminal whose recording can not be written ends, and says why', async () => {
  const folder = join(lab.folder, 'recordings');
  renameSync(folder, `${folder}-away`);
  writeFileSync(folder, 'no folder');
  const typist = await Typist.open(lab, /can not be recorded/);
  assert.notEqual(await typist.gone(), 0);
  const { code, stdout } = await lab.ssh('echo hello');
  assert.deepEqual([code === 0, stdout], [false, '']);
  rmSync(folder);
  renameSync(`${folder}-away`, folder);
  assert.equal((await lab.ssh('echo hello')).stdout, 'hello\n');
});

test('a raw terminal, of which the recording alone tells, ends once that is full; others go on', async () => {
  const small = await openSshLab(RAW_POLICY, {}, undefined, [], 20_000);
  try {
    const typist = await Typist.open(small);
    typist.type('sluice terminal\r');
    await typist.sees(/not looked at[\s\S]*[$#] $/);
    typist.type('yes | head -n 20000\r');
    await typist.sees(/sluice: This session has ended, for its recording is full/);
    assert.notEqual(await typist.gone(), 0);
    const governed = await Typist.open(small);
    await governed.enter(`head -c 60000 /dev/zero`);
    assert.match(await governed.enter('echo still here'), /\nstill here/);
    governed.kill();
  } finally {
    small.close();
  }
});
