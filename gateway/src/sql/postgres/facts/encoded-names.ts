import type { Catalogue } from '../catalogue/catalogue.ts';
import { tokensOf } from '../parse/parser.ts';

/** The server cuts longer names (NAMEDATALEN). */
const MAX_NAME_BYTES = 63;

/**
 * Why a name in a text that parses may mean something else to the server than to us; null when none does. We fold and cut names as a
 * database in UTF-8 does: another cuts them at as many bytes of its own, and folds letters that are not ASCII.
 */
export function misreadName({ encoding }: Catalogue, text: string): string | null {
  if (encoding === 'UTF8' || !MAY_BE_MISREAD.test(text)) return null;
  const misread = tokensOf(text).find((token) => isMisread(token.text));
  if (misread === undefined) return null;
  return `the database is in ${encoding}, and the name ${misread.text} may mean another there: a name that isn't ASCII is understood when it is quoted and has at most ${MAX_NAME_BYTES} bytes in UTF-8`;
}

const MAY_BE_MISREAD = /[^\0-\x7f]|u&"/i;

function isMisread(token: string): boolean {
  if (token.startsWith('"')) return Buffer.byteLength(token.slice(1, -1)) > MAX_NAME_BYTES;
  return /^u&"/i.test(token) || /^[\p{L}_][^'"]*[^\0-\x7f]/u.test(token) || /^[^\0-\x7f]/.test(token);
}
