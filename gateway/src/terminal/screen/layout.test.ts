import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Content, layOut } from './layout.ts';
import { TerminalModel } from './terminal-model.fixture.ts';

const empty: Content = { prompt: '$ ', continuation: '> ', text: '', cursor: 0 };

/** Rows as text, `|` at the end of those that the terminal goes on from by itself; and the cursor. */
function laidOut(text: string, columns: number, cursor = text.length, prompt = '$ ') {
  const { rows, cursor: place } = layOut({ ...empty, prompt, text, cursor }, columns);
  const shown = rows.map(({ cells, wraps }) => cells.map((one) => one.text).join('') + (wraps ? '|' : ''));
  return { shown, at: [place.row, place.column] };
}

const table: readonly [
  name: string,
  text: string,
  cursor: number,
  rows: readonly string[],
  at: [number, number],
][] = [
  ['nothing typed', '', 0, ['$ '], [0, 2]],
  ['the cursor within', 'abc', 1, ['$ abc'], [0, 3]],
  ['a row that is full', 'abcdef', 6, ['$ abcdef|', ''], [1, 0]],
  ['the cursor on the last column', 'abcdef', 5, ['$ abcdef|', ''], [0, 7]],
  ['two rows', 'abcdefg', 7, ['$ abcdef|', 'g'], [1, 1]],
  ['the cursor at the first of the second row', 'abcdefg', 6, ['$ abcdef|', 'g'], [1, 0]],
  ['a wide character that does not fit', 'abcde漢', 5, ['$ abcde|', '漢'], [1, 0]],
  ['two lines', 'ab\ncd', 5, ['$ ab', '> cd'], [1, 4]],
  ['the cursor before the newline', 'ab\ncd', 2, ['$ ab', '> cd'], [0, 4]],
  ['a newline behind a row that is full', 'abcdef\ng', 6, ['$ abcdef|', '', '> g'], [1, 0]],
  ['a tab', 'a\tb', 3, ['$ a     |', 'b'], [1, 1]],
  ['what is shown by name', 'a\u202eb', 4, ['$ a<U+20|', '2E>b'], [1, 4]],
  ['an emoji that might not fit', 'abcde🙂', 5, ['$ abcde', '🙂'], [1, 0]],
  [
    'a sequence wider than the terminal',
    '👨‍👩‍👧‍👦',
    0,
    ['$ <U+1F4|', '68><U+20|', '0D><U+1F|', '469><U+2|', '00D><U+1|', 'F467><U+|', '200D><U+|', '1F466>'],
    [0, 2],
  ],
];

for (const [name, text, cursor, rows, at] of table) {
  test(`in 8 columns: ${name}`, () => {
    assert.deepEqual(laidOut(text, 8, cursor), { shown: rows, at });
  });
}

test('a prompt that fills its row leaves the line the next one', () => {
  assert.deepEqual(laidOut('', 4, 0, '\x1b[1mabcd\x1b[m'), { shown: ['abcd|', ''], at: [1, 0] });
});

const character = fc.constantFrom('a', 'b', ' ', 'é', 'e\u0301', '漢', 'ｗ', '한', '\n');

test('rows are broken where a terminal breaks them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(character, { maxLength: 60 }),
      fc.integer({ min: 2, max: 20 }),
      async (characters, columns) => {
        const text = characters.join('');
        const { rows } = layOut({ ...empty, text, cursor: text.length }, columns);
        const terminal = new TerminalModel({ columns, rows: 200 }, 'summed', 'none');
        await terminal.write(`$ ${text.replaceAll('\n', '\r\n> ')}`);
        const shown = rows.map(({ cells }) =>
          cells
            .map((one) => one.text)
            .join('')
            .trimEnd(),
        );
        // A row that is begun because the one above is full is not there for the terminal yet.
        const unbroken = shown.filter(
          (row, index) => row !== '' || !rows[index - 1]?.wraps || rows[index]?.width,
        );
        assert.deepEqual(unbroken, rowsOf(terminal, unbroken.length));
        terminal[Symbol.dispose]();
      },
    ),
    { numRuns: 300 },
  );
});

/** Rows of a terminal, wide characters once. */
function rowsOf(terminal: TerminalModel, count: number): string[] {
  return Array.from({ length: count }, (_, row) =>
    terminal
      .row(row)
      .map(({ text }, column, all) => text || (isWide(all[column - 1]?.text) ? '' : ' '))
      .join('')
      .trimEnd(),
  );
}

function isWide(text: string | undefined): boolean {
  return text !== undefined && /^[漢ｗ한]$/.test(text);
}
