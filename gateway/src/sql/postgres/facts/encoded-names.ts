import { tokensOf } from '../parse/parser.ts';

/** Whatever their encoding, so many characters have no more bytes than a name may have (NAMEDATALEN, MULE_INTERNAL). */
const NEVER_CUT = 15;
const STRING = /^(?:[ebxn]|u&)?'|^\$/i;
const QUOTED = /^(?:u&)?"/i;
const ESCAPED = /^u&"/i;

/**
 * Names of a statement that a server of this encoding may take for others than the parser does, which counts bytes of
 * UTF-8: it cuts names at 63 bytes of its own, and where characters are single bytes folds those beyond ASCII, too.
 */
export function namesReadOtherwise(text: string, encoding: string): string[] {
  if (encoding === 'UTF8') return [];
  return tokensOf(text)
    .map((token) => token.text)
    .filter((name) => !STRING.test(name) && (ESCAPED.test(name) || hasMoreThanAscii(name)))
    .filter((name) => !QUOTED.test(name) || charactersOf(name) > NEVER_CUT);
}

function hasMoreThanAscii(text: string): boolean {
  return [...text].some((character) => (character.codePointAt(0) ?? 0) > 0x7f);
}

function charactersOf(name: string): number {
  return [...name.replace(QUOTED, '').replace(/"$/, '')].length;
}
