import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { aRecord } from '../adapters/store/a-record.fixture.ts';
import { HarmlessOutput, harmlessText } from './harmless-output.ts';
import { run } from './run.ts';

const SHOWN = [
  'grüße 🌍\r\n\tx\b',
  '\x1b[1;31mred\x1b[38:2::1:2:3m\x1b[m',
  '\x1b[2J\x1b[H\x1b[10;20H\x1b[K\x1b[3A\x1b[1;24r\x1b[5X\x1b[2b',
  '\x1b[?1049h\x1b[?25l\x1b[?25h\x1b[?7;25h\x1b[4h\x1b[2 q',
  '\x1b(0\x0e\x0f\x1b(B\x1b7\x1b8\x1bM',
];
const LEFT_OUT = [
  // Asks who is there, where the cursor is, what the window is called; sets the clipboard; renames the window.
  '\x1b[c',
  '\x1b[>c',
  '\x1b[6n',
  '\x1b[?6n',
  '\x1b[21t',
  '\x1b[>q',
  '\x1bZ',
  '\x05',
  '\x1b]52;c;cm0gLXJmIC8K\x07',
  '\x1b]0;title\x1b\\',
  '\x1b]7777;x',
  '\x1bP$qm\x1b\\',
  '\x1bP+q544e\x1b\\',
  '\x1b_anything\x1b\\',
  // Would report keys, the mouse, the focus and pastes; changes what keys send.
  '\x1b[?1000h',
  '\x1b[?25;1003h',
  '\x1b[?2004h',
  '\x1b[?1h',
  '\x1b=',
  '\x1b[>4;2m',
  '\x1b[>1u',
  '\x1b[2h',
  '\x1b[5i',
];

test('what is only shown passes', () => {
  for (const text of SHOWN) assert.equal(new HarmlessOutput().of(text), text, JSON.stringify(text));
});

test('what a terminal would answer or obey is left out, wherever it is cut', () => {
  for (const text of LEFT_OUT) {
    const whole = new HarmlessOutput();
    assert.equal(whole.of(`a${text}`) + whole.of('\x1b[mb'), 'a\x1b[mb', JSON.stringify(text));
    const cut = new HarmlessOutput();
    const shown = [...`a${text}`].map((character) => cut.of(character)).join('');
    assert.equal(shown + cut.of('\x1b[mb'), 'a\x1b[mb', JSON.stringify(text));
  }
});

test('a sequence without an end does not swallow all that follows', () => {
  const output = new HarmlessOutput();
  output.of(`\x1b]0;${'x'.repeat(70_000)}`);
  assert.equal(output.of('shown'), 'shown');
});

test('a string that is cancelled hides nothing that its person saw', () => {
  for (const cancel of ['\x18', '\x1a', '\x9c']) {
    const output = new HarmlessOutput();
    assert.equal(output.of(`a\x1b]0;title${cancel}rm -rf x\r\n`), 'arm -rf x\r\n');
  }
});

test('nothing that a command prints of what others wrote moves the terminal of who reads it', async (context) => {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-harmless-'));
  context.after(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, 'records.jsonl');
  const outcome = { status: 'refused', sqlState: null, rows: 0, bytes: 0, durationMs: 0 } as const;
  const statement = 'selec \x1b]52;c;ZXZpbA==\x07\x9b2J \u202e';
  writeFileSync(file, JSON.stringify(aRecord(1, { statement, outcome })));
  for (const args of [[], ['--json']]) {
    let printed = '';
    const print = (text: string) => (printed += text);
    const stopped = new Promise<void>(() => undefined);
    const surroundings = { environment: {}, out: print, say: print, stopped };
    assert.equal(await run(['coverage', '--from', file, ...args], surroundings), 0);
    assert.match(printed, /selec/);
    assert.doesNotMatch(printed, /[^\n\P{Cc}]|\u202e/u);
  }
});

test('a recording that is printed is the same, and moves no terminal', () => {
  const event = [1, 'o', '\x9b6n\x7f\x1b]52;c;eA==\x07 é'];
  const printed = harmlessText(JSON.stringify(event));
  assert.doesNotMatch(printed, /\p{Cc}/u);
  assert.deepEqual(JSON.parse(printed), event);
});
