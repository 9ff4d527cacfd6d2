import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whereOf } from './breakage.ts';

const SECRET = 'jonas.kim7@example.org';

test('where an error was thrown is said, and nothing of what it was about', () => {
  const cause = Object.assign(new RangeError(`no ${SECRET}\n    at ${SECRET} (file:///x.ts:1:2)`), {
    code: 'ERR_OUT_OF_RANGE',
    detail: SECRET,
  });
  const said = whereOf(new Error(`line of ${SECRET}`, { cause }));
  assert.doesNotMatch(said, /jonas/);
  assert.match(said, /^Error\n {4}at .*breakage\.test\.ts:\d+:\d+/);
  assert.match(said, /\ncaused by RangeError ERR_OUT_OF_RANGE\n {4}at .*breakage\.test\.ts:\d+:\d+/);
});

test('a code that is no code, a stack that was rewritten, and what is no error say nothing either', () => {
  const rewritten = Object.assign(new Error('short'), {
    code: `E ${SECRET}`,
    stack: `other ${SECRET}\n    at ${SECRET}`,
  });
  for (const thrown of [rewritten, SECRET, { SECRET }, null]) assert.doesNotMatch(whereOf(thrown), /jonas/);
  const endless = new Error('a');
  endless.cause = endless;
  assert.match(whereOf(endless), /caused by Error/);
});
