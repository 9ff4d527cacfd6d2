import type { ProgramRun } from '../../../contract/command-facts.ts';
import { baseName } from './names.ts';

const asText = 'runs its words as a command line again. Type the command itself.';
const keeps =
  'would change what later commands mean. Write variables in front of the one command: NAME=value command.';
const settings = 'changes the shell itself. It is the same for every command here.';
const assigns = 'sets a variable of the shell, whose name it computes. Nothing here can use it.';

/** The shell's own commands that make a later line, or this one, mean what it does not say (Bash manual, 4 and 7). */
const refused: ReadonlyMap<string, string> = new Map([
  ['eval', asText],
  [
    'source',
    'runs a file in this shell. Run it as a program of its own, such as `sh FILE`, where that is allowed.',
  ],
  [
    '.',
    'runs a file in this shell. Run it as a program of its own, such as `sh FILE`, where that is allowed.',
  ],
  ['exec', 'would put another program in the place of the shell. Run the program without it.'],
  ['trap', asText],
  ['fc', 'runs earlier lines again. Fetch them with the arrow keys.'],
  ['history', settings],
  ['coproc', 'is not understood here. Run the command with `&` behind it.'],
  ['alias', keeps],
  ['unalias', keeps],
  ['enable', settings],
  ['hash', settings],
  ['set', settings],
  ['shopt', settings],
  ['setopt', settings],
  ['bind', settings],
  ['complete', settings],
  ['compopt', settings],
  ['compgen', asText],
  ['export', keeps],
  ['declare', keeps],
  ['typeset', keeps],
  ['local', keeps],
  ['readonly', keeps],
  ['unset', keeps],
  ['let', assigns],
  ['read', assigns],
  ['readarray', assigns],
  ['mapfile', assigns],
  ['getopts', assigns],
  ['shift', settings],
  ['return', settings],
  ['break', settings],
  ['continue', settings],
  ['suspend', 'would stop the shell itself.'],
]);

/** Options of otherwise harmless ones that name a variable, whose subscript would be computed, or run a command. */
const refusedOptions: ReadonlyMap<string, RegExp> = new Map([
  ['printf', /^-v/],
  ['test', /^-[vR]$/],
  ['[', /^-[vR]$/],
  ['wait', /^-[fn]*p/],
  ['jobs', /^-\w*x/],
]);

/**
 * Why a run of the shell's own commands is not done, as a sentence; null for harmless ones and for programs. Harmless
 * are, with their options: `:`, `true`, `false`, `echo`, `printf`, `pwd`, `test`, `cd`, `pushd`, `popd`, `dirs`, `type`,
 * `jobs`, `fg`, `bg`, `wait`, `kill`, `disown`, `times`, `umask`, `ulimit`, `caller`, `help`, `exit`, `logout`.
 */
export function refusedBuiltin(run: ProgramRun): string | null {
  // What `sudo` or `env` runs is a file, but `command` and `builtin` run the shell's own.
  const wrapper = run.by.at(-1);
  if (wrapper !== undefined && !/^(command|builtin)$/.test(baseName(wrapper))) return null;
  const { program } = run;
  if (program.startsWith('%'))
    return `\`${program}\` stands for a job of the shell. Write \`fg ${program}\`.`;
  const why = refused.get(program);
  if (why !== undefined) return `\`${program}\` ${why}`;
  const option = refusedOptions.get(program);
  const word = option === undefined ? undefined : run.arguments.find((one) => option.test(one));
  return word === undefined
    ? null
    : `\`${word}\` of \`${program}\` makes the shell compute its words. Leave it out.`;
}
