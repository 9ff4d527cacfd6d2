import type { ProgramRun } from '../../../contract/command-facts.ts';
import { parseFind } from './find.ts';
import { type ParsedOptions, parseOptions } from './getopt.ts';
import { tableName } from './names.ts';
import type { Unclear } from './unclear.ts';
import { isAssignment, splitAssignment } from './variables.ts';
import { type Wrapper, wrapperNamed } from './wrappers.ts';

/** Programs that run each other, as in `sudo nice env ls`. */
const MAX_WRAPPERS = 8;

/** A run and the runs behind it, and why there may be others. */
export type Expansion = { readonly programs: readonly ProgramRun[]; readonly unclear: readonly Unclear[] };

/** A run, and what stands in its arguments for words that come later: `{}` of `find -exec`. */
type Open = { readonly run: ProgramRun; readonly placeholders: readonly string[] };

/**
 * `run` itself and, behind it, what it runs: `sudo -u ann ls` is two programs. A wrapper with an option that is not in
 * the table gives an unknown.
 */
export function expandRun(run: ProgramRun): Expansion {
  const programs: ProgramRun[] = [];
  const unclear: Unclear[] = [];
  const waiting: { readonly open: Open; readonly depth: number }[] = [
    { open: { run, placeholders: [] }, depth: 0 },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { open, depth } = next;
    programs.push(open.run);
    const inner = depth < MAX_WRAPPERS ? innerRuns(open) : tooDeep;
    if ('message' in inner) unclear.push(inner);
    else waiting.push(...inner.map((one) => ({ open: one, depth: depth + 1 })).reverse());
  }
  return { programs, unclear };
}

const tooDeep: Unclear = {
  message: 'Programs run each other too deeply to be followed.',
  advice: 'Run the innermost one by itself.',
};

function innerRuns(open: Open): readonly Open[] | Unclear {
  const name = tableName(open.run.program);
  if (name === 'find') return findRuns(open);
  const wrapper = wrapperNamed(name);
  return wrapper === null ? [] : wrappedRun(open, name, wrapper);
}

function wrappedRun({ run, placeholders }: Open, name: string, wrapper: Wrapper): readonly Open[] | Unclear {
  const parsed = parseOptions(withoutOddities(run.arguments, wrapper), wrapper.grammar);
  if (typeof parsed === 'string') {
    return {
      message: `What \`${parsed}\` of \`${name}\` makes it run is not known.`,
      advice: 'Leave it out, or give it its value.',
    };
  }
  if (parsed.options.some((option) => wrapper.runsNothingWith?.includes(option.name))) return [];
  const operands = run.arguments.slice(parsed.operandsAt + (wrapper.operandsBefore ?? 0));
  const assignments = wrapper.takesAssignments ? leading(operands, isAssignment) : [];
  const [program = wrapper.runsByDefault, ...rest] = operands.slice(assignments.length);
  if (program === undefined) return run.moreArguments ? nobodyKnows(name) : [];
  const own = run.arguments.slice(0, run.arguments.length - rest.length);
  if (own.some((word) => placeholders.some((placeholder) => word.includes(placeholder))))
    return nobodyKnows(name);
  const replaced = wrapper.addsArguments ? replacedBy(parsed) : [];
  if (replaced.some((placeholder) => program.includes(placeholder))) return nobodyKnows(name);
  const inner: ProgramRun = {
    program,
    arguments: rest,
    moreArguments: run.moreArguments || wrapper.addsArguments === true,
    environment: [...run.environment, ...assignments.map(splitAssignment)],
    redirections: run.redirections,
    by: [...run.by, run.program],
  };
  return [{ run: inner, placeholders: [...placeholders, ...replaced] }];
}

function findRuns({ run, placeholders }: Open): readonly Open[] | Unclear {
  const found = parseFind(run.arguments);
  if (found === null) {
    return { message: 'What `find` is to run does not end.', advice: 'Close it with `\\;` or `{} +`.' };
  }
  const inner = found.map(({ program, args }) => ({
    run: {
      program,
      arguments: [...args],
      moreArguments: true,
      environment: run.environment,
      redirections: run.redirections,
      by: [...run.by, run.program],
    },
    placeholders: [...placeholders, '{}'],
  }));
  const isOpen = inner.some((one) =>
    one.placeholders.some((placeholder) => one.run.program.includes(placeholder)),
  );
  return isOpen ? nobodyKnows('find') : inner;
}

function nobodyKnows(name: string): Unclear {
  return {
    message: `What \`${name}\` runs comes from elsewhere than the line.`,
    advice: 'Name the program behind it.',
  };
}

/** `nice -5` and `env -` in the words that their grammar has for them; the number of words stays. */
function withoutOddities(args: readonly string[], wrapper: Wrapper): readonly string[] {
  const isOdd = (word: string) =>
    (wrapper.takesNumbers === true && /^-[-+]?\d+$/.test(word)) ||
    (wrapper.takesDash === true && word === '-');
  return args.map((word, index) =>
    isOdd(word) && index === 0 ? `-${wrapper.takesDash ? 'i' : 'n0'}` : word,
  );
}

function replacedBy({ options }: ParsedOptions): readonly string[] {
  return options.flatMap(({ name, value }) => (name === 'I' || name === 'replace' ? [value ?? '{}'] : []));
}

function leading(words: readonly string[], fits: (word: string) => boolean): readonly string[] {
  const end = words.findIndex((word) => !fits(word));
  return end < 0 ? words : words.slice(0, end);
}
