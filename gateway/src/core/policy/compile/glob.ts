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
  return (text) => expression.test(text);
}

/** True when any of the patterns covers the text; without patterns, always. */
export function anyGlob(patterns: readonly string[] | undefined): Matches {
  if (patterns === undefined) return () => true;
  const all = patterns.map(glob);
  return (text) => all.some((matches) => matches(text));
}
