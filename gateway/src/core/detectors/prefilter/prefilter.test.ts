import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ALNUM, byteClass, DIGITS, isIn, isInsideWord, UPPER_CASE, Window, WORD } from '../window.ts';
import { BLOCK_BYTES, KERNEL, OFFSETS } from './kernel.ts';
import { Prefilter } from './prefilter.ts';
import { kindOf, type Shape, SIGNS, text, times } from './shape.ts';
import { kindsOf, tablesOf } from './tables.ts';

const SHAPES: readonly Shape[] = [
  times(9, DIGITS),
  [...times(4, DIGITS), byteClass(' -'), ...times(4, DIGITS)],
  [...times(3, DIGITS), ...text('-'), ...times(2, DIGITS), ...text('-'), ...times(4, DIGITS)],
  [DIGITS, ...text(' '), ...times(2, DIGITS)],
  [UPPER_CASE, UPPER_CASE, ...times(2, DIGITS)],
  text('AKIA'),
  [...text('ghp_'), ...times(20, ALNUM)],
  text('+1'),
  [...text('('), ...times(3, DIGITS), ...text(')')],
];

function placesOf(window: Window, shapes: readonly Shape[], from = window.start, to = window.end) {
  const prefilter = new Prefilter(tablesOf(shapes));
  const places = new Map<number, number>();
  for (let at = prefilter.next(window, from, to); at < to; at = prefilter.next(window, at + 1, to))
    places.set(at, prefilter.kinds);
  return places;
}

/** A look at every byte. */
function begins(window: Window, shape: Shape, at: number): boolean {
  const isThere = shape.every(
    (set, index) => at + index < window.end && isIn(set, window.bytes[at + index] ?? 0),
  );
  return isThere && !(isIn(WORD, window.at(at)) && isInsideWord(window, at));
}

const alike = fc
  .array(
    fc.oneof(
      fc.stringMatching(/^[0-9 -]{1,12}$/),
      fc.constantFrom(
        'AKIA',
        'ghp_',
        `ghp_${'a1'.repeat(10)}`,
        'AB12',
        '+1',
        '(123)',
        '123-45-6789',
        '1234 5678',
      ),
      fc.constantFrom('\\n', '\\u00e9', '\\', ' ', '\n', '_', 'x', 'é', '\u001b[31m', '\u0000'),
      fc.stringMatching(/^[A-Za-z0-9_]{1,30}$/),
    ),
    { maxLength: 16 },
  )
  .map((parts) => Buffer.from(parts.join('')));

test('every place where a shape begins is given, with its kind, wherever the text stands among others', () => {
  fc.assert(
    fc.property(alike, alike, alike, fc.nat(3), (before, middle, behind, context) => {
      const bytes = Buffer.concat([before, middle, behind]);
      const from = before.length;
      const window = new Window(bytes, Math.max(0, from - context * 3), from + middle.length);
      const places = placesOf(window, SHAPES, from);
      for (let at = from; at < window.end; at += 1)
        for (const shape of SHAPES)
          if (begins(window, shape, at))
            assert.ok(((places.get(at) ?? 0) & kindsOf([shape])) !== 0, `${at} of "${middle}"`);
      assert.deepEqual(
        [...places.keys()],
        [...places.keys()].toSorted((a, b) => a - b),
      );
    }),
    { numRuns: 3000 },
  );
});

test('and where blocks meet', () => {
  for (const what of [
    'AKIA',
    '123-45-6789',
    '123456789',
    '1234-5678',
    '+1',
    '(123)',
    `ghp_${'a1'.repeat(10)}`,
  ])
    for (let before = BLOCK_BYTES - 40; before < BLOCK_BYTES + 8; before += 1)
      for (const sign of [' ', '\\n', '\\u00e9', 'x']) {
        const bytes = Buffer.from(`${'.'.repeat(before)}${sign}${what}${'.'.repeat(BLOCK_BYTES)}`);
        const window = new Window(bytes);
        const at = before + sign.length;
        const isThere = SHAPES.some((shape) => begins(window, shape, at));
        assert.equal(isThere, sign !== 'x' || what.startsWith('+') || what.startsWith('('));
        assert.equal(placesOf(window, SHAPES).has(at), isThere, `${what} behind ${before} bytes and ${sign}`);
      }
});

test('two that go on in turns do not see what is the other’s', () => {
  const [one, other] = [new Window(Buffer.from('AKIA . AKIA')), new Window(Buffer.from(' . AKIA AKIA'))];
  const [left, right] = [new Prefilter(tablesOf([text('AKIA')])), new Prefilter(tablesOf([text('KIA')]))];
  assert.equal(left.next(one, 0, 11), 0);
  assert.equal(right.next(other, 0, 12), 12);
  assert.equal(left.next(one, 1, 11), 7);
  left.reset();
  assert.equal(left.next(other, 0, 12), 3);
});

test('most of a log is passed over, and dates and times of day are', () => {
  const line =
    '2026-11-22T01:12:07.113Z web-3 nginx[2214]: 10.2.13.7 - - "GET /api/v1/orders/4711?page=2" 200 1432\n';
  const numbers = SHAPES.filter((shape) => isIn(DIGITS, shape[0]?.indexOf(1) ?? 0) && shape.length > 4);
  assert.deepEqual([...placesOf(new Window(Buffer.from(line.repeat(100))), numbers)], []);
});

test('what begins with a sign may stand inside a word, and nothing else', () => {
  for (const shape of SHAPES)
    assert.equal(kindOf(shape) === SIGNS, !shape[0]?.some((is, byte) => is === 1 && isIn(WORD, byte)));
  assert.deepEqual([...placesOf(new Window(Buffer.from('x+1')), SHAPES).keys()], [1]);
});

test('the kernel is small, and the same for everybody', () => {
  assert.ok(KERNEL.length < 2000, `${KERNEL.length} bytes`);
  assert.deepEqual([...KERNEL.subarray(0, 8)], [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  assert.ok(Math.max(...OFFSETS) < 16);
});
