import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findProgram } from '../../scripts/setup/system-packages.ts';
import { openSshLab, type SshLab } from './lab/lab.ts';
import { PROMPT, Typist } from './lab/typist.ts';

/** What people do in a terminal all day, through the real ssh. */

const POLICY = `
version: 1
rules:
  - { id: look, owner: ops@shop.example, who: everyone, on: { programs: [echo, cat, ls, sleep, stty, head, sh, vi, top, less, tail, printf, grep] }, doing: [run, editor, pager, interpreter, environment], then: allow, because: They look. }
  - { id: names, owner: ops@shop.example, who: everyone, on: { paths: ['/**'] }, doing: [listFiles], then: allow, because: They look. }
  - { id: secret, owner: sec@shop.example, who: everyone, on: { paths: ['/usr/**', '/usr'] }, doing: [listFiles], then: block, because: That is nobody’s business. }
  - { id: cards, owner: sec@shop.example, who: everyone, on: { programs: [cat, sh, grep, less] }, then: { detect: [cards] }, because: Nobody needs them. }
`;

let lab: SshLab;
before(async () => {
  lab = await openSshLab(POLICY);
  writeFileSync(join(lab.folder, 'one two.txt'), 'first line\nsecond line\n');
  writeFileSync(join(lab.folder, 'card.txt'), 'paid with 4111 1111 1111 1111 today\n');
});
after(() => lab?.close());

test('vi edits and is left', async () => {
  const typist = await Typist.open(lab);
  const file = join(lab.folder, 'edited.txt');
  typist.type(`vi -u NONE ${file}\r`);
  await typist.sees(/edited\.txt/);
  typist.type('ihello from vi\x1b:wq\r');
  await typist.sees(PROMPT);
  assert.equal(readFileSync(file, 'utf8'), 'hello from vi\n');
  typist.kill();
});

test('top draws, less pages, and both are left by q', async () => {
  const typist = await Typist.open(lab);
  typist.type('top\r');
  await typist.sees(/load average/);
  typist.type('q');
  await typist.sees(PROMPT);
  typist.type(`less '${join(lab.folder, 'one two.txt')}'\r`);
  await typist.sees(/second line/);
  typist.type('q');
  await typist.sees(PROMPT);
  typist.kill();
});

test('the window has another size: programs are told', async () => {
  const tty = join(lab.folder, 'tty');
  const typist = await Typist.openInWindow(lab, tty);
  assert.match(await typist.enter('stty size'), /\n30 100\r\n/);
  typist.type('sh -c \'trap "stty size" WINCH; echo ready; while :; do sleep 0.1; done\'\r');
  await typist.sees(/\nready/);
  execFileSync('stty', ['-F', readFileSync(tty, 'utf8').trim(), 'rows', '41', 'cols', '120']);
  await typist.sees(/41 120/);
  const poll = setInterval(() => typist.type('\x03'), 200);
  await typist.sees(PROMPT);
  clearInterval(poll);
  assert.match(await typist.enter('stty size'), /\n41 120\r\n/);
  typist.kill();
});

test('Ctrl-Z stops, jobs lists, fg and bg go on', async () => {
  const typist = await Typist.open(lab);
  typist.type('sh -c \'echo begun; read x; echo "got $x"\'\r');
  await typist.sees(/\nbegun/);
  typist.type('\x1a');
  await typist.sees(PROMPT);
  assert.match(await typist.enter('jobs'), /Stopped/);
  typist.type('fg\r');
  await typist.sees(/read x[^\n]*\n/);
  typist.type('word\r');
  await typist.sees(/got word/);
  await typist.sees(PROMPT);
  typist.type('sleep 1\r');
  await typist.sees(/\n/);
  const poll = setInterval(() => typist.type('\x1a'), 200);
  await typist.sees(PROMPT);
  clearInterval(poll);
  assert.match(await typist.enter('bg'), /sleep/);
  typist.kill();
});

test('what goes on in the background is shown above the line, and what detectors find in it is replaced', async () => {
  const typist = await Typist.open(lab);
  await typist.enter(`sh -c 'sleep 0.7; cat ${join(lab.folder, 'card.txt')}' &`);
  typist.type('echo half a li');
  await typist.sees(/paid with \[card\] today\r\n[\s\S]*echo half a li$/);
  assert.match(await typist.enter('ne'), /\nhalf a line\r\n/);
  typist.kill();
});

test('detectors find what has colours in it: grep --color, less that searches', async () => {
  const typist = await Typist.open(lab);
  const file = join(lab.folder, 'card.txt');
  assert.match(await typist.enter(`grep --color=always 4111 ${file}`), /\npaid with \[card\] today\r\n/);
  typist.type(`less +/4111 ${file}\r`);
  await typist.sees(/paid with \[card\] today/);
  typist.type('q');
  await typist.sees(PROMPT);
  const { detected } = lab.recorder.last()?.outcome ?? {};
  assert.ok((detected?.cards ?? 0) > 0);
  await typist.enter(`sh -c 'printf "41\\033[1m11\\033[m 1111 11"; printf "11 1111\\n"'`);
  assert.doesNotMatch(Buffer.concat(typist.received).toString(), /1111 1111/);
  typist.kill();
});

test('Tab completes names of files, and asks before it looks', async () => {
  const typist = await Typist.open(lab);
  typist.type(`cat ${lab.folder}/on\t`);
  await typist.sees(/one two\.txt' $/);
  assert.match(await typist.enter(''), /first line\r\nsecond line/);
  await typist.enter(`cd ${lab.folder}`);
  typist.type('cat card\t');
  await typist.sees(/card\.txt $/);
  assert.match(await typist.enter(''), /paid with \[card\]/);
  typist.type('ls /usr/\t');
  await typist.sees(/ls .usr./);
  await typist.enter('\x15echo on');
  const asked = lab.recorder.records.findLast(({ statement }) => statement.startsWith('list /usr'));
  assert.equal(asked?.decision.outcome, 'block');
  typist.kill();
});

test('Tab shows names by a link only where they may be seen', async () => {
  const typist = await Typist.open(lab);
  const [way, own] = [join(lab.folder, 'way'), join(lab.folder, 'own')];
  symlinkSync('/usr', way);
  symlinkSync(lab.folder, own);
  for (const closed of [`${way}/`, `${way}/share/`]) {
    typist.type(`ls ${closed}\t\t`);
    await typist.enter('\x15echo on');
    const asked = lab.recorder.records.findLast(({ statement }) => statement.startsWith('list '));
    assert.equal(asked?.decision.outcome, 'block', asked?.statement);
  }
  assert.doesNotMatch(Buffer.concat(typist.received).toString(), /local|man/);
  typist.type(`cat ${own}/on\t`);
  await typist.sees(/one two\.txt' $/);
  typist.kill();
});

test('lines go on: quotes, here-documents, pastes, any script', async () => {
  const typist = await Typist.open(lab);
  typist.type("echo 'a\r");
  await typist.sees(/> $/);
  assert.match(await typist.enter("b'"), /\na\r\nb\r\n/);
  typist.type("cat <<'E'\r");
  await typist.sees(/> $/);
  typist.type('$HOME\r');
  await typist.sees(/> $/);
  assert.match(await typist.enter('E'), /\n\$HOME\r\n/);
  typist.type('\x1b[200~echo one\necho two\x1b[201~');
  await typist.sees(/echo two$/);
  assert.match(await typist.enter(''), /\none\r\ntwo\r\n/);
  assert.match(await typist.enter('echo grüße 世界 😀'), /\ngrüße 世界 😀\r\n/);
  typist.kill();
});

test('a terminal that nobody looks into is a grant of its own', async () => {
  const typist = await Typist.open(lab);
  assert.match(await typist.enter('sluice terminal'), /sluice: .*terminal that nobody looks into/s);
  typist.kill();
  lab.policy.activate(
    `${POLICY}  - { id: raw, owner: ops@shop.example, who: everyone, on: { accounts: ['*'] }, doing: [terminal], then: allow, because: Once. }\n  - { id: raw-cards, owner: ops@shop.example, who: everyone, on: everything, then: { detect: [cards] }, because: Nobody needs them. }\n`,
  );
  const raw = await Typist.open(lab, PROMPT);
  raw.type('sluice terminal\r');
  await raw.sees(/not looked at[\s\S]*[$#] $/);
  raw.type('for i in 1 2; do cat card.txt; echo "n$i"; done\r');
  await raw.sees(/n2\r\n/);
  raw.type('exit\r');
  await raw.sees(PROMPT);
  raw.kill();
});

test('a host without bash runs line by line, and says that this is weaker', async () => {
  const bin = join(lab.folder, 'bin');
  mkdirSync(bin);
  for (const name of ['sh', 'cat', 'ls', 'sed', 'stty', 'echo', 'sleep'])
    symlinkSync(findProgram(name) ?? name, join(bin, name));
  const poor = await openSshLab(POLICY, {}, undefined, [`SetEnv PATH=${bin}`]);
  after(() => poor.close());
  const typist = await Typist.open(poor);
  assert.match(typist.screen, /line-forward mode/);
  await typist.enter(`cd '${lab.folder}'`);
  assert.match(await typist.enter("cat 'one two.txt'"), /first line\r\n/);
  assert.match(await typist.enter('cat card.txt'), /\[card\]/);
  assert.match(await typist.enter('rm -rf x'), /sluice: /);
  typist.type('cat\r');
  await typist.sees(/\n/);
  typist.type('echo injected\r');
  await typist.sees(/injected[\s\S]*injected/);
  typist.type('\x04');
  await typist.sees(PROMPT);
  assert.match(await typist.enter('stty size'), /\d+ \d+/);
  typist.kill();
});
