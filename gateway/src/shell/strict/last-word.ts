import { Stop } from './stop.ts';
import { Tokens } from './tokens.ts';
import type { Word } from './words.ts';

/** The word that a cursor is in. */
export type LastWord = {
  /** Where it begins, in UTF-16 units. */
  readonly at: number;
  /** Quotes resolved; a quote that is still open counts as closed. Empty behind a blank. */
  readonly text: string;
  /** Whether it would be the name of a program. */
  readonly isProgram: boolean;
};

/** The word that `line` ends in; null where it can't be told without a shell. Never throws. */
export function lastWord(line: string): LastWord | null {
  return found(line) ?? found(`${line}'`) ?? found(`${line}"`);
}

function found(line: string): LastWord | null {
  try {
    const tokens = new Tokens(line);
    let last: Word | null = null;
    let isProgram = true;
    let isNextProgram = true;
    for (let token = tokens.next(); token.kind !== 'end'; token = tokens.next()) {
      last = token.kind === 'word' ? token.word : null;
      isProgram = isNextProgram;
      isNextProgram = token.kind === 'newline' || (token.kind === 'operator' && !/[<>]/.test(token.text));
    }
    if (last === null || last.end < line.length)
      return { at: line.length, text: '', isProgram: isNextProgram };
    return { at: last.at, text: last.text, isProgram };
  } catch (error) {
    if (error instanceof Stop) return null;
    throw error;
  }
}
