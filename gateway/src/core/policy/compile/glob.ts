import { coversText } from '../../../../contract/wildcards.ts';

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
    isTried && text.length <= MAX_TRIED_LENGTH ? expression.test(text) : coversText(pattern, text);
}

/** A regular expression tries, to fail, as many ways as the text's length to the power of the number of its `*`. */
const MAX_TRIED_LENGTH = 256;
const MAX_TRIED_STARS = 2;

/** True when any of the patterns covers the text; without patterns, always. */
export function anyGlob(patterns: readonly string[] | undefined): Matches {
  if (patterns === undefined) return () => true;
  const all = patterns.map(glob);
  return (text) => all.some((matches) => matches(text));
}
