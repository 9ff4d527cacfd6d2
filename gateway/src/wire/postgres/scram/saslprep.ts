import {
  type CodePointTable,
  L_CAT,
  MAPPED_TO_NOTHING,
  NON_ASCII_SPACE,
  PROHIBITED,
  RAND_AL_CAT,
  UNASSIGNED,
} from './stringprep-tables.ts';

/**
 * SASLprep (RFC 4013) as PostgreSQL applies it: pure ASCII stays as it is, and a password that SASLprep refuses
 * (prohibited, unassigned or mixed-direction characters, or nothing left) is used unchanged.
 */
export function saslprep(password: string): string {
  if (isAscii(password)) return password;
  const mapped = [...password].map(mapCharacter).join('');
  if (mapped === '') return password;
  const prepared = mapped.normalize('NFKC');
  return isPermitted(prepared) ? prepared : password;
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}

function mapCharacter(character: string): string {
  if (contains(NON_ASCII_SPACE, character)) return ' ';
  return contains(MAPPED_TO_NOTHING, character) ? '' : character;
}

function isPermitted(text: string): boolean {
  const characters = [...text];
  if (characters.some((one) => contains(PROHIBITED, one) || contains(UNASSIGNED, one))) return false;
  return isOneDirection(characters);
}

/** RFC 3454 section 6. */
function isOneDirection(characters: readonly string[]): boolean {
  const rightToLeft = (one: string | undefined) => one !== undefined && contains(RAND_AL_CAT, one);
  if (!characters.some(rightToLeft)) return true;
  if (characters.some((one) => contains(L_CAT, one))) return false;
  return rightToLeft(characters[0]) && rightToLeft(characters.at(-1));
}

function contains(table: CodePointTable, character: string): boolean {
  const codePoint = character.codePointAt(0) ?? 0;
  return table.some(({ first, last }) => codePoint >= first && codePoint <= last);
}
