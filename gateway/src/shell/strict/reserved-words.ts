const loop = 'Run the command once for each; loops are not decided in advance.';

/** Words that mean something to the shell where a command begins, and what to do instead (Bash manual, 3.2.1). */
const advice: ReadonlyMap<string, string> = new Map([
  ['for', loop],
  ['while', loop],
  ['until', loop],
  ['select', loop],
  ['case', 'Run the command that is meant.'],
  ['function', 'Type the commands themselves: a function would change what later ones mean.'],
  ['coproc', 'Run it with `&` behind it.'],
  ['[[', 'Use `[ … ]`.'],
  ['do', 'Loops are not decided in advance: run the command once for each.'],
  ['done', 'Loops are not decided in advance: run the command once for each.'],
  ['esac', 'Run the command that is meant.'],
  ['then', 'Begin with `if`.'],
  ['elif', 'Begin with `if`.'],
  ['else', 'Begin with `if`.'],
  ['fi', 'Begin with `if`.'],
  ['}', 'Begin with `{`, or put it in single quotes.'],
  ['!', 'One `!` in front of a pipeline is enough.'],
]);

/** What to do instead of the reserved `word`, where a command begins; null for what may begin one. */
export function adviceOf(word: string): string | null {
  return advice.get(word) ?? null;
}
