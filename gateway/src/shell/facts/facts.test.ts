import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommandFacts } from '../../../contract/command-facts.ts';
import { readStrict } from '../strict/read-strict.ts';

function factsOf(line: string): CommandFacts {
  const reading = readStrict(line);
  return reading.outcome === 'complete' ? reading.facts : assert.fail(JSON.stringify(reading));
}

/** `by: program arguments …` of every run. */
function runsOf(line: string): string[] {
  return factsOf(line).programs.map(
    (run) =>
      `${run.by.at(-1) ?? 'shell'}: ${[run.program, ...run.arguments].join(' ')}${run.moreArguments ? ' …' : ''}`,
  );
}

function freedomsOf(line: string): string[] {
  return factsOf(line).freedoms.map(({ program, freedom }) => `${program} ${freedom}`);
}

test('programs that run others are seen through', () => {
  assert.deepEqual(runsOf('sudo -nu ann -- env -u HOME LC_ALL=C nice -n 5 ls -l'), [
    'shell: sudo -nu ann -- env -u HOME LC_ALL=C nice -n 5 ls -l',
    'sudo: env -u HOME LC_ALL=C nice -n 5 ls -l',
    'env: nice -n 5 ls -l',
    'nice: ls -l',
  ]);
  assert.deepEqual(runsOf("find . -name x -exec rm -f {} + -o -exec ls {} ';'").slice(1), [
    'find: rm -f …',
    'find: ls {} …',
  ]);
  assert.deepEqual(runsOf('xargs -0n1 timeout -k 5 10 rm -r').slice(1), [
    'xargs: timeout -k 5 10 rm -r …',
    'timeout: rm -r …',
  ]);
  assert.deepEqual(runsOf('sudo -l'), ['shell: sudo -l']);
  assert.deepEqual(runsOf('command -v ls'), ['shell: command -v ls']);
  assert.deepEqual(runsOf('chroot /x').slice(1), ['chroot: sh']);
  assert.deepEqual(runsOf('ionice -c 3 -p 5'), ['shell: ionice -c 3 -p 5']);
});

test('variables of one program are told for what it runs too', () => {
  const facts = factsOf('A=1 env B=2 ls');
  assert.deepEqual(
    facts.programs.map(({ environment }) => environment.map(({ name, value }) => `${name}=${value}`)),
    [['A=1'], ['A=1', 'B=2']],
  );
  assert.deepEqual(freedomsOf('LC_ALL=C TZ=Europe/Berlin DEBIAN_FRONTEND=noninteractive ls'), []);
  assert.deepEqual(freedomsOf('LANG=/tmp/x ls'), ['ls environment']);
  assert.deepEqual(freedomsOf('TZ=/tmp/x ls'), ['ls environment']);
});

test('what a group opens is opened for each of its programs', () => {
  const facts = factsOf('{ a >x; b; } <y 2>&1');
  assert.deepEqual(
    facts.programs.map(({ redirections }) => redirections.map(({ mode, path }) => `${mode} ${path}`)),
    [['write x', 'read y'], ['read y']],
  );
});

test('freedoms are told by name, version and path', () => {
  for (const [program, freedom] of [
    ['python3.11', 'interpreter'],
    ['/opt/x/bin/perl5.36.0', 'interpreter'],
    ['gawk-5.1', 'interpreter'],
    ['php8.2', 'interpreter'],
    ['BASH', 'interpreter'],
    ['g++-12', 'interpreter'],
    ['x86_64-linux-gnu-gcc-12', 'interpreter'],
    ['ld-linux.so.2', 'interpreter'],
    ['vim.basic', 'editor'],
    ['/usr/bin/vi', 'editor'],
    ['less', 'pager'],
    ['ssh', 'remote'],
    ['nc.openbsd', 'remote'],
    ['journalctl', 'pager'],
  ] as const) {
    assert.deepEqual(freedomsOf(program), [`${program} ${freedom}`]);
  }
  for (const program of ['ls', 'cat', 'grep', 'head', 'sha256sum', 'base64', 'df', 'ps', 'id', 'w']) {
    assert.deepEqual(freedomsOf(program), [], program);
  }
});

test('freedoms by option', () => {
  assert.deepEqual(freedomsOf('tar tf a'), []);
  assert.deepEqual(freedomsOf('tar tf a --checkpoint-action=exec=x'), ['tar option']);
  assert.deepEqual(freedomsOf('systemctl --no-pager status x'), []);
  assert.deepEqual(freedomsOf('systemctl --no-pager edit x'), ['systemctl option']);
  assert.deepEqual(freedomsOf('systemctl --no-pager -H x status'), ['systemctl option']);
  assert.deepEqual(freedomsOf('uniq - x'), ['uniq option']);
  assert.deepEqual(freedomsOf('uniq -c -- x'), []);
  assert.deepEqual(freedomsOf('date 010100002020'), ['date option']);
  assert.deepEqual(freedomsOf('date -u +%F'), []);
  assert.deepEqual(freedomsOf('iptables -L --mod=x'), ['iptables option']);
  assert.deepEqual(freedomsOf('ip -br a'), []);
  assert.deepEqual(freedomsOf('ip -b x'), ['ip option']);
  assert.deepEqual(freedomsOf('gsort -o x'), ['gsort option']);
  assert.deepEqual(runsOf('gtimeout 5 ls')[1], 'gtimeout: ls');
  assert.deepEqual(freedomsOf('ls | xargs sort'), ['sort option']);
});

test('what goes on in the background is told, wherever it begins', () => {
  assert.equal(factsOf('ls & id').background, true);
  assert.equal(factsOf('( { ls & } )').background, true);
  assert.equal(factsOf('if ls; then id & fi').background, true);
  assert.equal(factsOf('ls && id').background, false);
});

test('facts fit the contract', () => {
  const facts = factsOf("sudo env A=1 find . -exec sh -c 'x' {} \\; > f 2>&1 | xargs rm &");
  assert.deepEqual(CommandFacts.parse(facts), facts);
});

for (const [line, message] of [
  ['sudo -i', 'What `-i` of `sudo` makes it run is not known.'],
  ['env -S x', 'What `-S` of `env` makes it run is not known.'],
  ['sudo -u', 'What `-u` of `sudo` makes it run is not known.'],
  ['xargs -I% %', 'What `xargs` runs comes from elsewhere than the line.'],
  ['find . -exec ls', 'What `find` is to run does not end.'],
  ['eval ls', '`eval` runs its words as a command line again.'],
  ['%2', '`%2` stands for a job of the shell.'],
] as const) {
  test(`refused: ${line}`, () => {
    const reading = readStrict(line);
    assert.equal(reading.outcome === 'refused' ? reading.message : null, message);
  });
}
