import type { Catalogue } from '../catalogue/catalogue.ts';
import { tokensOf } from '../parse/parser.ts';

/** Whatever their encoding, so many characters have no more bytes than a name may have (NAMEDATALEN; four in EUC_TW). */
const NEVER_CUT = 15;

/**
 * Why a name in a text that parses may mean something else to the server than to us; null when none does. We fold and cut names as a
 * database in UTF-8 does: another cuts them at as many bytes of its own, and folds letters that are not ASCII.
 */
export function misreadName({ encoding }: Catalogue, text: string): string | null {
  if (encoding === 'UTF8' || !MAY_BE_MISREAD.test(text)) return null;
  const misread = tokensOf(text).find((token) => isMisread(token.text));
  if (misread === undefined) return null;
  return `the database is in ${encoding}, and the name ${misread.text} may mean another there: a name that isn't ASCII is understood in double quotes and of at most ${NEVER_CUT} characters`;
}

const MAY_BE_MISREAD = /[^\0-\x7f]|u&"/i;
const STRING = /^(?:[ebxn]|u&)?'|^\$|^--|^\/\*/i;
const QUOTED = /^(u&)?"(.*)"$/is;

function isMisread(token: string): boolean {
  if (STRING.test(token) || !MAY_BE_MISREAD.test(token)) return false;
  const [, , name] = QUOTED.exec(token) ?? [];
  return name === undefined || [...name].length > NEVER_CUT;
}
