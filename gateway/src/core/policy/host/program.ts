import type { ProgramRun } from '../../../../contract/command-facts.ts';
import { anyGlob, glob } from '../compile/glob.ts';
import type { ProgramPattern } from '../language/host.ts';
import { has, hasNoneBut, mayHave } from './options.ts';

/** Whether a rule about programs means this one. */
export type ProgramSelector = {
  /** Whether it may be meant: what a rule that blocks or asks is about. */
  may: (run: ProgramRun) => boolean;
  /** Whether it is meant beyond doubt: what a rule that allows is about. */
  surely: (run: ProgramRun) => boolean;
};

/** Programs that run another one as whoever runs them. */
const PLAIN = ['env', 'nice', 'nohup', 'timeout', 'time', 'setsid', 'stdbuf', 'ionice', 'xargs', 'find'];
const PLAIN_WRAPPERS: ReadonlySet<string> = new Set(
  PLAIN.flatMap((name) => [name, `/bin/${name}`, `/usr/bin/${name}`]),
);

/** Several patterns mean what any of them means. */
export function compilePrograms(patterns: readonly ProgramPattern[]): ProgramSelector {
  const all = patterns.map(compileProgram);
  return {
    may: (run) => all.some(({ may }) => may(run)),
    surely: (run) => all.some(({ surely }) => surely(run)),
  };
}

function compileProgram(pattern: ProgramPattern): ProgramSelector {
  const {
    program,
    with: wanted,
    without,
    options,
    arguments: positions,
    by,
  } = typeof pattern === 'string' ? { program: pattern } : pattern;
  const isNamed = glob(program);
  const isFitting = positions === undefined ? () => true : compilePositions(positions);
  const isBy = anyGlob(by ?? []);
  const isNarrowed = [wanted, without, options, positions].some((part) => part !== undefined);
  return {
    may: (run) =>
      (isNamed(run.program) || isNamed(baseName(run.program))) &&
      (run.moreArguments ||
        ((wanted?.some((option) => mayHave(run.arguments, option)) ?? true) &&
          !(without?.some((option) => has(run.arguments, option)) ?? false) &&
          (options === undefined || hasNoneBut(run.arguments, options)) &&
          isFitting(run.arguments))) &&
      (by === undefined || run.by.some((wrapper) => isBy(wrapper) || isBy(baseName(wrapper)))),
    surely: (run) =>
      isNamed(run.program) &&
      !(run.moreArguments && isNarrowed) &&
      (wanted?.some((option) => has(run.arguments, option)) ?? true) &&
      !(without?.some((option) => mayHave(run.arguments, option)) ?? false) &&
      (options === undefined || hasNoneBut(run.arguments, options)) &&
      isFitting(run.arguments) &&
      run.by.every((wrapper) => PLAIN_WRAPPERS.has(wrapper) || isBy(wrapper)),
  };
}

/** One pattern for each argument; a last `**` stands for any that are left. */
function compilePositions(patterns: readonly string[]): (args: readonly string[]) => boolean {
  const isOpen = patterns.at(-1) === '**';
  const each = (isOpen ? patterns.slice(0, -1) : patterns).map(glob);
  return (args) =>
    (isOpen ? args.length >= each.length : args.length === each.length) &&
    each.every((matches, index) => matches(args[index] ?? ''));
}

function baseName(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1);
}
