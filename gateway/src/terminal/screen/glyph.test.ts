import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { glyphsOf } from './glyph.ts';
import { promptCells, visible } from './styled.ts';

const table: readonly [name: string, cluster: string, shown: string, width: number, unsure?: 'unsure'][] = [
  ['a letter', 'a', 'a', 1],
  ['a letter and a mark', 'e\u0301', 'e\u0301', 1],
  ['CJK', '漢', '漢', 2],
  ['full width', 'ｗ', 'ｗ', 2],
  ['half width', 'ｶ', 'ｶ', 1],
  ['Hangul', '한', '한', 2],
  ['what is ambiguous', '§', '§', 1],
  ['what stands for bytes that were not UTF-8', '\ufffd', '\ufffd', 1],
  ['an emoji', '🙂', '🙂', 2, 'unsure'],
  ['an emoji with a tone', '👍🏽', '👍🏽', 4, 'unsure'],
  ['an emoji of four', '👨‍👩‍👧‍👦', '👨‍👩‍👧‍👦', 8, 'unsure'],
  ['a flag', '🇨🇭', '🇨🇭', 4, 'unsure'],
  ['a letter that becomes an emoji', '1️⃣', '1️⃣', 2, 'unsure'],
  ['Hangul in parts', '\u1112\u1161\u11ab', '\u1112\u1161\u11ab', 4, 'unsure'],
  ['Escape', '\x1b', '^[', 2],
  ['Delete', '\x7f', '^?', 2],
  ['C1', '\x9b', '<U+009B>', 8],
  ['right to left override', '\u202e', '<U+202E>', 8],
  ['an isolate', '\u2066', '<U+2066>', 8],
  ['zero width space', '\u200b', '<U+200B>', 8],
  ['a byte order mark', '\ufeff', '<U+FEFF>', 8],
  ['a soft hyphen', '\u00ad', '<U+00AD>', 8],
  ['a no-break space', '\u00a0', '<U+00A0>', 8],
  ['a Hangul filler', '\u3164', '<U+3164>', 8],
  ['a line separator', '\u2028', '<U+2028>', 8],
  ['a tag', '\u{e0041}', '<U+E0041>', 9],
  ['private use', '\ue0b0', '<U+E0B0>', 8],
  ['a mark alone', '\u0301', '<U+0301>', 8],
  ['a joiner behind a letter', 'a\u200d', 'a<U+200D>', 9],
  ['tags behind an emoji', '🙂\u{e0041}', '🙂<U+E0041>', 11, 'unsure'],
  ['a variation selector behind a letter', 'a\ufe0f', 'a<U+FE0F>', 9],
  ['marks without end', `a${'\u0301'.repeat(8)}`, `a${'<U+0301>'.repeat(8)}`, 65],
];

for (const [name, cluster, shown, width, unsure] of table) {
  test(`${name}: ${shown}`, () => {
    const glyphs = glyphsOf(cluster);
    assert.equal(glyphs.map(({ text }) => text).join(''), shown);
    assert.equal(
      glyphs.reduce((sum, one) => sum + one.width, 0),
      width,
    );
    assert.equal(
      glyphs.some((one) => one.unsure),
      unsure !== undefined,
    );
  });
}

test('nothing that steers or hides is ever drawn', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      assert.doesNotMatch(
        visible(text).text,
        /[\p{Cc}\p{Co}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b\ufeff]/u,
      );
      assert.equal(visible(text).width >= 0, true);
    }),
    { numRuns: 2000 },
  );
});

test("a prompt's colours take no columns, and other sequences in it are shown", () => {
  const cells = promptCells('\x1b[1;32ma\x1b[0mb\x1b[2Jc');
  assert.deepEqual(
    cells.map(({ text, style }) => [text, style]),
    [
      ['a', '\x1b[1;32m'],
      ['b', ''],
      ['^', '\x1b[7m'],
      ['[', '\x1b[7m'],
      ['[', ''],
      ['2', ''],
      ['J', ''],
      ['c', ''],
    ],
  );
});
