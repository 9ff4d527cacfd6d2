/** Long enough for every sequence that says something; of a longer string only its begin counts. */
const KEPT = 64;

/**
 * What has been begun and not yet ended of a control sequence (ECMA-48, section 5.4) when `text` follows `unfinished`;
 * empty between sequences. A screen is only known whole there.
 */
export function unfinishedAfter(unfinished: string, text: string): string {
  const all = unfinished + text;
  const begin = all.lastIndexOf('\u001b');
  if (begin < 0) return '';
  const sequence = all.slice(begin);
  return isWhole(sequence) ? '' : sequence.slice(0, KEPT);
}

function isWhole(sequence: string): boolean {
  const kind = sequence[1];
  if (kind === undefined) return false;
  if (kind === '[') return WHOLE_CSI.test(sequence);
  // String terminators are sequences of their own; operating system commands also end with BEL.
  if (STRINGS.includes(kind)) return sequence.includes('\u0007');
  return WHOLE_ESCAPE.test(sequence);
}

const STRINGS = [']', 'P', 'X', '^', '_'];
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are looked for
const WHOLE_CSI = /^\u001b\[[ -?]*[@-~]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are looked for
const WHOLE_ESCAPE = /^\u001b[ -/]*[0-~]/;
