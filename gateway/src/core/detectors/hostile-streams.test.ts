import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DETECTORS } from './detector.ts';
import { DetectorSet } from './detector-set.ts';
import { Redactor } from './redactor.ts';
import { replacementOf } from './replacement.ts';
import { Window } from './window.ts';

/** What is skipped, joined and held back changes nothing: each place is looked at here, of the whole text. */

const SECRETS = [
  '4111 1111 1111 1111',
  '4111111111111111',
  '3782-822463-10005',
  'ana@shop.example',
  '+31 6 12345678',
  'NL91ABNA0417164300',
  'GB82 WEST 1234 5698 7654 32',
  `ghp_${'a1B2'.repeat(10)}`,
  'AKIAIOSFODNN7EXAMPLE',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghijk',
  '-----BEGIN RSA PRIVATE KEY-----\nMIIEabc+/=\nxyz\n-----END RSA PRIVATE KEY-----',
  '-----BEGIN PRIVATE KEY-----\r\nMIIE',
  'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  '078-05-1120',
  'bsn 111222333',
  'EMP-12345',
];
const FILLERS = [
  ...[' ', '\n', '\r\n', 'abc ', 'x', '1', '2 ', '-', '.', '/', '+', '=', '_', '@', '\0', '\t', ':', '"'],
  ...['\x1b[31m', 'é', '🌍', '12-34-5678 ', '0000 ', '\\n', '\\u00e9', '0.', '192.168.0.1 '],
  ...['a'.repeat(30), '0123456789'.repeat(3), ' '.repeat(20), '-'.repeat(10), 'z '.repeat(400)],
];

const text = fc
  .array(fc.oneof({ arbitrary: fc.constantFrom(...FILLERS), weight: 3 }, fc.constantFrom(...SECRETS)), {
    minLength: 1,
    maxLength: 40,
  })
  .map((parts) => Buffer.from(parts.join('')));
const set = fc
  .subarray([...DETECTORS], { minLength: 1 })
  .map(
    (detect) =>
      new DetectorSet([
        { detect, patterns: [{ name: 'employee', matches: 'EMP-[0-9]{4,8}' }], replace: 'label' },
      ]),
  );

function inPieces(detectors: DetectorSet, bytes: Buffer, sizes: readonly number[]): string {
  const redactor = new Redactor(detectors, new Map());
  const out: Buffer[] = [];
  for (let at = 0, count = 0; at < bytes.length; count += 1) {
    const size = sizes[count % sizes.length] ?? 1;
    out.push(Buffer.from(redactor.push(bytes.subarray(at, at + size))));
    at += size;
  }
  return Buffer.concat([...out, redactor.end()]).toString('latin1');
}

/** What nobody sees among the fillers: a colour, and what may stand between two things. */
const [RED, NUL] = ['\x1b[31m', '\0'];
const UNSEEN = new RegExp(`(${RED.replace('[', '\\[')}|${NUL})`);

/** As it is read: without that, and then with a space in place of what may stand between two things. */
function expectedOf(detectors: DetectorSet, bytes: Buffer): string {
  const text = bytes.toString('latin1');
  const first = atEachPlace(detectors, text.split(UNSEEN), '');
  return text.includes(NUL) ? atEachPlace(detectors, first.split(UNSEEN), ' ') : first;
}

/** @param parts each other one is unseen @param between stands in place of NUL */
function atEachPlace(detectors: DetectorSet, parts: readonly string[], between: '' | ' '): string {
  let visible = '';
  /** What stands before each visible byte and is not seen; what it is itself. */
  const before: string[] = [''];
  const itself: string[] = [];
  for (const [index, part] of parts.entries()) {
    const isUnseen = index % 2 === 1;
    if (isUnseen && (part !== NUL || between === '')) {
      before[visible.length] += part;
      continue;
    }
    for (const sign of isUnseen ? [NUL] : part) {
      visible += isUnseen ? between : sign;
      itself.push(sign);
      before.push('');
    }
  }
  const bytes = Buffer.from(visible, 'latin1');
  const window = new Window(bytes);
  let out = '';
  for (let at = 0; at < bytes.length; ) {
    const found = longestAt(detectors, window, at);
    out += before[at];
    if (found === null) {
      out += itself[at];
      at += 1;
      continue;
    }
    out += replacementOf(detectors, { ...found, start: at, continues: false }, bytes);
    for (let inner = at; inner < found.end; inner += 1) {
      if (inner > at) out += before[inner];
      if (itself[inner] !== visible[inner]) out += itself[inner];
    }
    at = found.end;
  }
  return out + before[bytes.length];
}

function longestAt({ detectors, finders }: DetectorSet, window: Window, at: number) {
  const { bytes } = window;
  const own = finders.flatMap((by) => {
    const next = by.next(window, at);
    return next?.start === at ? [{ by, end: next.end }] : [];
  });
  const built = detectors
    .filter(({ starts }) => starts[bytes[at] ?? 0] === 1)
    .map((by) => ({ by, end: at + by.match(window, at) }));
  const found = [...built, ...own].reduce<(typeof built | typeof own)[number] | null>(
    (best, one) => (one.end > (best?.end ?? at) ? one : best),
    null,
  );
  if (found === null || !('tail' in found.by) || found.by.tail === undefined) return found;
  const tail = found.by.tail();
  for (let end = found.end; ; end += 1) {
    const said = end < bytes.length ? tail(bytes[end] ?? 0) : 'out';
    if (said !== 'in') return { by: found.by, end: said === 'last' ? end + 1 : end };
  }
}

test('pieces cut anywhere give what looking at each place of the whole gives', () => {
  fc.assert(
    fc.property(
      text,
      set,
      fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 8 }),
      (bytes, detectors, sizes) => {
        const expected = expectedOf(detectors, bytes);
        assert.equal(inPieces(detectors, bytes, [bytes.length]), expected);
        assert.equal(inPieces(detectors, bytes, sizes), expected);
        assert.equal(inPieces(detectors, bytes, [1]), expected);
      },
    ),
    { numRuns: 300 },
  );
});

test('no more is held back than the window, whatever comes', () => {
  for (const unit of ['1', '4111 ', 'a', '-', 'ghp_', 'eyJ', '@', '\0', 'EMP-1']) {
    const detectors = new DetectorSet([{ detect: [...DETECTORS], patterns: [], replace: 'stars' }]);
    const redactor = new Redactor(detectors, new Map());
    const bytes = Buffer.from(unit.repeat(20_000));
    let left = 0;
    for (let at = 0; at < bytes.length; at += 1000)
      left += redactor.step(bytes.subarray(at, at + 1000), false).of;
    assert.ok(bytes.length - left < 512, unit);
  }
});
