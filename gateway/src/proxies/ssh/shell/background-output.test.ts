import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BackgroundOutput } from './background-output.ts';

function shownOf(output: string): string[] {
  const shown: string[] = [];
  const background = new BackgroundOutput((text) => shown.push(text));
  background.push(Buffer.from(output));
  background.flush();
  background.close();
  return shown;
}

test('nothing of a program in the background moves the cursor; lines stay', () => {
  assert.deepEqual(shownOf('a\x1b[31mb\x1b[m\x1b]0;title\x07c\n10%\r20%\rdone\r\n\x1bPq#0\x1b\\x\n'), [
    'abc\ndone\nx',
  ]);
  assert.deepEqual(shownOf('a\x1b]0;never ends\nb\x07\n'), ['a\nb\\u{7}']);
});

for (const begin of ['\x1b]', '\x1bP', '\x1b[', '\x1b[1;', '\x1b ', '\x1b'])
  test(`strings that never end hold nobody up: ${JSON.stringify(begin)}`, () => {
    const startedMs = performance.now();
    shownOf(begin.repeat(64 * 1024).slice(0, 64 * 1024));
    assert.ok(performance.now() - startedMs < 200);
  });
