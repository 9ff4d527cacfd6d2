import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { coversText } from '../../../../contract/wildcards.ts';
import { glob } from './glob.ts';

test('a long text is covered as a short one is', () => {
  const long = 'x'.repeat(300);
  const piece = fc.constantFrom('a', 'b', '*', '?', '.', '[', '\n', '/a', '🌍');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), fc.array(piece, { maxLength: 8 }), (one, other) => {
      const [pattern, text] = [one.join(''), other.join('')];
      assert.equal(glob(long + pattern)(long + text), glob(pattern)(text));
    }),
    { numRuns: 3000 },
  );
});

test('no text takes long, however many ways there are to fail', () => {
  const before = process.cpuUsage();
  assert.equal(glob('/srv/*/a/*/b/*.log')(`/srv/${'/a/b/'.repeat(12_000)}x`), false);
  assert.equal(glob('*a*a*a*a*b')('a'.repeat(60_000)), false);
  // Not so long that it would be looked at in another way for its length alone.
  assert.equal(glob('*a*a*a*a*b')('a'.repeat(256)), false);
  assert.ok(process.cpuUsage(before).user < 1_000_000);
});

test('a pattern means the same by its expression and sign by sign', () => {
  const sign = fc.constantFrom('a', 'b', '*', '?', '.');
  const pattern = fc.array(sign, { maxLength: 8 }).map((signs) => signs.join(''));
  const text = fc.array(fc.constantFrom('a', 'b', '.'), { maxLength: 8 }).map((signs) => signs.join(''));
  fc.assert(fc.property(pattern, text, (one, other) => coversText(one, other) === glob(one)(other)));
});

test('a pattern of many stars is answered at once', () => {
  assert.equal(coversText(`${'*a'.repeat(200)}b`, 'a'.repeat(5000)), false);
});
