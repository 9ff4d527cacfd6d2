import type { ProgramRun } from '../../../contract/command-facts.ts';

/** `maybe` is for a rule that forbids a yes, and for one that demands it a no. */
export type Answer = 'yes' | 'no' | 'maybe';

/** One option by all its names: `{ short: 'r', long: 'recursive' }`. */
export type OptionNames = { readonly short?: string; readonly long?: string };

/**
 * Whether a run has an option: `-r` alone or among `-rf`, `--recursive` whole or shortened as getopt_long takes it,
 * with a value or without. What only looks like it (a later letter of `-fr`, which may be the value of `-f`; a word
 * behind `--` or behind another option) is `maybe`, and so is everything when arguments come from elsewhere.
 */
export function hasOption(run: ProgramRun, names: OptionNames): Answer {
  let answer: Answer = run.moreArguments ? 'maybe' : 'no';
  let isSure = true;
  for (const [index, word] of run.arguments.entries()) {
    const likeness = likenessOf(word, names);
    const before = run.arguments[index - 1];
    if (before?.startsWith('-')) isSure &&= before !== '--';
    const isPerhapsValue = before !== undefined && /^-/.test(before);
    if (likeness === 'yes' && isSure && !isPerhapsValue) return 'yes';
    if (likeness !== 'no') answer = 'maybe';
  }
  return answer;
}

function likenessOf(word: string, { short, long }: OptionNames): Answer {
  if (word.startsWith('--')) {
    const name = word.slice(2).split('=')[0] ?? '';
    if (long === undefined || name === '' || !long.startsWith(name)) return 'no';
    return name === long ? 'yes' : 'maybe';
  }
  if (!/^-./s.test(word)) return 'no';
  // Some programs take long options with one dash: `find -delete`, `java -jar`.
  if (long !== undefined && word.slice(1).split('=')[0] === long) return 'maybe';
  if (short === undefined || !word.slice(1).includes(short)) return 'no';
  return word.charAt(1) === short ? 'yes' : 'maybe';
}
