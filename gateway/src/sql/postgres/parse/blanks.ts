/** The scanner's own blanks (`space` of scan.l). What else a language calls one, as U+00A0, is a letter of names there. */
const BLANKS = ' \t\n\r\f\v';

/** How many of the scanner's blanks a text begins with. */
export function blanksBefore(text: string): number {
  let at = 0;
  while (at < text.length && BLANKS.includes(text.charAt(at))) at += 1;
  return at;
}

/** A text without the scanner's blanks at its end, and with all else: what is sent must be what was parsed. */
export function withoutBlanksAfter(text: string): string {
  let end = text.length;
  while (end > 0 && BLANKS.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
