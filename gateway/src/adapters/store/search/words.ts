const PIECE = /"([^"]*)"?|(\S+)/g;
/** What the tokenizer makes words of; anything else parts them. */
const WORD = /[\p{L}\p{N}\p{Co}_]/u;

/**
 * A search's text as FTS5 reads it: every word, in any order; `"two words"` together, `cust*` as a beginning. Null when
 * there is no word in it.
 */
export function textExpression(text: string): string | null {
  // SQLite reads a text up to its first NUL.
  const pieces = text.replaceAll('\0', ' ').matchAll(PIECE);
  const parts = new Set([...pieces].flatMap(([, phrase, word]) => part(phrase ?? word ?? '', word)));
  return parts.size === 0 ? null : [...parts].join(' ');
}

function part(text: string, word: string | undefined): string[] {
  if (!WORD.test(text)) return [];
  const isBeginning = word?.endsWith('*') === true;
  return [`text : "${text.replaceAll('"', '""')}"${isBeginning ? '*' : ''}`];
}
