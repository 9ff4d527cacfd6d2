import fc from 'fast-check';

/** Characters that some shell gives a meaning to, and some that none does. */
const anyCharacter = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...'\'"\\$`!*?[]{}()<>|&;#~=%^@:,.+- \t\n/') },
  { weight: 3, arbitrary: fc.constantFrom(...'abEN1') },
  { weight: 1, arbitrary: fc.constantFrom('\x01', '\x07', '\b', '\r', '\x1b', '\x7f', '\u0085', '\u00a0') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('é', '語', '😀', '\u202e', '\ufeff', 'ÿ', 'ß', '\\n', "$'x'", '!!', '$(a)'),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 2 }) },
);

/** Any word that a program can be given: no NUL, no lone surrogate. */
export const anyWord = fc
  .array(anyCharacter, { maxLength: 12 })
  .map((parts) => parts.join('').replaceAll('\0', ''))
  .filter((word) => word.isWellFormed());

/** Programs of the lines below; each is a stub in the tests that run them. */
export const stubs: readonly string[] = ['a', 'b', 'ab', 'if', 'x=y', "it's", '-', '{', 'then'];

const literal = fc.constantFrom(
  'a',
  'b',
  '-f',
  '--',
  '-',
  '1',
  '22',
  'x=y',
  'if',
  'fi',
  ']',
  '}',
  '{}',
  '=',
  'a#b',
  '%1',
);
const quoted = fc.oneof(
  literal.map((word) => `'${word} $x'`),
  literal.map((word) => `"${word} \\$x 'q' \\\\"`),
  literal.map((word) => `$'${word}\\t\\x41\\''`),
  fc.constantFrom("''", '""', '\\ ', "\\'", '\\*', '\\\n', "$'\\n'", '"\\\n"', '\\#'),
);
const word = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .array(fc.oneof(literal, quoted), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.constantFrom('[', '!', '!=', '{', '$') },
);
const program = fc.constantFrom('a', 'b', 'ab', "'if'", "'x=y'", "it\\'s", "'{'", '"then"', "'a'b");
const blank = fc.constantFrom(' ', ' ', '  ', '\t', ' \\\n');
const redirect = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('>', '>>', '2>', '<', '<>', '>|', '&>', '>&', '&>>', '1>'),
      fc.constantFrom('f', ' f', "'f'"),
    )
    .map(([operator, file]) => operator + file),
  fc.constantFrom('2>&1', '>&2', '2>&-', '<&0', "<<<'h i'", '<<<"$"'),
);
const simple = fc
  .tuple(
    fc.constantFrom('', '', '', 'LC_ALL=C ', "A='b c' "),
    program,
    fc.array(fc.tuple(blank, fc.oneof({ weight: 3, arbitrary: word }, { weight: 1, arbitrary: redirect })), {
      maxLength: 4,
    }),
  )
  .map(([environment, name, rest]) => environment + name + rest.map((pair) => pair.join('')).join(''));
const heredoc = fc
  .tuple(
    simple,
    fc.constantFrom('<<E', "<<'E'", '<<-E', '<<"E"'),
    fc.constantFrom('', ' &', ' |b', ';a'),
    fc.constantFrom('', '\t1\n', "'\\\\ x\n", '#\n\n'),
  )
  .map(([command, operator, rest, text]) => `${command} ${operator}${rest}\n${text}E\n`);

const separator = fc.constantFrom(';', ' ; ', ' & ', ' && ', ' || ', '\n', ' &&\n', ' # c\n');
const { list } = fc.letrec<{ list: string; compound: string; pipeline: string }>((tie) => ({
  list: fc
    .array(
      fc.oneof(
        { weight: 4, arbitrary: fc.tuple(tie('pipeline'), separator) },
        { weight: 1, arbitrary: fc.tuple(heredoc) },
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map(
      (pairs) =>
        `${pairs
          .flat()
          .join('')
          .replace(/(&&|\|\|)\s*$/, '')}`,
    ),
  pipeline: fc
    .tuple(
      fc.constantFrom('', '', '! '),
      fc.array(
        fc.oneof(
          { maxDepth: 2 },
          { weight: 3, arbitrary: simple },
          { weight: 1, arbitrary: tie('compound') },
        ),
        { minLength: 1, maxLength: 2 },
      ),
      fc.constantFrom('|', ' | ', ' |& ', ' |\n '),
    )
    .map(([not, commands, pipe]) => not + commands.join(pipe)),
  compound: fc.oneof(
    tie('list').map((inner) => `( ${inner}\n)`),
    tie('list').map((inner) => `{ ${inner}\n} 2>f`),
    fc
      .tuple(tie('list'), simple, simple)
      .map(([one, two, three]) => `if ${one}\nthen ${two}\nelse ${three}\nfi`),
  ),
}));

/** Lines that a person might type, most of them whole. */
export const plausibleLine = list;

/** Such lines with a few characters changed, and soups of tokens. No `/`, so that nothing outside is touched. */
export const spoiltLine = fc.oneof(
  fc
    .tuple(
      list,
      fc.array(
        fc.tuple(fc.nat(), fc.nat({ max: 2 }), fc.constantFrom(...'\'"\\$`!*?[]{}()<>|&;#~= \t\n12ab')),
        { minLength: 1, maxLength: 3 },
      ),
    )
    .map(([line, edits]) =>
      edits.reduce((text, [at, cut, put]) => spliced(text, at % (text.length + 1), cut, put), line),
    ),
  fc
    .array(
      fc.constantFrom(
        'a',
        'b',
        ' ',
        ' ',
        '\n',
        "'",
        '"',
        '\\',
        '$',
        '$x',
        '`',
        '>',
        '<',
        '<<',
        '|',
        '&',
        ';',
        '(',
        ')',
        '{',
        '}',
        'if ',
        ' then ',
        ' fi',
        '!',
        '=',
        '#',
        '2',
        '-',
        'E',
        '*',
        '~',
        "$'",
        '[',
        ',',
        'time ',
      ),
      { maxLength: 14 },
    )
    .map((parts) => parts.join('')),
);

function spliced(text: string, at: number, cut: number, put: string): string {
  return text.slice(0, at) + put + text.slice(at + cut);
}
