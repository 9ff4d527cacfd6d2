import type { ProgramRun } from '../../../contract/command-facts.ts';
import { baseName } from './names.ts';
import type { Unclear } from './unclear.ts';

type Reason = readonly [why: string, advice: string];

const asText: Reason = ['runs its words as a command line again.', 'Type the command itself.'];
const runsFile: Reason = [
  'runs a file in this shell.',
  'Run it as a program of its own, such as `sh FILE`, where that is allowed.',
];
const keeps: Reason = [
  'would change what later commands mean.',
  'Write variables in front of the one command that needs them: NAME=value command.',
];
const settings: Reason = [
  'changes the shell itself.',
  'Leave it out: the shell is the same for every command here.',
];
const assigns: Reason = ['sets a variable, and nothing here can use it.', 'Leave it out.'];

/** The shell's own commands that make a later line, or this one, mean what it does not say (Bash manual, 4 and 7). */
const refused: ReadonlyMap<string, Reason> = new Map([
  ...words('eval trap compgen', asText),
  ...words('source .', runsFile),
  ...words('alias unalias export declare typeset local readonly unset', keeps),
  ...words(
    'history enable hash set shopt setopt bind complete compopt shift return break continue',
    settings,
  ),
  ...words('let read readarray mapfile getopts', assigns),
  ...words('exec', ['would put another program in the place of the shell.', 'Run the program without it.']),
  ...words('fc', ['runs earlier lines again.', 'Fetch them with the arrow keys.']),
  ...words('coproc', ['is not understood here.', 'Run the command with `&` behind it.']),
  ...words('suspend', ['would stop the shell itself.', 'Leave it out.']),
]);

function words(names: string, reason: Reason): [string, Reason][] {
  return names.split(' ').map((name) => [name, reason]);
}

/** A subscript that ksh and zsh compute where a number is expected, and Bash where a variable is. */
function hasSubscript(word: string): boolean {
  const at = word.indexOf('[');
  return at >= 0 && /[$`]/.test(word.slice(at));
}

/** Words of otherwise harmless ones that name a variable, which is set or computed, or that run a command. */
const refusedWords: ReadonlyMap<string, (args: readonly string[]) => string | undefined> = new Map([
  ['test', (args) => args.find((word) => /^-[vR]$/.test(word) || hasSubscript(word))],
  ['[', (args) => args.find((word) => /^-[vR]$/.test(word) || hasSubscript(word))],
  ['printf', refusedByPrintf],
  ['wait', (args) => args.find((word) => /^-[fn]*p/.test(word))],
  ['jobs', (args) => args.find((word) => /^-\w*x/.test(word))],
]);

function refusedByPrintf(args: readonly string[]): string | undefined {
  const [first = '', second = ''] = args;
  const format = first === '--' ? second : first;
  // `%n` sets the variable that its argument names.
  const isOpen = /^-v/.test(first) || /%[-+ #0'*.\d]*[hjlLtz]*[n\\]/.test(format);
  return isOpen ? format : args.find((word) => hasSubscript(word));
}

/**
 * Why a run of the shell's own commands is not done; null for harmless ones and for programs. Harmless
 * are, with their options: `:`, `true`, `false`, `echo`, `printf`, `pwd`, `test`, `cd`, `pushd`, `popd`, `dirs`, `type`,
 * `jobs`, `fg`, `bg`, `wait`, `kill`, `disown`, `times`, `umask`, `ulimit`, `caller`, `help`, `exit`, `logout`.
 */
export function refusedBuiltin(run: ProgramRun): Unclear | null {
  // What `sudo` or `env` runs is a file, but `command` and `builtin` run the shell's own.
  const wrapper = run.by.at(-1);
  if (wrapper !== undefined && !/^(command|builtin)$/.test(baseName(wrapper))) return null;
  const { program } = run;
  if (program.startsWith('%')) {
    return { message: `\`${program}\` stands for a job of the shell.`, advice: `Write \`fg ${program}\`.` };
  }
  const reason = refused.get(program);
  if (reason !== undefined) return { message: `\`${program}\` ${reason[0]}`, advice: reason[1] };
  const word = refusedWords.get(program)?.(run.arguments);
  if (word === undefined) return null;
  return {
    message: `\`${word}\` of \`${program}\` may set or compute a variable of the shell.`,
    advice: 'Leave it out.',
  };
}
