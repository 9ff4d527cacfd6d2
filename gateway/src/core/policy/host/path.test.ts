import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FileUse } from '../../../../contract/host-facts.ts';
import { compilePaths } from './path.ts';

type Extent = FileUse['extent'];

/** Of a pattern and what is done: whether an allow rule is about it, and whether a block rule is. */
for (const [pattern, path, extent, surely, may] of [
  ['/a/*', '/a/b', undefined, true, true],
  ['/a/*', '/a/b/c', undefined, false, false],
  ['/a/**', '/a/b/c', undefined, true, true],
  ['/a/?', '/a/b', undefined, true, true],
  ['/a/[b]+', '/a/[b]+', undefined, true, true],
  ['/a/[b]+', '/a/bb', undefined, false, false],
  ['/a/**', '/a', 'tree', false, true],
  ['/a/**', '/a', 'contents', true, true],
  ['/a/**', '/a/b', 'tree', true, true],
  ['/a/*', '/a/b', 'tree', false, true],
  ['/a/*', '/a', 'contents', false, true],
  ['/a/b', '/a', 'contents', false, true],
  ['/a/b/c/*.key', '/a', 'tree', false, true],
  ['/*/b/secret', '/a', 'tree', false, true],
  ['/*/b/secret', '/a/c', 'tree', false, false],
  ['/a', '/a', 'contents', false, false],
  ['/a', '/a', 'tree', false, true],
  ['/ab/c', '/a', 'tree', false, false],
  ['**', '/', 'tree', true, true],
  ['/**', '/', 'contents', true, true],
  ['**.key', '/a', 'contents', false, true],
] satisfies [string, string, Extent, boolean, boolean][]) {
  test(`${pattern} and ${path} (${extent ?? 'file'})`, () => {
    const selector = compilePaths([pattern]);
    const use: FileUse = { kind: 'readFile', path, ...(extent === undefined ? {} : { extent }) };
    assert.deepEqual([selector.surely(use), selector.may(use)], [surely, may]);
  });
}

test('of a tree one pattern may mean the folder, and another all that is below', () => {
  const use = { kind: 'writeFile', path: '/a', extent: 'tree' } as const;
  assert.equal(compilePaths(['/a', '/a/**']).surely(use), true);
});

test('a long path means what a short one does', () => {
  const piece = fc.constantFrom('a', 'b', '/', '/a', '*', '**', '?', '.', '[', '🌍');
  const long = `/${'x'.repeat(300)}`;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), fc.array(piece, { maxLength: 8 }), (one, other) => {
      const [pattern, path] = [one.join(''), other.join('')];
      const read = (text: string): FileUse => ({ kind: 'readFile', path: text });
      assert.equal(
        compilePaths([long + pattern]).may(read(long + path)),
        compilePaths([pattern]).may(read(path)),
      );
    }),
    { numRuns: 2000 },
  );
});

test('no path takes long, however many ways there are to fail', () => {
  const selector = compilePaths(['/srv/**/a/**/b/**/*.log']);
  const before = process.cpuUsage();
  assert.equal(selector.surely({ kind: 'readFile', path: `/srv${'/a/b'.repeat(60_000)}` }), false);
  assert.equal(
    selector.may({ kind: 'readFile', path: `/srv${'/a/b'.repeat(60_000)}`, extent: 'tree' }),
    true,
  );
  assert.ok(process.cpuUsage(before).user < 2_000_000);
});

test('nor does one that is short', () => {
  const before = process.cpuUsage();
  const selector = compilePaths(['**a**a**a**a**b']);
  assert.equal(selector.may({ kind: 'readFile', path: 'a'.repeat(256) }), false);
  assert.ok(process.cpuUsage(before).user < 1_000_000);
});
