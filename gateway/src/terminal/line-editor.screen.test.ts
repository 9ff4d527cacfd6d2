import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineEditor, type LineEvent, type Output } from './line-editor.ts';
import { TerminalModel } from './screen/terminal-model.fixture.ts';

const size = { columns: 20, rows: 6 };

/** An editor at a terminal: what is sent, and what the screen shows then. */
class Desk {
  readonly terminal = new TerminalModel(size, 'summed', 'allButCursor');
  readonly editor = new LineEditor(size, { reflow: 'allButCursor' });
  readonly events: LineEvent[] = [];

  async show({ bytes, events }: Output): Promise<void> {
    this.events.push(...events);
    await this.terminal.write(bytes);
  }

  type(text: string): Promise<void> {
    return this.show(this.editor.receive(Buffer.from(text)));
  }

  at(row: number, column: number): void {
    assert.deepEqual(this.terminal.cursor, { row, column });
  }
}

async function begun(prompt = '$ '): Promise<Desk> {
  const desk = new Desk();
  await desk.show(desk.editor.begin(prompt));
  return desk;
}

test('a typed line stands behind the prompt, and Enter hands it over', async () => {
  const desk = await begun();
  await desk.type('ls -l\r');
  assert.deepEqual(desk.terminal.lines(), ['$ ls -l']);
  assert.deepEqual(desk.events, [{ kind: 'submit', line: 'ls -l' }]);
  await desk.show(desk.editor.answer('complete'));
  desk.at(1, 0);
  await desk.show(desk.editor.begin('$ '));
  assert.deepEqual(desk.terminal.lines(), ['$ ls -l', '$']);
  desk.at(1, 2);
});

test('a prompt begins in a row of its own behind output without a newline', async () => {
  const desk = new Desk();
  await desk.terminal.write('no newline');
  await desk.show(desk.editor.begin('$ '));
  assert.deepEqual(desk.terminal.lines(), ['no newline%', '$']);
  desk.at(1, 2);
});

test('a line that is not complete goes on behind another prompt', async () => {
  const desk = await begun();
  await desk.type('for x in 1 2\r');
  await desk.show(desk.editor.answer('incomplete'));
  await desk.type('do echo');
  assert.deepEqual(desk.terminal.lines(), ['$ for x in 1 2', '> do echo']);
  await desk.type('\x1b[A\x1b[D!');
  assert.deepEqual(desk.terminal.lines(), ['$ for x !in 1 2', '> do echo']);
});

test('at the right margin the cursor goes to the next row', async () => {
  const desk = await begun();
  await desk.type('a'.repeat(18));
  assert.deepEqual(desk.terminal.lines(), [`$ ${'a'.repeat(18)}`]);
  desk.at(1, 0);
  await desk.type('b');
  assert.deepEqual(desk.terminal.lines(), [`$ ${'a'.repeat(18)}`, 'b']);
  await desk.type('\x7f\x7f');
  assert.deepEqual(desk.terminal.lines(), [`$ ${'a'.repeat(17)}`]);
  desk.at(0, 19);
});

test('Ctrl-C leaves the line with a mark and begins another', async () => {
  const desk = await begun();
  await desk.type('rm x\x1b[D\x03ls');
  assert.deepEqual(desk.terminal.lines(), ['$ rm x^C', '$ ls']);
  assert.deepEqual(desk.events, []);
});

test('what is typed while a line is away is read with the next one', async () => {
  const desk = await begun();
  await desk.type('one\rtwo\rthr');
  assert.deepEqual(desk.events, [{ kind: 'submit', line: 'one' }]);
  await desk.show(desk.editor.answer('complete'));
  await desk.show(desk.editor.begin('$ '));
  assert.deepEqual(desk.events.at(-1), { kind: 'submit', line: 'two' });
  await desk.show(desk.editor.answer('complete'));
  await desk.show(desk.editor.begin('$ '));
  assert.deepEqual(desk.terminal.lines(), ['$ one', '$ two', '$ thr']);
});

test('Ctrl-C while a line is away is told, and what was typed ahead is forgotten', async () => {
  const desk = await begun();
  await desk.type('one\rtwo\x03');
  await desk.show(desk.editor.answer('complete'));
  await desk.show(desk.editor.begin('$ '));
  assert.deepEqual(desk.events, [{ kind: 'submit', line: 'one' }, { kind: 'interrupt' }]);
  assert.deepEqual(desk.terminal.lines(), ['$ one', '$']);
});

test('a paste never enters a line, and what it hides is seen', async () => {
  const desk = await begun();
  await desk.type('\x1b[200~ls\rrm \x1b[31mx\u202e\x07\x1b[201~');
  assert.deepEqual(desk.events, []);
  assert.deepEqual(desk.terminal.lines(), ['$ ls', '> rm ^[[31mx<U+202E>', '^G']);
  assert.ok(desk.terminal.row(1)[5]?.inverse, 'the caret is marked as not typed');
  assert.ok(!desk.terminal.row(1)[7]?.inverse);
});

test('candidates are listed in columns below the line', async () => {
  const desk = await begun();
  await desk.type('cat f\t');
  assert.deepEqual(desk.events, [{ kind: 'complete', text: 'cat f', cursor: 5 }]);
  const names = ['file1', 'file2', 'fi\x1b[31m3'];
  const candidates = names.map((shown) => ({ text: shown, shown, suffix: ' ' }));
  await desk.show(desk.editor.candidates(4, candidates));
  assert.deepEqual(desk.terminal.lines(), ['$ cat fi']);
  await desk.type('\t');
  assert.deepEqual(desk.terminal.lines(), ['$ cat fi', 'file1', 'file2', 'fi^[[31m3', '$ cat fi']);
  desk.at(4, 8);
});

test('keys typed while candidates are looked for wait for them', async () => {
  const desk = await begun();
  await desk.type('cat f\t\r');
  assert.equal(desk.events.length, 1);
  await desk.show(desk.editor.candidates(4, [{ text: 'file', shown: 'file', suffix: ' ' }]));
  assert.deepEqual(desk.events.at(-1), { kind: 'submit', line: 'cat file ' });
});

test('a search shows what it looks for', async () => {
  const desk = await begun();
  await desk.type('ls -l\r');
  await desk.show(desk.editor.answer('complete'));
  await desk.show(desk.editor.begin('$ '));
  await desk.type('\x12l');
  assert.equal(desk.terminal.text(1), '(reverse-i-search)`l');
  assert.equal(desk.terminal.text(2), "': ls -l");
  await desk.type('\x07');
  assert.deepEqual(desk.terminal.lines(), ['$ ls -l', '$']);
});

test('a message stands above the line', async () => {
  const desk = await begun();
  await desk.type('x'.repeat(30));
  await desk.show(desk.editor.print('hello\nthere'));
  assert.deepEqual(desk.terminal.lines(), ['hello', 'there', `$ ${'x'.repeat(18)}`, 'x'.repeat(12)]);
});

test('Ctrl-L takes the line to the top', async () => {
  const desk = await begun();
  await desk.type('one\x0ctwo');
  assert.deepEqual(
    desk.terminal.lines().filter((line) => line !== ''),
    ['$ onetwo'],
  );
  desk.at(0, 8);
});

test('a line of more rows than the terminal shows those around the cursor', async () => {
  const desk = await begun();
  await desk.type(`\x1b[200~${[0, 1, 2, 3, 4, 5, 6, 7].join('\n')}\x1b[201~`);
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map((row) => desk.terminal.text(row)),
    ['> 2', '> 3', '> 4', '> 5', '> 6', '> 7'],
  );
  await desk.type('\x1b[A'.repeat(6));
  assert.equal(desk.terminal.text(0), '> 1');
  desk.at(0, 3);
});

test('of what is typed ahead and too much nothing is read', async () => {
  const desk = await begun();
  await desk.type('one\r');
  for (let count = 0; count < 9; count += 1) await desk.type(`${'x'.repeat(4096)}\r`);
  await desk.show(desk.editor.answer('complete'));
  await desk.show(desk.editor.begin('$ '));
  assert.deepEqual(desk.events, [{ kind: 'submit', line: 'one' }]);
  assert.equal(desk.terminal.lines().at(-1), '$');
});

test('a line that gets too long is told', async () => {
  const desk = await begun();
  await desk.type(`\x1b[200~${'x'.repeat(40_000)}\x1b[201~ab`);
  const lines = desk.terminal.lines();
  assert.equal(lines.at(-1), '$ ab');
  assert.match(lines.join(''), /may have 32768 characters.*Press Ctrl-C/);
});

test('a terminal of another size gets the line anew', async () => {
  const desk = await begun();
  await desk.type('x'.repeat(30));
  await desk.terminal.resize({ columns: 40, rows: 6 });
  await desk.show(desk.editor.resize({ columns: 40, rows: 6 }));
  assert.deepEqual(desk.terminal.lines(), [`$ ${'x'.repeat(30)}`]);
});

test('a line begun before the last one was answered leaves that as it stands', async () => {
  const desk = await begun();
  await desk.type('one\r');
  await desk.show(desk.editor.begin('# '));
  assert.deepEqual(desk.terminal.lines(), ['$ one', '#']);
});

test('an ESC alone ends a search when its time is over', async () => {
  const desk = await begun();
  await desk.type('ls -l\r');
  await desk.show(desk.editor.answer('complete'));
  await desk.show(desk.editor.begin('$ '));
  await desk.type('\x12l\x1b');
  assert.equal(desk.editor.timeoutMs, 100);
  await desk.show(desk.editor.expire());
  assert.equal(desk.terminal.lines().at(-1), '$ ls -l');
});

test('the modes of the editor are on while a line is read, and off before a program runs', () => {
  const editor = new LineEditor(size);
  assert.match(Buffer.from(editor.begin('$ ').bytes).toString(), /\[\?2004h/);
  editor.receive(Buffer.from('ls\r'));
  assert.match(Buffer.from(editor.answer('complete').bytes).toString(), /\r\n.\[\?2004l$/);
  editor.begin('$ ');
  assert.match(Buffer.from(editor.receive(Buffer.from('\x04')).bytes).toString(), /\[\?2004l$/);
});
