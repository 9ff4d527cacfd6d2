/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are lines of shell. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_LINE_LENGTH } from '../characters.ts';
import { readStrict } from './read-strict.ts';

for (const [line, text] of [
  ['ls -l', "'ls' '-l'"],
  ["echo it\\'s", "'echo' 'it'\\''s'"],
  ['echo ""', "'echo' ''"],
  ["a'b'\"c\"$'\\x64'\\e", "'abcde'"],
  ['echo a\\\nb', "'echo' 'ab'"],
  ['x >f a 2>&1', "'x' 'a' 1>'f' 2>&1"],
  ['x &>f', "'x' 1>'f' 2>&1"],
  ['x >&f', "'x' 1>'f' 2>&1"],
  ['x &>>f', "'x' 1>>'f' 2>&1"],
  ['x |& y', "'x' 2>&1 | 'y'"],
  ['x 2>&- <&3 <>f', "'x' 2>&- 0>&3 0<>'f'"],
  ['> f', "':' 1>'f'"],
  ['x <<< a', "'x' 0<<'E'\na\nE\n"],
  ['x <<A; y\nE\nA', "'x' 0<<'A'; 'y'\nE\nA\n"],
  ['a;b&c\nd', "'a'; 'b' & 'c'; 'd'"],
  ['a && ! b || c', "'a' && ! 'b' || 'c'"],
  ['time -p a | b', "time -p 'a' | 'b'"],
  [
    'if a; then b; elif c; then d & else e; fi >f',
    "if 'a'; then 'b'; elif 'c'; then 'd' & else 'e'; fi 1>'f'",
  ],
  ['(a; { b; })', "( 'a'; { 'b'; } )"],
  ["A='x y' b", "A='x y' 'b'"],
  ["'A=x' b", "'A=x' 'b'"],
  ['echo if then { } ! = [ ]', "'echo' 'if' 'then' '{' '}' \\! '=' '[' ']'"],
  ['echo a#b # c', "'echo' 'a#b'"],
  ['echo {} stash@{0} a! !=', "'echo' '{}' 'stash@{0}' 'a'\\! \\!'='"],
  ['  # only a comment', ''],
  ['\n\n', ''],
] as const) {
  test(`${JSON.stringify(line)} is written anew`, () => {
    const reading = readStrict(line);
    assert.equal(reading.outcome === 'complete' ? reading.text : reading, text);
  });
}

for (const [line, awaits] of [
  ["echo 'a", "a closing `'`"],
  ['echo "a', 'a closing `"`'],
  ["echo $'a\\'", "a closing `'`"],
  ['echo a \\', 'the next line, after the `\\`'],
  ['cat <<E', 'the line `E` that ends the text'],
  ["cat <<'E F' <<G\nx\nE F\n", 'the line `G` that ends the text'],
  ['a &&', 'a command after `&&`'],
  ['a |\n', 'a command after `|`'],
  ['if a', '`then`'],
  ['if a; then b; else', '`fi`'],
  ['( a', '`)`'],
  ['{ a;', '`}`'],
  ['{ ( if a; then b; fi', '`)`'],
  ['a >', 'a file after `>`'],
] as const) {
  test(`${JSON.stringify(line)} awaits ${awaits}`, () => {
    const reading = readStrict(line);
    assert.equal(reading.outcome === 'incomplete' ? reading.awaits : reading, awaits);
  });
}

for (const [line, at, message] of [
  ['echo a $HOME', 7, '`$HOME` is expanded by the shell.'],
  ['echo "a ${x:-1}"', 8, '`${x:-1}` is expanded by the shell.'],
  ['ls *.txt', 3, '`*` is a pattern that the shell replaces by names of files.'],
  ['ls ~ann', 3, '`~` is expanded by the shell.'],
  ['ls; fi', 4, '`fi` cannot stand here.'],
  ['ls\u00a0-l', 2, 'A no-break space cannot be seen, so the line would not be what it looks like.'],
  ['ls \u202e', 3, 'The character U+202E cannot be seen, so the line would not be what it looks like.'],
  ['for i in a; do b; done', 0, '`for` is not understood here.'],
  ['a=1', 0, 'A variable that stays would change later commands.'],
  ['f() { a; }', 1, 'A function would change what later commands mean.'],
  [
    'a'.repeat(MAX_LINE_LENGTH + 1),
    MAX_LINE_LENGTH,
    `The line is longer than ${MAX_LINE_LENGTH} characters.`,
  ],
  ['a;'.repeat(501), 1000, 'The line has more than 500 commands.'],
  ['('.repeat(50).replaceAll('(', '( '), 80, 'Commands are nested too deeply.'],
] as const) {
  test(`${JSON.stringify(line.slice(0, 30))} is refused`, () => {
    const reading = readStrict(line);
    assert.deepEqual(reading.outcome === 'refused' ? [reading.at, reading.message] : reading, [at, message]);
  });
}
