import { ansiEscape } from './ansi-c.ts';
import { incomplete, refuse } from './stop.ts';

export type Word = {
  readonly text: string;
  /** Written with quotes or backslashes: no reserved word, no assignment, no number of a descriptor. */
  readonly isQuoted: boolean;
  /** `NAME=` and `NAME` where the word begins with an unquoted assignment. */
  readonly assigned: readonly [prefix: string, name: string] | null;
  readonly at: number;
  readonly end: number;
};

const quoteIt = 'Put it in single quotes if the characters themselves are meant.';
const writeTheValue = 'Write the value itself, or put it in single quotes if the characters are meant.';

/**
 * The word that begins at `at`, quotes resolved (POSIX shell, 2.2; Bash manual, 3.1.2). Whatever the shell would
 * expand stops the reader.
 */
export function readWord(line: string, at: number): Word {
  let text = '';
  let bare = '';
  let isQuoted = false;
  let position = at;
  while (position < line.length && !/[\s;&|<>()]/.test(line.charAt(position))) {
    const piece = readPiece(line, position, position === at);
    text += piece.text;
    // Quoted characters count as one of no meaning where patterns and braces are looked for.
    bare += piece.isQuoted ? '\0' : piece.text;
    isQuoted ||= piece.isQuoted;
    position += piece.length;
  }
  refusePatterns(bare, at);
  const [prefix, name] = /^([A-Za-z_]\w*)=/.exec(bare) ?? [];
  const assigned = prefix === undefined || name === undefined ? null : ([prefix, name] as const);
  return { text, isQuoted, assigned, at, end: position };
}

type Piece = { readonly text: string; readonly length: number; readonly isQuoted: boolean };

function readPiece(line: string, at: number, isFirst: boolean): Piece {
  const character = line.charAt(at);
  const next = line.charAt(at + 1);
  if (character === "'") return singleQuoted(line, at);
  if (character === '"') return doubleQuoted(line, at);
  if (character === '$' && next === "'") return ansiQuoted(line, at);
  if (character === '$') refuseExpansion(line, at, /[\s;&|<>()]/);
  if (character === '`') refuseSubstitution(at);
  if (character === '\\') {
    if (next === '') incomplete('the next line, after the `\\`');
    if (next === '\n') return { text: '', length: 2, isQuoted: false };
    const escaped = String.fromCodePoint(line.codePointAt(at + 1) ?? 0);
    return { text: escaped, length: 1 + escaped.length, isQuoted: true };
  }
  if (character === '~' && (isFirst || /[=:]/.test(line.charAt(at - 1)))) {
    refuse(at, '`~` is expanded by the shell.', 'Write the directory, such as /home/ann.');
  }
  return { text: character, length: 1, isQuoted: false };
}

function singleQuoted(line: string, at: number): Piece {
  const end = line.indexOf("'", at + 1);
  if (end < 0) incomplete("a closing `'`");
  return { text: line.slice(at + 1, end), length: end + 1 - at, isQuoted: true };
}

function doubleQuoted(line: string, at: number): Piece {
  let text = '';
  let position = at + 1;
  while (position < line.length) {
    const character = line.charAt(position);
    const next = line.charAt(position + 1);
    if (character === '"') return { text, length: position + 1 - at, isQuoted: true };
    if (character === '`') refuseSubstitution(position);
    if (character === '$') refuseExpansion(line, position, /[\s"]/);
    const isEscape = character === '\\' && /[$`"\\\n]/.test(next);
    if (isEscape) text += next === '\n' ? '' : next;
    else text += character;
    position += isEscape ? 2 : 1;
  }
  return incomplete('a closing `"`');
}

function ansiQuoted(line: string, at: number): Piece {
  let text = '';
  let position = at + 2;
  while (position < line.length) {
    const character = line.charAt(position);
    if (character === "'") return { text, length: position + 1 - at, isQuoted: true };
    if (character === '\\' && position + 1 < line.length) {
      const escaped = ansiEscape(line.slice(position + 1, position + 10), position);
      text += escaped.value;
      position += 1 + escaped.length;
    } else {
      text += character;
      position += 1;
    }
  }
  return incomplete("a closing `'`");
}

/** A `$` that nothing follows is itself; any other is the beginning of an expansion. */
function refuseExpansion(line: string, at: number, ends: RegExp): void {
  const rest = line.slice(at + 1, at + 64);
  if (rest === '' || ends.test(rest.charAt(0))) return;
  if (rest.startsWith('((')) refuse(at, '`$((…))` is computed by the shell.', 'Write the number itself.');
  if (rest.startsWith('(')) refuseSubstitution(at);
  if (rest.startsWith('"')) refuse(at, '`$"…"` is translated by the shell.', 'Write "…" without the `$`.');
  const name = /^(?:\w+|\{[^}\s]*\}?|.)/u.exec(rest)?.[0] ?? '';
  refuse(at, `\`$${name}\` is expanded by the shell.`, writeTheValue);
}

function refuseSubstitution(at: number): never {
  refuse(
    at,
    'A command inside a word is run by the shell to make the word.',
    'Run it first, and write what it printed.',
  );
}

function refusePatterns(bare: string, at: number): void {
  const pattern = /[*?]/.exec(bare) ?? (bare === '[' ? null : /\[/.exec(bare));
  if (pattern !== null) {
    refuse(
      at,
      `\`${pattern[0]}\` is a pattern that the shell replaces by names of files.`,
      `Write the names, or: ${lower(quoteIt)}`,
    );
  }
  if (bare.includes('{') && /,|\.\./.test(bare)) {
    refuse(at, '`{…}` is expanded by the shell.', `Write each word, or: ${lower(quoteIt)}`);
  }
  if (/^[A-Za-z_]\w*\+=/.test(bare)) {
    refuse(
      at,
      '`+=` adds to a variable of the shell.',
      'Put it in single quotes if the characters themselves are meant.',
    );
  }
  if (/^!./s.test(bare) && bare !== '!=') {
    refuse(
      at,
      `\`${bare.replaceAll('\0', '…')}\` would be taken from the shell's history.`,
      'Fetch the earlier line with the arrow keys.',
    );
  }
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
