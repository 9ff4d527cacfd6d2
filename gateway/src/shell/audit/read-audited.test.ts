import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { spoiltLine } from '../strict/lines.fixture.ts';
import { readStrict } from '../strict/read-strict.ts';
import { StubFolder } from '../strict/real-shells.fixture.ts';
import { collect } from './collect.ts';
import { loadBashGrammar } from './grammar.ts';
import { readAudited } from './read-audited.ts';

const grammar = await loadBashGrammar();

function audited(line: string) {
  const reading = readAudited(line, grammar);
  assert.equal(reading.outcome, 'complete', line);
  return reading.outcome === 'complete' ? reading : assert.fail();
}

const programsOf = (line: string) =>
  audited(line).facts.programs.map((run) => [run.program, ...run.arguments].join(' '));

test('what runs is found wherever it stands', () => {
  assert.deepEqual(programsOf('echo $(id -u) "`whoami`"'), ['echo $(id -u) "`whoami`"', 'id -u', 'whoami']);
  assert.deepEqual(programsOf('for i in 1 2; do rm -r $i; done'), ['rm -r $i']);
  assert.deepEqual(programsOf('f() { wget x; }; f'), ['wget x', 'f']);
  assert.deepEqual(programsOf('diff <(ls a) <(sudo -u bob cat b)'), [
    'diff <(ls a) <(sudo -u bob cat b)',
    'ls a',
    'sudo -u bob cat b',
    'cat b',
  ]);
  assert.deepEqual(programsOf('case $x in a) ls;; b) id;; esac'), ['ls', 'id']);
  assert.deepEqual(programsOf('x=$(curl y) sh'), ['sh', 'curl y']);
  assert.deepEqual(programsOf('cat *.txt >out a'), ['cat *.txt a']);
  assert.deepEqual(programsOf('! a=$x >/dev/null wget $x'), ['wget $x']);
});

test('what only the shell will know is told', () => {
  const unknowns = (line: string) => audited(line).facts.unknowns.join('\n');
  assert.match(unknowns('rm $HOME'), /`\$HOME` is expanded by the shell/);
  assert.match(unknowns('rm *'), /pattern/);
  assert.match(unknowns('a=1'), /sets a variable that stays/);
  assert.match(unknowns('eval ls'), /`eval` runs its words/);
  assert.match(unknowns('export A=1'), /`export`/);
  assert.match(unknowns('f() { ls; }'), /defines a function/);
  assert.match(unknowns('cat < /dev/tcp/h/1'), /open a connection/);
  assert.match(unknowns('[[ -f x ]]'), /./);
});

test('an argument that is expanded leaves more to come', () => {
  assert.equal(audited('rm $x').facts.programs[0]?.moreArguments, true);
  assert.equal(audited('rm "x" & ls *').facts.programs[0]?.moreArguments, false);
  assert.equal(audited('rm "x" & ls *').facts.background, true);
});

test('files of redirections are told', () => {
  assert.deepEqual(audited('echo $x > f').facts.programs[0]?.redirections, [{ mode: 'write', path: 'f' }]);
  assert.deepEqual(
    audited('{ a; echo $x; } >> f 2>&1').facts.programs.map(({ redirections }) => redirections),
    [[{ mode: 'append', path: 'f' }], [{ mode: 'append', path: 'f' }]],
  );
});

for (const line of [
  'for i in a b; do',
  'for i in a b',
  'while true; do if x $y; then',
  'echo "$x',
  "echo $x 'a",
  'echo $(ls',
  'cat <<E\n$x',
  'f() {',
  'echo $x \\',
  'echo $x &&',
  'case $x in',
  'case $x in a) ls;;',
]) {
  test(`more lines are asked for after ${JSON.stringify(line)}`, () => {
    assert.equal(readAudited(line, grammar).outcome, 'incomplete');
  });
}

for (const line of [
  'ls )',
  'cat <<"E" ; wget $x\nE',
  'cat <<E\n`wget x`\nE',
  'cat <<-E\n\ta\\\\`wget x`\n\tE',
  "echo a # $x '\n\\wget $x #'",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of shell
  'echo ${x^^[$(wget y)]}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of shell
  'echo ${x^^[`wget y`]}',
  '2>&1 {fd}>/dev/null wget $x',
  `${'{ '.repeat(250)}wget $x; ${'}; '.repeat(250)}`,
  `echo ${'$(echo '.repeat(150)}$(wget x)${')'.repeat(150)}`,
]) {
  test(`what might hide a program is not taken: ${JSON.stringify(line).slice(0, 60)}`, () => {
    assert.equal(readAudited(line, grammar).outcome, 'refused');
  });
}

test('a here-document whose delimiter is misread never ends', () => {
  assert.equal(readAudited('cat <<E\\\nF\nx\nEF\nwget $x', grammar).outcome, 'incomplete');
});

test('backquotes that are text in a here-document are taken', () => {
  assert.deepEqual(programsOf("cat $x <<'E'\n`wget x`\nE"), ['cat $x']);
  assert.deepEqual(programsOf('cat $x <<E\na \\`wget x\\`\nE'), ['cat $x']);
});

test('the line goes on as it was written, in one word of eval', () => {
  assert.equal(audited("echo '$x' $y").text, "eval ' echo '\\''$x'\\'' $y'");
  assert.equal(audited('- $x').text, "eval ' - $x'");
});

for (const line of [
  'ls -l /var | grep -v x && wc -l < f; id',
  "sudo -u bob cat 'a b' >> log 2>&1 &",
  'if test -f x; then cat x; else rm -f y; fi',
  '( cd /tmp && ls ) | sort -u',
  "cat <<'E' | wc -l\na\nE\nls",
  'LC_ALL=C sort f >g h',
  '! a || { b; c; } 2>e',
  "[ -f 'x y' ] && find . -name 'a*' -exec ls {} \\;",
]) {
  test(`both readers find the same in ${JSON.stringify(line)}`, () => {
    const strict = readStrict(line);
    const tree = grammar.parse(line);
    assert.ok(strict.outcome === 'complete' && tree !== null);
    assert.deepEqual(
      collect(tree.rootNode).runs,
      strict.facts.programs.filter(({ by }) => by.length === 0),
    );
    tree.delete();
  });
}

test('bash runs the line as it was written', () => {
  using folder = new StubFolder(['a', 'b']);
  const lines = ['for i in 1 "2 3"; do a $i; done', 'x=b; $x "$x!"', 'a <<E\n$(b y)\nE', '! a $((1+1)) && b'];
  assert.deepEqual(
    folder.run(
      'bash',
      lines.map((line) => audited(line).text),
    ),
    [
      [
        ['a', '1'],
        ['a', '2', '3'],
      ],
      [['b', 'b!']],
      [['a'], ['b', 'y']],
      [['a', '2']],
    ],
  );
});

test('nothing makes the reader throw, and what strict mode does not understand has unknowns', () => {
  fc.assert(
    fc.property(fc.oneof(spoiltLine, fc.string({ unit: 'binary' })), (line) => {
      const reading = readAudited(line, grammar);
      if (reading.outcome !== 'complete' || readStrict(line).outcome === 'complete') return;
      assert.notDeepEqual(reading.facts.unknowns, []);
    }),
    { numRuns: 300 },
  );
});
