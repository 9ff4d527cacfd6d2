import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProgramRun } from '../../../contract/command-facts.ts';
import { readStrict } from '../strict/read-strict.ts';
import { type Answer, hasOption, type OptionNames } from './options.ts';
import {
  folderOf,
  namesOnlyPathsIn,
  namesPathIn,
  normalised,
  type Relation,
  relationOf,
  touchesPath,
} from './paths.ts';
import { ruleName } from './program.ts';

function programsOf(line: string): readonly ProgramRun[] {
  const reading = readStrict(line);
  return reading.outcome === 'complete' ? reading.facts.programs : assert.fail(line);
}

function lastRun(line: string): ProgramRun {
  return programsOf(line).at(-1) ?? assert.fail(line);
}

const recursive: OptionNames = { short: 'r', long: 'recursive' };

for (const [line, answer] of [
  ['rm -r x', 'yes'],
  ['rm -rf x', 'yes'],
  ['rm --recursive x', 'yes'],
  ['rm --recursive=x', 'yes'],
  ['rm x -r', 'yes'],
  ['rm -fr x', 'maybe'],
  ['rm --recur x', 'maybe'],
  ['rm --r x', 'maybe'],
  ['rm -recursive x', 'maybe'],
  ['rm -- -r', 'maybe'],
  ['rm -f -r', 'maybe'],
  ['ls | xargs rm', 'maybe'],
  ['ls | xargs rm -r', 'yes'],
  ['rm -R x', 'no'],
  ['rm -f x', 'no'],
  ['rm --recursively x', 'no'],
  ['rm - r', 'no'],
  ['rm r recursive', 'no'],
  ['rm --', 'no'],
] satisfies [string, Answer][]) {
  test(`-r in ${line}: ${answer}`, () => {
    assert.equal(hasOption(lastRun(line), recursive), answer);
  });
}

for (const [path, cwd, result] of [
  ['/etc', null, '/etc'],
  ['/var/../etc//passwd/', null, '/etc/passwd'],
  ['/./a/./b/.', null, '/a/b'],
  ['/../..', null, '/'],
  ['//', null, '/'],
  ['a/../../b', '/x/y', '/x/b'],
  ['.', '/x/', '/x'],
  ['a', null, null],
  ['a', 'x', null],
  ['', '/x', null],
  ['...', '/', '/...'],
] satisfies [string, string | null, string | null][]) {
  test(`${JSON.stringify(path)} from ${cwd} is ${result}`, () => {
    assert.equal(normalised(path, cwd), result);
  });
}

for (const [path, relation] of [
  ['/etc', 'same'],
  ['/etc/', 'same'],
  ['/etc/a', 'below'],
  ['/etcetera', 'apart'],
  ['/', 'above'],
  ['/var/..', 'above'],
  ['../etc/x', 'below'],
  ['x', 'apart'],
] satisfies [string, Relation][]) {
  test(`${path} is ${relation} of /etc from /srv`, () => {
    assert.equal(relationOf(path, '/etc', '/srv'), relation);
  });
}

for (const [line, cwd, names, touches] of [
  ['cat /etc/passwd', null, 'yes', 'yes'],
  ['cat -n/etc/passwd', null, 'yes', 'yes'],
  ['cat --file=/etc/passwd', null, 'yes', 'yes'],
  ['dd if=/etc/passwd', '/', 'yes', 'yes'],
  ['rm -r /', null, 'no', 'yes'],
  ['rm -r ..', '/srv/a', 'no', 'no'],
  ['rm -r ..', '/srv', 'no', 'yes'],
  ['cat x', null, 'maybe', 'maybe'],
  ['cat x', '/srv', 'no', 'no'],
  ['cat x', '/etc', 'yes', 'yes'],
  ['ls | xargs cat', '/srv', 'maybe', 'maybe'],
  ['cat -n', '/srv', 'no', 'no'],
] satisfies [string, string | null, Answer, Answer][]) {
  test(`${line} from ${cwd} names a path in /etc: ${names}, touches it: ${touches}`, () => {
    assert.equal(namesPathIn(lastRun(line), '/etc', cwd), names);
    assert.equal(touchesPath(lastRun(line), '/etc', cwd), touches);
  });
}

for (const [line, answer] of [
  ['rm -rf /tmp/a /tmp/b', 'yes'],
  ['rm -r -f a', 'yes'],
  ['rm -- -a', 'yes'],
  ['rm /tmp', 'yes'],
  ['rm /tmp/../etc', 'no'],
  ['rm -rf / /tmp/a', 'no'],
  ['rm -i /tmp/a', 'maybe'],
  ['rm --recursive /tmp/a', 'maybe'],
  ['rm -rf', 'maybe'],
  ['ls | xargs rm -r /tmp/a', 'maybe'],
  ["find /tmp -exec rm {} ';'", 'maybe'],
] satisfies [string, Answer][]) {
  test(`${line} from /tmp names only paths in it: ${answer}`, () => {
    const programs = programsOf(line);
    const cwd = folderOf(programs, programs.length - 1, '/tmp');
    assert.equal(namesOnlyPathsIn(lastRun(line), '/tmp', cwd, 'rf'), answer);
  });
}

test('behind a cd the folder is not known', () => {
  assert.equal(folderOf(programsOf('rm x; cd /; ls'), 0, '/srv'), '/srv');
  assert.equal(folderOf(programsOf('cd / && rm x'), 1, '/srv'), null);
  assert.equal(folderOf(programsOf('(pushd /); rm x'), 1, '/srv'), null);
});

test("only the system's own folders are left out of a program's name", () => {
  const names = [
    'rm',
    '/bin/rm',
    '/usr/local/sbin/rm',
    './rm',
    '/tmp/rm',
    '/usr/bin/../x/rm',
    '/usr/bin/',
    'bin/rm',
  ];
  assert.deepEqual(names.map(ruleName), [
    'rm',
    'rm',
    'rm',
    './rm',
    '/tmp/rm',
    '/usr/bin/../x/rm',
    '/usr/bin/',
    'bin/rm',
  ]);
});
