import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
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
  const startedMs = performance.now();
  assert.equal(glob('/srv/*/a/*/b/*.log')(`/srv/${'/a/b/'.repeat(12_000)}x`), false);
  assert.equal(glob('*a*a*a*a*b')('a'.repeat(60_000)), false);
  // Not so long that it would be looked at in another way for its length alone.
  assert.equal(glob('*a*a*a*a*b')('a'.repeat(256)), false);
  assert.ok(performance.now() - startedMs < 1000);
});
