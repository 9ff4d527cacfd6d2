/** Controls of a terminal, and of the direction that text is read in: with them, words look like others. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are looked for
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text of somebody else's, with a sign for each character that would change how the rest is read; tabs and line breaks stay. */
export function printable(text: string): string {
  return text.replaceAll(UNSEEN, '\ufffd');
}
