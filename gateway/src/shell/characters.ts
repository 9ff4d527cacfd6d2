/** Longest line that is looked at, in UTF-16 units. */
export const MAX_LINE_LENGTH = 65_536;

/**
 * What a person cannot see as it is: controls, formats (bidi marks, zero width), blanks that are not the space,
 * ignorable, private, unassigned; lone surrogates, and what stands for bytes that were not UTF-8.
 */
const unseen = /(?![ \t\n])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\uFFFD]/u;

/** A character of the line that must not go on to a shell. */
export type UnfitCharacter = { readonly at: number; readonly message: string; readonly advice: string };

/** The first thing about the characters of `line` that keeps it from being read at all; null when there is none. */
export function unfitCharacter(line: string): UnfitCharacter | null {
  if (line.length > MAX_LINE_LENGTH) {
    return {
      at: MAX_LINE_LENGTH,
      message: `The line is longer than ${MAX_LINE_LENGTH} characters.`,
      advice: 'Put the text in a file on the host, or run several commands.',
    };
  }
  const found = unseen.exec(line);
  if (found === null) return null;
  return {
    at: found.index,
    message: `${nameOf(found[0])} cannot be seen, so the line would not be what it looks like.`,
    advice: adviceFor(found[0]),
  };
}

function nameOf(character: string): string {
  const names: Readonly<Record<string, string>> = {
    '\0': 'A NUL byte',
    '\r': 'A carriage return',
    '\u00a0': 'A no-break space',
    '\ufffd': 'A byte that is not UTF-8',
  };
  return names[character] ?? `The character ${codePointOf(character)}`;
}

function codePointOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function adviceFor(character: string): string {
  if (character === '\0') return 'No argument can hold it: leave it out.';
  if (character === '\ufffd') return 'Type the line in UTF-8.';
  if (/[\r\p{Z}]/u.test(character)) return 'Type a space or a new line instead.';
  const digits = (character.codePointAt(0) ?? 0).toString(16);
  return digits.length > 4
    ? `If it is meant, write it as $'\\U${digits}'.`
    : `If it is meant, write it as $'\\u${digits}'.`;
}
