import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { openSshLab, type SshLab } from '../lab/lab.ts';
import { PROMPT, Typist } from '../lab/typist.ts';
import { Canary } from './canary.ts';

/** Attempts by keys, by what programs print and read, and by other doors: strict mode lets none of them through. */

const POLICY = `
version: 1
rules:
  - { id: programs, owner: ops@shop.example, who: everyone, on: { programs: [cat, echo, head, ls, printf, ps, sh, sleep, stty, tail] }, doing: [run], then: allow, because: They look. }
  - { id: names, owner: ops@shop.example, who: everyone, on: { paths: ['/**'] }, doing: [listFiles, readFile], then: allow, because: They look. }
`;

let lab: SshLab;
let canary: Canary;
let typist: Typist;
before(async () => {
  lab = await openSshLab(POLICY);
  canary = new Canary(lab.folder);
});
after(() => lab?.close());
beforeEach(async () => {
  typist = await Typist.open(lab);
});
afterEach(() => {
  assert.equal(canary.taken(), false);
  typist.kill();
});

/** For what may never end. */
const late = (afterMs: number) => setTimeout(afterMs, null, { ref: false });

const touch = () => `touch ${canary.file}`;

/** What is allowed still works, and the canary was not made. */
async function isAlive(): Promise<void> {
  assert.match(await typist.enter('echo alive'), /\nalive\r\n/);
  assert.equal(canary.taken(), false);
}

/** Enters a line that runs until it is told to end. */
async function begin(line: string, shows = /\n/): Promise<void> {
  typist.type(`${line}\r`);
  await typist.sees(shows);
}

test('type-ahead while a program runs that does not read', async () => {
  await begin('sleep 1');
  typist.type(`${touch()}\r${touch()}\n\x04${touch()}\r`);
  await typist.sees(PROMPT);
  await isAlive();
});

test('type-ahead in one packet with the line is a line, and is decided', async () => {
  typist.type(`sleep 0.2\r${touch()}\recho after\r`);
  await typist.sees(/sluice: [\s\S]*@web/);
  await isAlive();
});

test('more type-ahead than a terminal holds, with interrupts in it', async () => {
  await begin('sleep 1');
  typist.type(`${`${touch()}\r`.repeat(500)}\x03\x03${touch()}\r\x1a\x1c${touch()}\r`);
  await typist.sees(PROMPT);
  for (let index = 0; index < 3; index += 1) await typist.enter(`echo '${'x'.repeat(3000)}; ${touch()}; '`);
  await isAlive();
});

test('an interrupt in the middle of a long line of which a half would be a command', async () => {
  const line = `echo '${'x'.repeat(8000)} ; ${touch()} ; '`;
  for (const afterMs of [0, 1, 3, 10]) {
    typist.type(`${line}\r`);
    await setTimeout(afterMs);
    typist.type('\x03\x03\x1c\x1a');
    await typist.sees(PROMPT);
  }
  await isAlive();
});

test('typed while cat reads: it is text', async () => {
  await begin('cat');
  typist.type(`${touch()}\r`);
  await typist.sees(/touch[\s\S]*touch/);
  typist.type('\x03');
  await typist.sees(PROMPT);
  await isAlive();
});

test('stopped by Ctrl-Z, with lines behind it, and continued', async () => {
  await begin('cat');
  typist.type('reads\r');
  await typist.sees(/reads[\s\S]*reads/);
  typist.type(`\x1a${touch()}\r`);
  await typist.sees(PROMPT);
  await begin('fg', /cat/);
  typist.type(`${touch()}\r\x04\x04`);
  await typist.sees(PROMPT);
  await isAlive();
});

test('marks that a program forges end nothing and move nothing', async () => {
  const nonce = `a${'0'.repeat(32)}`;
  await typist.enter(`printf '\\033]7777;${nonce};0;0;/etc;${nonce}\\007\\033]7777;fifo;/tmp/x\\007'`);
  assert.match(await typist.enter('cd .'), /@web:\/root\$ $|@web:\/home/);
  await typist.enter(`printf '\\033]7777;${nonce};1;0;/'; sleep 0.2; printf '\\007'`);
  await isAlive();
});

test('answers of the terminal to what a program asked of it', async () => {
  await typist.enter("printf '\\033[6n\\033[c\\033]11;?\\007\\005\\033[21t\\033P$qm\\033\\\\'");
  typist.type(`\x1b[1;1R\x1b[?1;2c\x1b]11;${touch()}\x07\x1b]l${touch()}\x1b\\\x1bP1$r${touch()}\x1b\\\r`);
  await typist.sees(PROMPT);
  await isAlive();
});

test('a title that holds a line, reported and entered', async () => {
  await typist.enter(`printf '\\033]0;${touch()}\\007\\033[21t'`);
  typist.type(`\x1b]l${touch()}\r`);
  await typist.sees(PROMPT);
  await isAlive();
});

test('a paste that ends itself, one with an end in pieces, one that never ends', async () => {
  typist.type(`\x1b[200~echo a\x1b[201~\r${touch()}\r`);
  await typist.sees(/sluice: /);
  typist.type(`\x1b[200~echo a\r${touch()}\r\x1b[20\x1b[201~\r`);
  await typist.sees(/sluice: /);
  await isAlive();
  typist.type(`\x1b[200~${touch()}\r${touch()}\n`);
  typist.type('\x1b[201~\x03');
  await typist.sees(PROMPT);
  await isAlive();
});

test('control characters, NUL and bytes that are not UTF-8 within a line', async () => {
  for (const odd of ['\0', '\x02\x06', '\x16', '\x0b', '\x7f', '\u0085', '\u2028', '\u202e', '\u200b']) {
    typist.type(`echo a${odd};${odd}${touch()}\r`);
    await typist.sees(PROMPT);
    typist.type('\x03');
    await typist.sees(PROMPT);
  }
  typist.type(Buffer.concat([Buffer.from('echo \xff\xc0\xaf', 'latin1'), Buffer.from(`; ${touch()}\r`)]));
  await typist.sees(/sluice: /);
  await isAlive();
});

test('look-alikes of letters, blanks and separators', async () => {
  for (const line of [
    'ｔouch {C}',
    'tоuch {C}',
    'echo a； touch {C}',
    'echo a｜touch {C}',
    'echo a\u037etouch {C}',
    'echo ＄(touch {C})',
  ])
    await typist.enter(line.replace('{C}', canary.file));
  await isAlive();
});

test('a line of more than there is room for is not run in part', async () => {
  typist.type(`${touch()}; echo '${'x'.repeat(40_000)}'\r`);
  await typist.sees(/not taken/);
  typist.type('\x03');
  await typist.sees(PROMPT);
  await isAlive();
});

test('a blocked line fetched from the history is blocked again', async () => {
  await typist.enter(touch());
  typist.type('\x1b[A\r');
  await typist.sees(/\n[\s\S]*@web:\S*\$ $/);
  typist.type('\x12touch\r');
  await typist.sees(/sluice: /);
  await isAlive();
});

test('a terminal that a program left odd', async () => {
  for (const mode of ['raw -echo', 'olcuc', 'intr x', '-icanon min 0 time 0', 'sane'])
    await typist.enter(`stty ${mode}`).catch(() => undefined);
  await isAlive();
});

/** The newest processes of a shell on the host: bash, and what feeds it. */
function hostProcesses(): { bash: string; feed: string } {
  const all = execFileSync('ps', ['-eo', 'pid,args', '--no-headers'], { encoding: 'utf8' });
  const newest = (args: RegExp) => String(Math.max(...[...all.matchAll(args)].map(([, pid]) => Number(pid))));
  return { bash: newest(/^\s*(\d+) bash --norc .* -p -i \/dev\/fd\/4$/gm), feed: newest(/^\s*(\d+) cat$/gm) };
}

for (const [who, descriptor] of [
  ['feed', '0'],
  ['bash', '60'],
  ['bash', '61'],
  ['bash', '254'],
] as const) {
  test(`bytes stolen on the way to bash (descriptor ${descriptor} of ${who}) make no line of another`, async () => {
    const pid = hostProcesses()[who];
    assert.notEqual(pid, '');
    for (const count of [1, 40, 300]) {
      const line = `head -c ${count} /proc/${pid}/fd/${descriptor} > /dev/null &`;
      // Whoever takes bash's own words away waits for ever: that is theirs to wait.
      const shown = await Promise.race([
        typist.enter(line).catch(() => 'gone'),
        late(2000).then(() => 'gone'),
      ]);
      if (shown === 'gone') return;
      typist.type(`echo '${'x'.repeat(250)}' '; ${touch()}; ${touch()} #'\r`);
      const ended = await Promise.race([
        typist.sees(PROMPT).then(
          () => false,
          () => true,
        ),
        typist.gone().then(() => true),
        late(1500).then(() => true),
      ]);
      assert.equal(canary.taken(), false);
      // A line that was spoiled ends the shell, or never comes whole: either way nothing of it runs.
      if (ended) return;
    }
  });
}

test('the FIFOs are not written to by a redirection', async () => {
  const { bash } = hostProcesses();
  for (const descriptor of [3, 4, 60, 61, 254])
    assert.match(await typist.enter(`echo ${touch()} > /proc/${bash}/fd/${descriptor}`), /sluice: /);
  for (const path of ['/dev/fd/61', '/dev/stdin', '/proc/self/fd/61'])
    assert.match(await typist.enter(`echo ${touch()} > ${path}`), /sluice: /);
  await isAlive();
});

test('variables of the client mean nothing to the shell', async () => {
  const odd = [
    `PROMPT_COMMAND=${touch()}`,
    `BASH_ENV=${canary.folder}/pwn.sh`,
    `ENV=${canary.folder}/pwn.sh`,
  ];
  for (const variable of [
    ...odd,
    `BASH_FUNC_echo%%=() { ${touch()}; }`,
    `PS1=$(${touch()})`,
    `LC_ALL=$(${touch()})`,
  ]) {
    const one = await Typist.open(lab, PROMPT, '-o', `SetEnv=${variable.replace(/ /g, '_')}`);
    assert.match(await one.enter('echo alive'), /\nalive\r\n/);
    one.kill();
  }
  await isAlive();
});

test('other doors: no terminal, a terminal for one command, subsystems, forwarding, copies', async () => {
  const file = join(lab.folder, 'payload');
  writeFileSync(file, touch());
  const doors = [
    [touch()],
    [touch(), '-tt'],
    [`sh -c '${touch()}'`, '-tt'],
    ['bash', '-s'],
    ['cat', '-W', '127.0.0.1:22'],
    ['true', '-o', 'ExitOnForwardFailure=yes', '-R', '0:127.0.0.1:22'],
    [`scp -t ${canary.file}`],
    [`rsync --server . ${canary.file}`],
    [`git-upload-pack ${lab.folder}`],
    ['sluice terminal', '-tt'],
  ] as const;
  for (const [command, ...options] of doors) {
    const code = await Promise.race([lab.ssh(command, ...options).then((end) => end.code), late(4000)]);
    assert.notEqual(code, 0, `${command} ${options.join(' ')}`);
  }
  assert.equal((await lab.ssh('echo alive')).stdout, 'alive\n');
  await isAlive();
});

test('more typed than a program takes: the terminal lives on', async () => {
  await begin('sleep 1');
  for (let index = 0; index < 40; index += 1) typist.type(`${touch()} ${'x'.repeat(8000)}\n`);
  await typist.sees(PROMPT);
  await setTimeout(300);
  typist.type('\x03');
  await typist.sees(PROMPT);
  typist.type('\r');
  await typist.sees(/alive|@web:\S*\$ $/);
  assert.match(await typist.enter('echo alive'), /\nalive\r\n/);
});
