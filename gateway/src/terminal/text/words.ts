import { snapped } from './graphemes.ts';

/**
 * How words are told from what stands between them: patterns that look ahead from an offset, and behind it. What is
 * longer than 1024 is passed in several steps, so that no key costs much.
 */
type Words = { readonly ahead: RegExp; readonly behind: RegExp };

/** What readline's `forward-word` takes for a word: letters and digits. */
export const WORDS: Words = {
  ahead: /[^\p{L}\p{N}\p{M}]{0,1024}[\p{L}\p{N}\p{M}]{0,1024}/uy,
  behind: /(?<=([\p{L}\p{N}\p{M}]{0,1024}[^\p{L}\p{N}\p{M}]{0,1024}))/uy,
};

/** What `unix-word-rubout` takes for a word: all but blanks. */
export const NO_BLANKS: Words = { ahead: /\s{0,1024}\S{0,1024}/uy, behind: /(?<=(\S{0,1024}\s{0,1024}))/uy };

/** The end of the word at or behind `at`. */
export function wordEnd(text: string, at: number, { ahead }: Words = WORDS): number {
  ahead.lastIndex = at;
  return snapped(text, at + (ahead.exec(text)?.[0].length ?? 0));
}

/** The beginning of the word before `at`. */
export function wordStart(text: string, at: number, { behind }: Words = WORDS): number {
  behind.lastIndex = at;
  return snapped(text, at - (behind.exec(text)?.[1]?.length ?? 0));
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
