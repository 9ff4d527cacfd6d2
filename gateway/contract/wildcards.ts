/**
 * Whether a pattern covers a text: `*` is any run of characters, `?` one; case counts. What came before the last `*` is
 * never tried anew, for that can stand for more instead: time grows with the product of both lengths, never beyond.
 */
export function coversText(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let from = 0;
  for (let index = 0; index < text.length; ) {
    const wanted = pattern[at];
    if (wanted === '*') {
      star = at;
      at += 1;
      from = index;
    } else if (wanted === '?' || wanted === text[index]) {
      at += 1;
      index += 1;
    } else if (star === -1) {
      return false;
    } else {
      at = star + 1;
      from += 1;
      index = from;
    }
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
