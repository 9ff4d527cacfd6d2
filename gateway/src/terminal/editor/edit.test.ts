import assert from 'node:assert/strict';
import { test } from 'node:test';
import { historyOf } from '../history/history.ts';
import { type Key, named } from '../keys/key.ts';
import { bindings } from './bindings.ts';
import { completed } from './completion.ts';
import { answered, edit, nextLine } from './edit.ts';
import { keyNamed } from './keys.fixture.ts';
import { type Candidate, type Editor, type EditorEvent, MAX_LINE_LENGTH, newEditor } from './state.ts';

const history = historyOf(['ls -l /tmp', 'for x in 1 2\ndo echo $x\ndone', "grep 'a b' file"]);

/** The editor of a text in which `|` is the cursor. */
function editorOf(marked: string): Editor {
  const cursor = marked.indexOf('|');
  return { ...newEditor(history), text: marked.slice(0, cursor) + marked.slice(cursor + 1), cursor };
}

function marked({ text, cursor }: Editor): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

/** Presses keys by their names in `bindings`; `'text` is typed. */
function pressed(state: Editor, ...names: readonly string[]): { state: Editor; events: EditorEvent[] } {
  const events: EditorEvent[] = [];
  let now = state;
  for (const name of names) {
    const key: Key = name.startsWith("'") ? { kind: 'text', text: name.slice(1) } : keyNamed(name);
    const step = edit(now, key);
    now = step.state;
    events.push(...step.events);
  }
  return { state: now, events };
}

/** Text and cursor before; keys; text and cursor after. `bell` where the last column says so. */
const table: readonly [before: string, keys: string, after: string, bell?: 'bell'][] = [
  ['a|b', "'x", 'ax|b'],
  ['ab|', 'left', 'a|b'],
  ['|ab', 'left', '|ab', 'bell'],
  ['a|b', 'right', 'ab|'],
  ['ab|', 'right', 'ab|', 'bell'],
  ['ae\u0301|', 'left', 'a|e\u0301'],
  ['👨‍👩‍👧‍👦|x', 'C-b', '|👨‍👩‍👧‍👦x'],
  ['|🇨🇭🇦🇹', 'C-f', '🇨🇭|🇦🇹'],
  ['foo bar-b|az', 'C-left', 'foo bar-|baz'],
  ['foo bar-b|az', 'M-b M-b M-b', '|foo bar-baz'],
  ['|foo bar', 'M-f', 'foo| bar'],
  ['foo| bar', 'C-right', 'foo bar|'],
  ['|grüße 漢字', 'M-right M-right', 'grüße 漢字|'],
  ['a b|c', 'C-a', '|a bc'],
  ['a b|c', 'home', '|a bc'],
  ['a|bc', 'C-e', 'abc|'],
  ['a|bc', 'end', 'abc|'],
  ['one\ntw|o\nthree', 'C-a', 'one\n|two\nthree'],
  ['one\ntw|o\nthree', 'C-e', 'one\ntwo|\nthree'],
  ['a|bc', 'delete', 'a|c'],
  ['a|bc', 'C-d', 'a|c'],
  ['abc|', 'C-d', 'abc|', 'bell'],
  ['ab|c', 'backspace', 'a|c'],
  ['|abc', 'backspace', '|abc', 'bell'],
  ['xe\u0301|', 'backspace', 'x|'],
  ['e|x\u0301', 'delete', 'e|'],
  ['ab |cd ef', 'C-k', 'ab |'],
  ['ab |cd ef', 'C-u', '|cd ef'],
  ['one\n|two\nthree', 'C-k C-k', 'one\n|three'],
  ['one\ntwo|', 'C-u C-u', 'one|'],
  ['ls /etc/foo |', 'C-w', 'ls |'],
  ['ls /etc/foo |', 'M-backspace', 'ls /etc/|'],
  ['|foo.bar', 'M-d', '|.bar'],
  ['|foo.bar', 'C-delete', '|.bar'],
  ['a b c|', 'C-w C-w C-y', 'a b c|'],
  ['|a b c', 'M-d M-d C-e C-y', ' ca b|'],
  ['a b|', 'C-w C-b C-w C-y M-y', 'b| '],
  ['a|', 'C-y', 'a|', 'bell'],
  ['a|', 'M-y', 'a|', 'bell'],
  ['ab|c', 'C-t', 'acb|'],
  ['abc|', 'C-t', 'acb|'],
  ['|abc', 'C-t', '|abc', 'bell'],
  ['a|', 'C-t', 'a|', 'bell'],
  ['a\n|bc', 'C-t', 'a\n|bc', 'bell'],
  ['foo bar|', 'M-t', 'bar foo|'],
  ['foo| bar', 'M-t', 'bar foo|'],
  ['foo|', 'M-t', 'foo|', 'bell'],
  ['|foo bar', 'M-u', 'FOO| bar'],
  ['|FOO bar', 'M-l', 'foo| bar'],
  ['| fOO bar', 'M-c', ' Foo| bar'],
  ['a|', "'b 'c C-_", 'a|'],
  ['a b|', 'C-w C-_', 'a b|'],
  ['|', 'C-_', '|', 'bell'],
  ['a|b', 'M-enter', 'a\n|b'],
  ['|', 'M-.', 'file|'],
  ['x |', 'M-. M-.', 'x done|'],
  ['x |', 'M-. M-. M-.', 'x /tmp|'],
  ['x |', 'M-. M-. M-. M-.', 'x /tmp|', 'bell'],
  ['new|', 'up', "grep 'a b' file|"],
  ['new|', 'C-p C-n', 'new|'],
  ['new|', 'down', 'new|', 'bell'],
  ['new|', "up 'x up C-e down down up", "grep 'a b' filex|"],
  ['|', 'up up', 'for x in 1 2\ndo echo $x\ndone|'],
  ['|', 'up up up', 'for x in 1 2\ndo e|cho $x\ndone'],
  ['|', 'up up up up up', 'ls -l /tmp|'],
  ['n|', 'M-<', 'ls -l /tmp|'],
  ['n|', 'M-< M->', 'n|'],
  ['ab\nabcd|', 'up', 'ab|\nabcd'],
  ['a|b\nabcd', 'down', 'ab\na|bcd'],
  ['e|', "escape 'b", '|e'],
  ['a b|', 'escape backspace', 'a |'],
];

for (const [before, keys, after, sign] of table) {
  test(`${JSON.stringify(before)}, ${keys}`, () => {
    const { state, events } = pressed(editorOf(before), ...keys.split(' '));
    assert.equal(marked(state), after);
    assert.equal(events.at(-1)?.kind, sign);
  });
}

test('every binding is in a test of this room', () => {
  const elsewhere = ['C-c', 'C-l', 'C-r', 'C-s', 'enter', 'tab'];
  const same = ['C-left', 'C-right', 'M-left', 'M-_', 'M-delete'];
  const here = new Set([...table.flatMap(([, keys]) => keys.split(' ')), ...elsewhere, ...same]);
  assert.deepEqual(
    [...bindings.keys()].filter((name) => !here.has(name)),
    [],
  );
});

test('Ctrl-D on an empty line is the end of the file', () => {
  const { state, events } = pressed(newEditor(), 'C-d');
  assert.deepEqual(events, [{ kind: 'endOfFile' }]);
  assert.equal(state.mode, 'ended');
});

test('Ctrl-C abandons the line, and what was killed can still be yanked', () => {
  const { state, events } = pressed(editorOf('rm x|'), 'C-w', 'C-c', 'C-y');
  assert.deepEqual(events, [{ kind: 'abandoned' }]);
  assert.equal(marked(state), 'x|');
});

test('Ctrl-L is told', () => {
  assert.deepEqual(pressed(editorOf('a|'), 'C-l').events, [{ kind: 'clearScreen' }]);
});

test('Enter submits all of it, and no key counts until the answer', () => {
  const { state, events } = pressed(editorOf('l|s'), 'enter', "'x", 'C-c');
  assert.deepEqual(events, [{ kind: 'submit', line: 'ls' }]);
  assert.equal(marked(state), 'l|s');
  assert.equal(state.mode, 'submitted');
});

test('an incomplete line goes on in a new line', () => {
  const { state } = pressed(editorOf('for x in |1'), 'enter');
  assert.equal(marked(answered(state, 'incomplete').state), 'for x in 1\n|');
});

test('a complete line is remembered as it was entered', () => {
  const { state } = pressed(editorOf('a\nb|'), 'enter');
  const next = nextLine(answered(state, 'complete').state);
  assert.equal(marked(next), '|');
  assert.equal(marked(pressed(next, 'up').state), 'a\nb|');
});

test('a refused line is edited further', () => {
  const { state } = pressed(editorOf('r|m'), 'enter');
  const refused = answered(state, 'refused').state;
  assert.equal(marked(pressed(refused, "'x").state), 'rx|m');
  assert.deepEqual(refused.history, history);
});

test('an answer that nobody asked for changes nothing', () => {
  const state = editorOf('a|');
  assert.equal(answered(state, 'complete').state, state);
  assert.equal(completed(state, 0, [candidate('abc')]).state, state);
});

test('a paste is inserted as it is, in one step to undo', () => {
  const { state, events } = edit(editorOf('a|b'), { kind: 'paste', text: 'x\ny\r\x03' });
  assert.deepEqual(events, []);
  assert.equal(marked(state), 'ax\ny\r\x03|b');
  assert.equal(marked(pressed(state, 'C-_').state), 'a|b');
});

test('a line that would be too long is left as it is', () => {
  const { state, events } = edit(editorOf('a|'), { kind: 'paste', text: 'x'.repeat(MAX_LINE_LENGTH) });
  assert.equal(marked(state), 'a|');
  assert.deepEqual(events, [{ kind: 'tooLong' }]);
  assert.deepEqual(edit(state, { kind: 'pasteTooLong' }).events, [{ kind: 'tooLong' }]);
});

test('a line of which some was not taken is not submitted', () => {
  const long = editorOf(`${'x'.repeat(MAX_LINE_LENGTH)}|`);
  const { state, events } = pressed(long, "'yz", 'backspace', 'enter');
  assert.deepEqual(events, [{ kind: 'tooLong' }, { kind: 'tooLong' }]);
  assert.deepEqual(pressed(state, 'C-c', "'ls", 'enter').events.at(-1), { kind: 'submit', line: 'ls' });
});

const searches: readonly [keys: string, after: string, bell?: 'bell'][] = [
  ["C-r 'l", "grep 'a b' fi|le"],
  ["C-r 'e 'c", 'for x in 1 2\ndo |echo $x\ndone'],
  ["C-r 'l C-r", 'ls -|l /tmp'],
  ["C-r 'l C-r C-r", 'ls -|l /tmp', 'bell'],
  ["C-r 'l C-r C-s", "grep 'a b' fi|le"],
  ["C-r 'l 's", '|ls -l /tmp'],
  ["C-r 'l 's backspace", "grep 'a b' fi|le"],
  ["C-r 'l C-g", 'draft|', 'bell'],
  ["C-r 'l escape 'x", "grep 'a b' fix|le"],
  ["C-r 'l C-a", "|grep 'a b' file"],
  ["C-r 'l C-c", '|'],
  ["C-r 'ls left C-c C-r C-r", '|ls -l /tmp'],
  ["C-r 'nowhere", 'draft|', 'bell'],
  ["C-r 'l enter", "grep 'a b' fi|le"],
];

for (const [keys, after, sign] of searches) {
  test(`search: ${keys}`, () => {
    const { state, events } = pressed(editorOf('draft|'), ...keys.split(' '));
    assert.equal(marked(state), after);
    if (sign !== undefined) assert.equal(events.at(-1)?.kind, sign);
  });
}

test('Enter in a search submits what was found', () => {
  const { events } = pressed(newEditor(history), 'C-r', "'/tmp", 'enter');
  assert.deepEqual(events, [{ kind: 'submit', line: 'ls -l /tmp' }]);
});

function candidate(text: string, suffix = ' '): Candidate {
  return { text, shown: text, suffix };
}

/** The editor after Tab and the answer to it. */
function tabbed(before: string, from: number, ...candidates: readonly Candidate[]) {
  const { state, events } = pressed(editorOf(before), 'tab');
  assert.deepEqual(events, [
    { kind: 'complete', text: before.replace('|', ''), cursor: before.indexOf('|') },
  ]);
  return completed(state, from, candidates);
}

test('the only candidate is inserted with its suffix', () => {
  assert.equal(marked(tabbed('cat f| x', 4, candidate("'f 1'")).state), "cat 'f 1' | x");
  assert.equal(marked(tabbed('cd e|', 3, candidate('etc/', '')).state), 'cd etc/|');
});

test('of several candidates what they have in common is inserted, then they are listed', () => {
  const { state } = tabbed('f|', 0, candidate('file1'), candidate('file2'));
  assert.equal(marked(state), 'file|');
  const again = pressed(state, 'tab', 'tab');
  assert.deepEqual(
    again.events.map(({ kind }) => kind),
    ['list', 'list'],
  );
  assert.equal(pressed(again.state, "'1", 'tab').events.at(-1)?.kind, 'complete');
});

test('what candidates have in common ends between characters', () => {
  assert.equal(marked(tabbed('|', 0, candidate('x👍🏽'), candidate('x👍🏿')).state), 'x|');
});

test('nothing to insert is a bell, and so is an answer for another word', () => {
  assert.deepEqual(tabbed('x|', 0).events, [{ kind: 'bell' }]);
  assert.deepEqual(tabbed('x|', 2, candidate('y')).events, [{ kind: 'bell' }]);
  const { state, events } = tabbed('x|', 0, candidate('xa'), candidate('xb'));
  assert.deepEqual(events, [{ kind: 'bell' }]);
  assert.equal(pressed(state, 'tab').events[0]?.kind, 'list');
});

test('Ctrl-C ends waiting for candidates', () => {
  const { state, events } = pressed(editorOf('x|'), 'tab', "'y", 'C-c');
  assert.equal(events.at(-1)?.kind, 'abandoned');
  assert.equal(marked(completed(state, 0, [candidate('xyz')]).state), '|');
});

test('keys that nothing is bound to are a bell', () => {
  assert.deepEqual(edit(editorOf('a|'), { kind: 'control', character: 'z' }).events, [{ kind: 'bell' }]);
  assert.deepEqual(edit(editorOf('a|'), named('up', true)).events, [{ kind: 'bell' }]);
});
