import { snapped } from './graphemes.ts';

const wordCharacter = /[\p{L}\p{N}\p{M}]/u;

/** What readline's `forward-word` takes for a word: letters and digits. */
export function isWord(character: string): boolean {
  return wordCharacter.test(character);
}

/** What `unix-word-rubout` takes for a word: all but blanks. */
export function isNoBlank(character: string): boolean {
  return !/\s/.test(character);
}

type InWord = (character: string) => boolean;

/** The end of the word at or behind `at`. */
export function wordEnd(text: string, at: number, inWord: InWord = isWord): number {
  let end = at;
  while (end < text.length && !inWord(characterAt(text, end))) end += 1;
  while (end < text.length && inWord(characterAt(text, end))) end += 1;
  return snapped(text, end);
}

/** The beginning of the word before `at`. */
export function wordStart(text: string, at: number, inWord: InWord = isWord): number {
  let start = at;
  while (start > 0 && !inWord(characterAt(text, start - 1))) start -= 1;
  while (start > 0 && inWord(characterAt(text, start - 1))) start -= 1;
  return snapped(text, start);
}

/** The whole character of which a unit at `at` is part. */
function characterAt(text: string, at: number): string {
  const unit = text.charAt(at);
  if (unit >= '\udc00' && unit <= '\udfff') return text.charAt(at - 1) + unit;
  return unit >= '\ud800' && unit <= '\udbff' ? unit + text.charAt(at + 1) : unit;
}

/** Where the line of a text of several lines begins that `at` is in. */
export function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
}

/** Where it ends: at its newline, or at the end of the text. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

/** The last word of a command line, quotes kept; null when there is none. */
export function lastArgument(line: string): string | null {
  const words = line.match(/(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+/gs);
  return words?.at(-1) ?? null;
}
