import type { CommandFacts, ProgramRun } from '../../../contract/command-facts.ts';
import { unfitCharacter } from '../characters.ts';
import { openedFiles, understood } from '../facts/facts.ts';
import type { Command, List, Redirect } from '../script.ts';
import { readScript } from './parser.ts';
import { type StrictText, serialise } from './serialise.ts';
import { type NotUnderstood, Stop, type Unfinished } from './stop.ts';

/** A line that was understood to the last character. */
export type StrictLine = {
  readonly outcome: 'complete';
  readonly mode: 'strict';
  readonly script: List;
  /** Its `unknowns` are empty. */
  readonly facts: CommandFacts;
  /** What to give to the shell in the line's place. Empty for a line of blanks and comments. */
  readonly text: StrictText;
};

export type StrictReading = StrictLine | Unfinished | NotUnderstood;

/**
 * Reads a line of shell in strict mode: only programs with literal words run, and what runs is written anew from what
 * was understood. `line` may hold newlines and needs none at its end. Never throws.
 */
export function readStrict(line: string): StrictReading {
  const unfit = unfitCharacter(line);
  if (unfit !== null) return { outcome: 'refused', ...unfit };
  try {
    const script = readScript(line);
    const { facts, unclear } = understood(runsOf(script, []), isBackground(script));
    const [first] = unclear;
    if (first !== undefined) return { outcome: 'refused', at: 0, ...first };
    return { outcome: 'complete', mode: 'strict', script, facts, text: serialise(script) };
  } catch (error) {
    if (error instanceof Stop) return error.reason;
    throw error;
  }
}

/** Every program of the script; what a group opens counts for each of its programs. */
function runsOf(list: List, outer: readonly Redirect<string>[]): ProgramRun[] {
  return list.flatMap(({ pipelines }) =>
    pipelines.flatMap(({ pipeline }) =>
      pipeline.commands.flatMap((command) => runsOfCommand(command, outer)),
    ),
  );
}

function runsOfCommand(command: Command, outer: readonly Redirect<string>[]): ProgramRun[] {
  const redirects = [...command.redirects, ...outer];
  if (command.kind === 'simple') {
    const [program, ...rest] = command.words;
    return [
      {
        program,
        arguments: rest,
        moreArguments: false,
        environment: [...command.assignments],
        redirections: openedFiles(redirects),
        by: [],
      },
    ];
  }
  return innerLists(command).flatMap((list) => runsOf(list, redirects));
}

function innerLists(command: Exclude<Command, { kind: 'simple' }>): readonly List[] {
  if (command.kind !== 'if') return [command.body];
  const branches = command.branches.flatMap(({ condition, body }) => [condition, body]);
  return command.otherwise === null ? branches : [...branches, command.otherwise];
}

function isBackground(list: List): boolean {
  return list.some(
    ({ background, pipelines }) =>
      background ||
      pipelines.some(({ pipeline }) =>
        pipeline.commands.some((one) => one.kind !== 'simple' && innerLists(one).some(isBackground)),
      ),
  );
}
