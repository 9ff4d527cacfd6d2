/** True for texts that a pattern covers. `*` stands for any run of characters, `?` for one; case counts. */
export type Matches = (text: string) => boolean;

export function glob(pattern: string): Matches {
  if (pattern === '*') return () => true;
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  const expression = new RegExp(`^${source}$`, 's');
  const isTried = source.split('.*').length - 1 <= MAX_TRIED_STARS;
  return (text) =>
    isTried && text.length <= MAX_TRIED_LENGTH ? expression.test(text) : covers(pattern, text);
}

/** A regular expression tries, to fail, as many ways as the text's length to the power of the number of its `*`. */
const MAX_TRIED_LENGTH = 256;
const MAX_TRIED_STARS = 2;

/** What came before the last `*` need not be tried anew: that can stand for more instead. */
function covers(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let from = 0;
  for (let index = 0; index < text.length; ) {
    const wanted = pattern[at];
    if (wanted === '*') {
      star = at;
      from = index;
      at += 1;
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
  return /^\**$/.test(pattern.slice(at));
}

/** True when any of the patterns covers the text; without patterns, always. */
export function anyGlob(patterns: readonly string[] | undefined): Matches {
  if (patterns === undefined) return () => true;
  const all = patterns.map(glob);
  return (text) => all.some((matches) => matches(text));
}
