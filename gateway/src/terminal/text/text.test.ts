import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { clusterEnd, clusterStart, snapped } from './graphemes.ts';
import { lastArgument, lineEnd, lineStart, wordEnd, wordStart } from './words.ts';

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });
const unit = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  fc.constantFrom(
    '\n',
    'a',
    ' ',
    '漢',
    'カ',
    '\u0301',
    '\u200d',
    '👩',
    '🏽',
    '🇨',
    '🇭',
    '한',
    '\u1100',
    '\u1161',
    'क',
    '\u094d',
  ),
);
const text = fc.array(unit, { maxLength: 40 }).map((units) => units.join('').replaceAll('\r', ''));

function borders(whole: string): number[] {
  return [...segmenter.segment(whole)].map(({ index }) => index).concat(whole.length);
}

test('borders of clusters are those of Unicode, forwards and backwards', () => {
  fc.assert(
    fc.property(text, (whole) => {
      const expected = borders(whole);
      const forwards = [0];
      for (let at = 0; at < whole.length; ) {
        at = clusterEnd(whole, at);
        forwards.push(at);
      }
      assert.deepEqual(forwards, whole === '' ? [0] : expected);
      const backwards = [whole.length];
      for (let at = whole.length; at > 0; ) {
        at = clusterStart(whole, at);
        backwards.unshift(at);
      }
      assert.deepEqual(backwards, forwards);
      for (let at = 0; at <= whole.length; at += 1) {
        assert.equal(snapped(whole, at), expected.find((border) => border >= at) ?? 0);
      }
    }),
    { numRuns: 1000 },
  );
});

test('a cluster without end is taken apart, never within a character', () => {
  const endless = `a${'\u0301'.repeat(1000)}${'👩\u200d'.repeat(1000)}`;
  let clusters = 0;
  for (let at = 0; at < endless.length; clusters += 1) {
    const end = clusterEnd(endless, at);
    assert.ok(end > at && end - at <= 128);
    assert.doesNotMatch(endless.slice(at, end), /^\p{Cs}|\p{Cs}$/u);
    at = end;
  }
  assert.ok(clusters > 10);
});

test('words are of letters and digits, and lines end at newlines', () => {
  assert.equal(wordEnd('foo-bar', 0), 3);
  assert.equal(wordStart('foo-bar', 7), 4);
  assert.equal(wordEnd('  𝒳𝒴 z', 0), 6);
  assert.equal(lineStart('a\nbc', 3), 2);
  assert.equal(lineStart('\na', 0), 0);
  assert.equal(lineEnd('a\nbc', 0), 1);
});

test('the last word of a line is told by its quotes', () => {
  assert.equal(lastArgument("cp a 'b c'"), "'b c'");
  assert.equal(lastArgument('cp a "b \\" c"d'), '"b \\" c"d');
  assert.equal(lastArgument('cp a b\\ c '), 'b\\ c');
  assert.equal(lastArgument("echo it's"), 's');
  assert.equal(lastArgument('  '), null);
});

test('steps cost little in a text of nothing but emoji', () => {
  const long = '👩\u200d'.repeat(20_000);
  const before = process.cpuUsage();
  for (let at = long.length, steps = 0; steps < 200; steps += 1) at = clusterStart(long, at);
  assert.ok(process.cpuUsage(before).user < 2_000_000);
});
