import { refuse } from './stop.ts';

const single: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '?': '?',
};

const numeric = /^(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3}))/;

/**
 * One escape of `$'…'` (Bash manual, 3.1.2.4), `text` beginning behind its backslash at offset `at`.
 * Bytes above 127 and NUL are refused: they are no characters.
 */
export function ansiEscape(text: string, at: number): { readonly value: string; readonly length: number } {
  const first = text.charAt(0);
  const known = single[first];
  if (known !== undefined) return { value: known, length: 1 };
  const match = numeric.exec(text);
  if (match === null) {
    if (/[cxuU]/.test(first))
      refuse(at, `\`\\${first}\` is not an escape that is understood here.`, 'Write it as \\xHH.');
    return { value: `\\${first}`, length: 1 };
  }
  const [whole, byte, short, long, octal] = match;
  const code =
    octal === undefined ? Number.parseInt(byte ?? short ?? long ?? '', 16) : Number.parseInt(octal, 8);
  const isByte = byte !== undefined || octal !== undefined;
  if (code === 0) refuse(at, `\`\\${whole}\` is NUL, which ends a word.`, 'Leave it out.');
  if (isByte && code > 0x7f)
    refuse(at, `\`\\${whole}\` is a byte and no character.`, 'Write the character as \\uHHHH.');
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    refuse(at, `\`\\${whole}\` is no character of Unicode.`, 'Write the character itself.');
  }
  return { value: String.fromCodePoint(code), length: whole.length };
}
