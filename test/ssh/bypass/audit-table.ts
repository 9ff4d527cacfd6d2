/** What became of an attempt in audit mode. */
export type Outcome = { family: string; attempt: string | readonly string[]; isThrough: boolean };

const LONGEST = 100;

/** docs/AUDIT-MODE.md: what audit mode stops and what it lets through, by attempts that were made. */
export function auditDocument(outcomes: readonly Outcome[]): string {
  const through = outcomes.filter(({ isThrough }) => isThrough).length;
  const families = [...new Set(outcomes.map(({ family }) => family))];
  return [
    '# What audit mode lets through',
    '',
    'A host whose `shell` is `audit` takes a line of Bash as it was written. What the line tells of itself is decided:',
    'programs wherever they stand, within substitutions, loops and functions too, and files of redirections. What only the',
    'shell will know (variables, patterns, what an alias or a function means by then) is recorded in `letThrough` and let',
    'through. A line that the grammar does not read whole, or that is nested more deeply than is followed, does not run.',
    'So audit mode guards against accidents and records what was entered; it holds nobody who means harm. `strict`, which is',
    'the default, lets none of these through.',
    '',
    'What was entered is in the record before it runs, and what was shown is in the recording. A line that reads lines',
    'itself (`while read -r x; do …`) takes in what no record has; and as lines see all variables of the shell, one can make',
    'up its own end: then its record has a shorter time, fewer bytes and fewer findings than it had, and the folder that the',
    'next paths are told from may be another. A raw terminal needs a rule of its own here as well.',
    '',
    `These ${outcomes.length} lines each make a file that the policy forbids: it lets people run some thirty programs, and nothing`,
    `else. Audit mode let ${through} of them through. The table is compared with what happens by \`npm run ssh\`.`,
    '`{C}` is the file, `{D}` a folder with a program `pwn` that makes it; ⏎ stands between lines.',
    '',
    ...families.flatMap((family) => tableOf(family, outcomes)),
  ].join('\n');
}

function tableOf(family: string, outcomes: readonly Outcome[]): string[] {
  const rows = outcomes
    .filter((one) => one.family === family)
    .map(({ attempt, isThrough }) => `| ${code(attempt)} | ${isThrough ? '**through**' : 'stopped'} |`);
  return [
    `## ${family.charAt(0).toUpperCase()}${family.slice(1)}`,
    '',
    '| line | audit mode |',
    '|---|---|',
    ...rows,
    '',
  ];
}

function code(attempt: string | readonly string[]): string {
  const text = (typeof attempt === 'string' ? [attempt] : attempt)
    .join(' ⏎ ')
    .replaceAll('\n', ' ⏎ ')
    .replace(
      /\p{Cf}|\u00a0/gu,
      (character) => `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}>`,
    )
    .replaceAll('|', '\\|');
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  return `\`\` ${short} \`\``;
}
